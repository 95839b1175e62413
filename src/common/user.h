/* __user marks a pointer into a program's memory: only the user copy functions take one. Sparse refuses to follow it. */
#ifndef COMMON_USER_H
#define COMMON_USER_H

#include <stdint.h>

#ifdef __CHECKER__
#define __user __attribute__((noderef, address_space(1)))
#define __force __attribute__((force)) /* the user copy functions alone cross over */
#else
#define __user
#define __force
#endif

/* What a program named in a register or in a message. */
static inline void __user *user_pointer(uintptr_t address) { return (void __user *)address; }

#endif
