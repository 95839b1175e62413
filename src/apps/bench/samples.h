/* Measured values of one row, and their RESULT line. */
#ifndef BENCH_SAMPLES_H
#define BENCH_SAMPLES_H

#include <stdint.h>

#define SAMPLES 200u

/* The processor's time-stamp counter, which counts instructions under --icount. */
uint64_t time_stamp(void);

void samples_clear(void);
/* What passed since `begin`, less what measuring itself costs; the first SAMPLES count. */
void sample_add(uint64_t begin);
uint32_t samples_count(void);
void samples_print(const char *row, const char *unit);

#endif
