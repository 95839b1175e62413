/* Mutations of a right input: bits, words, lengths and ends changed by a seeded generator, in a buffer that ends where the
 * input ends. Whatever comes, nothing outside is touched (the sanitizers see to that), and what is accepted lies inside. */
#ifndef INPUTS_H
#define INPUTS_H

#include <stdint.h>

#define ROUNDS 120000u

int inputs_start(void **state); /* for cmocka, before each test */

void mutate(uint8_t *bytes, uint32_t length);
/* A copy with some mutations, now and then cut short; the caller frees it. */
uint8_t *mutant_of(const void *right, uint32_t length, uint32_t *bytes);
char *text_mutant_of(const char *right); /* the same of a text, closed by NUL */

#endif
