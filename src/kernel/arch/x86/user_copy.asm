; int user_copy(void *to, const void *from, uint32_t bytes), in eax, edx, ecx: OK, or what trap.c puts into eax at the fixup.
; A page fault in the two string instructions is either retried, going on where it was, or goes to the fixup.
bits 32
global user_copy

section .text
user_copy:
        push    esi
        push    edi
        mov     edi, eax
        mov     esi, edx
        mov     edx, ecx
        shr     ecx, 2
.words: rep     movsd
        mov     ecx, edx
        and     ecx, 3
.bytes: rep     movsb
        xor     eax, eax
.fixup: pop     edi
        pop     esi
        ret

section .exceptions alloc noexec nowrite
        dd      user_copy.words, user_copy.fixup
        dd      user_copy.bytes, user_copy.fixup
