/* Rows that measure faults, marking and the search for holes. Each adds its samples. */
#ifndef BENCH_MEMORY_H
#define BENCH_MEMORY_H

#include <apteryx/types.h>

err_t bench_fault_zero(void);
err_t bench_fault_soft(void);
err_t bench_fault_swap(void);
err_t bench_mark_4k(void);
err_t bench_mark_1g(void);
err_t bench_mark_space(void);      /* 2.9 GiB, and back. ERR_KIND: a page table was built for it */
err_t bench_find_hole(void);       /* beside 20,000 mappings, */
err_t bench_find_hole_cold(void);  /* for the first time, */
err_t bench_find_hole_empty(void); /* and a gigabyte of nothing */

#endif
