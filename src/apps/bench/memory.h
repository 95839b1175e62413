/* Rows that measure faults and marking. Each adds its samples. */
#ifndef BENCH_MEMORY_H
#define BENCH_MEMORY_H

#include <apteryx/types.h>

err_t bench_fault_zero(void);
err_t bench_fault_soft(void);
err_t bench_fault_swap(void);
err_t bench_mark_4k(void);
err_t bench_mark_1g(void);

#endif
