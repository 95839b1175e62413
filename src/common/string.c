/* Comparing and measuring, byte by byte; moving and filling is in copy.c. */
#include "common/string.h"
#include <stdint.h>

int memcmp(const void *a, const void *b, size_t bytes)
{
    const uint8_t *left = a, *right = b;
    for (size_t i = 0; i < bytes; i++)
        if (left[i] != right[i])
            return left[i] < right[i] ? -1 : 1;
    return 0;
}

size_t strlen(const char *text)
{
    size_t length = 0;
    while (text[length] != '\0')
        length++;
    return length;
}

int strcmp(const char *a, const char *b)
{
    size_t i = 0;
    while (a[i] != '\0' && a[i] == b[i])
        i++;
    uint8_t left = (uint8_t)a[i], right = (uint8_t)b[i];
    return (left > right) - (left < right);
}
