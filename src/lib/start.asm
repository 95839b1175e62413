; Where a program begins (abi/process.h): esp at argc, argc pointers, NULL, the strings; ebx = number of handles given.
;
;   [esp]          argc                      program_start(argc, argv, handles) in start.c; it does not return
;   [esp + 4 …]    argv[0] … argv[argc - 1]
;   [esp + …]      NULL, then the strings

bits 32
section .text
global _start
extern program_start

_start:
    xor ebp, ebp                ; the end of every backtrace
    mov eax, [esp]
    lea ecx, [esp + 4]
    and esp, -16
    sub esp, 4
    push ebx
    push ecx
    push eax
    call program_start
    ud2
