; Ways in and out of the kernel: 64 trap stubs, SYSENTER, and the return to user mode.
;
; From user mode the processor pushes into the current thread's struct context (TSS.esp0 = its end) and the common
; part below fills the rest; then the one kernel stack, empty while user mode runs, is used from its top. The kernel's
; C code takes its first arguments in eax, edx and ecx, and answers a trap from user mode with the context to go on.
bits 32

USER_CODE   equ 0x1B
USER_DATA   equ 0x23
GATE_VECTOR equ 0x30
GATE_RETURN equ 0xF0801004              ; behind the SYSENTER of the gate page (gate.c asserts it)
KERNEL_STACK_TOP equ 0xF0414000         ; stack.h (trap.c asserts it)
FLAGS_USER  equ 0x202                   ; IF, and bit 1, which is always set
CONTEXT_CS  equ 44

extern trap_from_user, trap_from_kernel, kernel_system_call, task_state
global trap_stubs, sysenter_entry, context_resume

%macro STUB 1                           ; vectors 8, 10 … 14 and 17 come with an error code
%%stub:
  %if %1 != 8 && (%1 < 10 || %1 > 14) && %1 != 17
        push    dword 0
  %endif
        push    dword %1
        jmp     entered
section .rodata
        dd      %%stub
section .text
%endmacro

section .rodata
align 4
trap_stubs:
section .text
%assign vector 0
%rep 64
        STUB    vector
  %assign vector vector + 1
%endrep

entered:
        pusha
        test    byte [esp + CONTEXT_CS], 3
        jz      .kernel
        cld
        mov     ax, USER_DATA           ; programs may have loaded anything
        mov     ds, ax
        mov     es, ax
        mov     eax, esp
        mov     esp, KERNEL_STACK_TOP
        xor     ebp, ebp
        call    trap_from_user

; _Noreturn void context_resume(struct context *), in eax
context_resume:
        mov     esp, eax
.back:  popa
        add     esp, 8                  ; vector, error
        iret

entered.kernel:
        cld
        mov     eax, esp
        call    trap_from_kernel
        jmp     context_resume.back

; SYSENTER: ecx = the user's esp, esp = KERNEL_STACK_TOP. Flags first: NT, TF, DF and AC are still the user's, and are
; lost. The context's vector and error stay as the last trap left them.
sysenter_entry:
        push    dword 2
        popfd
        mov     esp, [ss:task_state + 4]
        push    dword USER_DATA
        push    ecx
        push    dword FLAGS_USER
        push    dword USER_CODE
        push    dword GATE_RETURN
        sub     esp, 8
        pusha
        mov     ax, USER_DATA
        mov     ds, ax
        mov     es, ax
        mov     eax, esp
        mov     esp, KERNEL_STACK_TOP
        xor     ebp, ebp
        call    kernel_system_call
        mov     esp, eax
        popa
        add     esp, 8
        iret
