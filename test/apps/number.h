/* Arguments that are numbers. */
#ifndef TEST_APPS_NUMBER_H
#define TEST_APPS_NUMBER_H

#include "common/number.h"

/* 0: it is none. */
static inline uint32_t number(const char *text)
{
    uint32_t value = 0;
    return number_any(text, &value) ? value : 0;
}

#endif
