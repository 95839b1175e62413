/* Counts what touches the structures' memory. The code under measurement is compiled with -fsanitize=thread, so that the
 * compiler puts a call before each load and store; these calls come here instead of to a race detector. */
#ifndef COUNT_H
#define COUNT_H

#include <stdint.h>

struct count {
    uint64_t words; /* read or written, four bytes each; a smaller access is one too */
    uint32_t lines; /* different 64-byte lines of memory among them */
};

void count_start(void);
struct count count_stop(void);

#endif
