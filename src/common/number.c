#include "common/number.h"
#include <stddef.h>

/* Reads the decimal digits at *text and stops after the last. False: none, or above UINT32_MAX. */
static bool read_decimal(const char **text, uint32_t *value)
{
    const char *at = *text;
    uint32_t number = 0;
    for (; *at >= '0' && *at <= '9'; at++) {
        uint32_t digit = (uint32_t)(*at - '0');
        if (number > (UINT32_MAX - digit) / 10)
            return false;
        number = number * 10 + digit;
    }
    if (at == *text)
        return false;
    *text = at;
    *value = number;
    return true;
}

/* 16: no hexadecimal digit. */
static uint32_t hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return (uint32_t)(c - '0');
    if (c >= 'a' && c <= 'f')
        return (uint32_t)(c - 'a') + 10;
    if (c >= 'A' && c <= 'F')
        return (uint32_t)(c - 'A') + 10;
    return 16;
}

bool number_decimal(const char *text, uint32_t *value)
{
    uint32_t number;
    if (!read_decimal(&text, &number) || *text != '\0')
        return false;
    *value = number;
    return true;
}

bool number_hex(const char *text, uint32_t *value)
{
    if (text[0] != '0' || text[1] != 'x')
        return false;
    uint32_t number = 0;
    size_t digits = 0;
    for (text += 2; hex_digit(text[digits]) < 16; digits++)
        number = number << 4 | hex_digit(text[digits]);
    if (digits < 1 || digits > 8 || text[digits] != '\0')
        return false;
    *value = number;
    return true;
}

bool number_any(const char *text, uint32_t *value) { return number_hex(text, value) || number_decimal(text, value); }

bool number_size(const char *text, uint64_t *bytes)
{
    uint32_t number;
    if (!read_decimal(&text, &number))
        return false;
    unsigned shift = *text == 'K' ? 10 : *text == 'M' ? 20 : *text == 'G' ? 30 : 0;
    if (text[shift ? 1 : 0] != '\0')
        return false;
    *bytes = (uint64_t)number << shift;
    return true;
}
