; Multiboot 1 header and entry. The loader has put the kernel at 1 MiB; this part runs there, before paging.
; It maps the first 16 MiB at 0 and at KERNEL_SPACE with static tables, turns paging on and calls kernel_main.
bits 32

KERNEL_SPACE    equ 0xC0000000
MULTIBOOT_MAGIC equ 0x1BADB002
MULTIBOOT_FLAGS equ 3                   ; modules page-aligned, memory information
BOOT_TABLES     equ 4                   ; 4 MiB each
ENTRY_BOOT      equ 0x203               ; present, writable, kind LOCKED
PDE_BOOT        equ 0x003               ; present, writable, hint 0
CR0_PAGING      equ 0x80010000          ; PG, WP

extern kernel_directory, boot_tables, boot_stack_end, kernel_main
global boot_entry

section .boot progbits alloc exec nowrite align=16
        dd MULTIBOOT_MAGIC, MULTIBOOT_FLAGS, -(MULTIBOOT_MAGIC + MULTIBOOT_FLAGS)

boot_entry:                             ; eax = the loader's magic, ebx = Multiboot information
        cli
        cld
        mov     esi, eax
        mov     edi, boot_tables - KERNEL_SPACE
        mov     eax, ENTRY_BOOT
        mov     ecx, BOOT_TABLES * 1024
.entry: stosd
        add     eax, 4096
        loop    .entry

        mov     edi, kernel_directory - KERNEL_SPACE
        mov     eax, boot_tables - KERNEL_SPACE + PDE_BOOT
        mov     ecx, BOOT_TABLES
.table: mov     [edi], eax
        mov     [edi + 768 * 4], eax
        add     edi, 4
        add     eax, 4096
        loop    .table

        mov     eax, kernel_directory - KERNEL_SPACE
        mov     cr3, eax
        mov     eax, cr0
        or      eax, CR0_PAGING
        mov     cr0, eax
        mov     eax, high
        jmp     eax

section .text
high:   mov     esp, boot_stack_end
        xor     ebp, ebp                ; the end of every backtrace
        mov     eax, esi
        mov     edx, ebx
        call    kernel_main
