/* The only ways to reach user memory: prepare phases call these. A page fault on the way asks kernel_mode_fault. */
#ifndef KERNEL_ARCH_X86_USER_COPY_H
#define KERNEL_ARCH_X86_USER_COPY_H

#include "abi/errors.h"
#include "common/user.h"
#include <stdint.h>

#define ERR_PARKED 255 /* not for users: the thread waits for a page and the call is restarted */

/* OK, ERR_FAULT, or ERR_PARKED. => any range; what reaches into kernel space is ERR_FAULT. */
MUST_USE int user_read(void *to, const void __user *from, uint32_t bytes);
MUST_USE int user_write(void __user *to, const void *from, uint32_t bytes);

#endif
