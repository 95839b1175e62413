/* The note in a program's ELF file that says what kind of space it wants. One or more notes of this owner and type,
 * or-ed (flags) and the largest taken (thread space). */
#ifndef ABI_PROGRAM_H
#define ABI_PROGRAM_H

#include <stdint.h>

#define PROGRAM_NOTE_OWNER "Apteryx" /* 8 bytes with its NUL */
#define PROGRAM_NOTE_TYPE 1u

#define PROGRAM_FLAG_OVERCOMMIT 1u /* commit charges nothing; a page that can't be had is a fault */
#define PROGRAM_FLAG_ON_DEMAND 2u  /* NONE, touched, is allocated (works only with overcommit) */
#define PROGRAM_FLAGS_ALL 3u

struct program_note {
    uint32_t flags;
    uint32_t thread_space_bytes; /* rounded up to 4 MiB */
};

#endif
