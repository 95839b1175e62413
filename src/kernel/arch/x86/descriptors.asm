; void segments_load(const struct table_pointer *gdt), in eax: the GDT, then every segment register from it.
; Then one name each for the two other table loads.
bits 32
KERNEL_CODE equ 0x08
KERNEL_DATA equ 0x10
USER_DATA   equ 0x23
global segments_load, interrupts_load, task_load

section .text
segments_load:
        lgdt    [eax]
        jmp     KERNEL_CODE:.code
.code:  mov     ax, KERNEL_DATA
        mov     ss, ax
        mov     ax, USER_DATA           ; the kernel reads and writes through user data segments: same base, no limit
        mov     ds, ax
        mov     es, ax
        mov     fs, ax
        mov     gs, ax
        ret

interrupts_load:
        lidt    [eax]
        ret

task_load:
        ltr     ax
        ret
