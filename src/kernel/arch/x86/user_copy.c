#include "kernel/arch/x86/user_copy.h"
#include "abi/layout.h"
#include <stdbool.h>

int user_copy(void *to, const void *from, uint32_t bytes); /* user_copy.asm */

static bool range_in_user(uintptr_t start, uint32_t bytes)
{
    return bytes <= KERNEL_SPACE && start <= KERNEL_SPACE - bytes;
}

int user_read(void *to, uintptr_t from, uint32_t bytes)
{
    return range_in_user(from, bytes) ? user_copy(to, (const void *)from, bytes) : ERR_FAULT;
}

int user_write(uintptr_t to, const void *from, uint32_t bytes)
{
    return range_in_user(to, bytes) ? user_copy((void *)to, from, bytes) : ERR_FAULT;
}
