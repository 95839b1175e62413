/* Inside the library: the end of a process writes out what print holds. */
#ifndef LIB_PRINT_INSIDE_H
#define LIB_PRINT_INSIDE_H

/* print_flush, unless another thread is printing at this very moment: then its line is lost with the process. */
void print_at_exit(void);

#endif
