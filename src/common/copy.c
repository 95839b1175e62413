/* Moving and filling memory with the processor's string instructions: words first, the odd bytes after.
 * C loops here would be turned by the compiler into calls to these very functions. */
#include "common/string.h"
#include <stdint.h>

void *memcpy(void *restrict to, const void *restrict from, size_t bytes)
{
    void *at = to;
    size_t words = bytes / 4;
    __asm__ volatile("rep movsl\n\t"
                     "movl %3, %%ecx\n\t"
                     "rep movsb"
                     : "+&D"(at), "+&S"(from), "+&c"(words)
                     : "r"(bytes % 4)
                     : "memory");
    return to;
}

/* From the last byte down, for a target that begins within the source. */
static void copy_down(void *to, const void *from, size_t bytes)
{
    uint8_t *last_to = (uint8_t *)to + bytes - 1;
    const uint8_t *last_from = (const uint8_t *)from + bytes - 1;
    __asm__ volatile("std\n\t"
                     "rep movsb\n\t"
                     "cld"
                     : "+D"(last_to), "+S"(last_from), "+c"(bytes)
                     :
                     : "memory", "cc");
}

void *memmove(void *to, const void *from, size_t bytes)
{
    if (bytes != 0 && (uintptr_t)to - (uintptr_t)from < bytes)
        copy_down(to, from, bytes);
    else
        memcpy(to, from, bytes);
    return to;
}

void *memset(void *to, int value, size_t bytes)
{
    void *at = to;
    size_t words = bytes / 4;
    uint32_t pattern = (uint8_t)value * 0x01010101u;
    __asm__ volatile("rep stosl\n\t"
                     "movl %2, %%ecx\n\t"
                     "rep stosb"
                     : "+&D"(at), "+&c"(words)
                     : "r"(bytes % 4), "a"(pattern)
                     : "memory");
    return to;
}
