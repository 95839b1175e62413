; Instructions that a program must not execute; each ends it by a fault.

bits 32
section .text
global forbidden_privileged, forbidden_port, forbidden_invalid, forbidden_divide

forbidden_privileged:
    cli
    ret

forbidden_port:
    out 0x80, al
    ret

forbidden_invalid:
    ud2

forbidden_divide:
    xor ecx, ecx
    xor edx, edx
    mov eax, 1
    div ecx
    ret
