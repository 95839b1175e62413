#include "kernel/arch/x86/user_copy.h"
#include "abi/layout.h"
#include <stdbool.h>

int user_copy(void *to, const void *from, uint32_t bytes); /* user_copy.asm */

static bool range_in_user(uintptr_t start, uint32_t bytes)
{
    return bytes <= KERNEL_SPACE && start <= KERNEL_SPACE - bytes;
}

int user_read(void *to, const void __user *from, uint32_t bytes)
{
    return range_in_user((uintptr_t)from, bytes) ? user_copy(to, (__force const void *)from, bytes) : ERR_FAULT;
}

int user_write(void __user *to, const void *from, uint32_t bytes)
{
    return range_in_user((uintptr_t)to, bytes) ? user_copy((__force void *)to, from, bytes) : ERR_FAULT;
}
