/* Rows that measure faults which another process is asked about. Each adds its samples. */
#ifndef BENCH_HANDLERS_H
#define BENCH_HANDLERS_H

#include <apteryx/types.h>

err_t bench_fault_handler(void); /* a write to a watched page; the answer: it is watched no more */
err_t bench_fault_pager(void);   /* a page that holds nothing; the answer: a page of the other process, mapped */

/* The other process. */
int handlers_serve_unwatch(void);
int handlers_serve_pages(void);

#endif
