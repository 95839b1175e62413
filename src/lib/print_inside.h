/* Inside the library: where print writes, and the end of a process, which writes out what print holds. */
#ifndef LIB_PRINT_INSIDE_H
#define LIB_PRINT_INSIDE_H

#include <apteryx/types.h>

/* From now on print writes to that port and nowhere else. */
void print_to(handle_t output);
/* Which port that is; 0: it was not told. */
handle_t print_output(void);

/* print_flush, unless another thread is printing at this very moment: then its line is lost with the process. */
void print_at_exit(void);

#endif
