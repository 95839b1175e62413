/* The kernel's counters, always up to date, read without a call. */
#ifndef APTERYX_INFO_H
#define APTERYX_INFO_H

#include "abi/info.h"
#include <apteryx/types.h>

const volatile struct info *info(void);

#endif
