#include "apps/shell/seconds.h"

#define SECOND_US 1000000u
#define SECONDS_MAX 1000000u

bool seconds_read(const char *text, uint64_t *us)
{
    uint64_t value = 0;
    uint32_t unit = SECOND_US, digits = 0;
    const char *p = text;
    for (; *p >= '0' && *p <= '9' && value < SECONDS_MAX; p++, digits++)
        value = value * 10 + (uint32_t)(*p - '0');
    value *= SECOND_US;
    if (*p == '.')
        for (p++; *p >= '0' && *p <= '9'; p++, digits++) {
            unit /= 10;
            value += (uint64_t)unit * (uint32_t)(*p - '0');
        }
    if (*p != '\0' || digits == 0 || value > (uint64_t)SECONDS_MAX * SECOND_US)
        return false;
    *us = value;
    return true;
}
