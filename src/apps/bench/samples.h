/* Measured values of one row, and their RESULT line. A value is what passed between two readings of the time-stamp
 * counter, both included:
 *     uint32_t begin = time_stamp();
 *     …
 *     sample_add(time_stamp() - begin);                                                                            */
#ifndef BENCH_SAMPLES_H
#define BENCH_SAMPLES_H

#include "lib/time_stamp.h"
#include <stdint.h>

#define SAMPLES 200u

void samples_clear(void);
void sample_add(uint32_t value); /* the first SAMPLES count */
uint32_t samples_count(void);
void samples_print(const char *row, const char *unit);

#endif
