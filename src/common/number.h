/* Reading numbers from text, strictly: the whole text is the number, no signs, no blanks, no overflow.
 * Each answers false, and leaves *value alone, for anything else. */
#ifndef COMMON_NUMBER_H
#define COMMON_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

bool number_decimal(const char *text, uint32_t *value); /* 0 … 4294967295 */
bool number_hex(const char *text, uint32_t *value);     /* 0x and one to eight digits, either case */
bool number_any(const char *text, uint32_t *value);     /* decimal, or hexadecimal with 0x */

/* Bytes: decimal, then nothing, K, M or G (binary). The digits up to 4294967295. */
bool number_size(const char *text, uint64_t *bytes);

#endif
