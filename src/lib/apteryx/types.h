/* The types that every header of the library shares: err_t with its values, handle_t, and fixed-width integers. */
#ifndef APTERYX_TYPES_H
#define APTERYX_TYPES_H

#include "abi/errors.h"
#include "abi/message.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* "OK", "ERR_RANGE" …; "ERR_?" for a value that is none. */
const char *err_name(err_t error);

#endif
