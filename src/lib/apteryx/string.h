/* memcpy memmove memset memcmp strlen strcmp, as the standard has them. */
#ifndef APTERYX_STRING_H
#define APTERYX_STRING_H

#include "common/string.h"

#endif
