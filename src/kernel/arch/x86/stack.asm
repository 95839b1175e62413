; The kernel stack, the kernel's directory and the tables of the boot map: memory that boot.asm needs before C.
bits 32
global boot_stack, boot_stack_end, kernel_directory, boot_tables

section .bss.page nobits alloc noexec write align=4096
kernel_directory: resb 4096
boot_tables:      resb 4 * 4096
boot_stack:       resb 16384
boot_stack_end:
