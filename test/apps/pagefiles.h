/* What pagefiles, a file server of files that are made up, and try_file, its client, agree on. */
#ifndef TEST_APPS_PAGEFILES_H
#define TEST_APPS_PAGEFILES_H

#include <apteryx/types.h>

#define FILE_PAGES 4096u
#define FILES 16u
/* Here every process sees file 0, 1 … one behind the other, and needs not ask for more than the marks. */
#define ALWAYS 0x90000000u

enum pagefiles_label { FILES_MAP = 1, FILES_UNMAP, FILES_TAKE, FILES_COUNTS, FILES_ANSWER, FILES_DIRTY };
/* FILES_MAP {start, bytes, file, how} -> {err_t}; FILES_UNMAP {start, bytes} -> {err_t}
 * FILES_TAKE {page} -> {err_t, enum file_taken, its first word}; FILES_COUNTS -> {faults, written, ended, lost}
 * FILES_ANSWER: those of LATE pages, now -> {err_t, how many}
 * FILES_DIRTY: releases pages of its cache dirty, as many as it may -> {how that ended, how many} */
enum pagefiles_how {
    HOW_READ,    /* shown; a write is not allowed */
    HOW_WRITE,   /* shown, and copied when it is written */
    HOW_PRIVATE, /* granted at once */
    HOW_COPY,    /* shown, and NORMAL when it is written */
    HOW_FAIL,    /* nothing is allowed */
    HOW_REFUSE,  /* as PRIVATE; what is written can't be written out */
    HOW_LATE     /* as PRIVATE; that it has been written out is not said before FILES_ANSWER */
};

/* Word i of a page of a file. */
static inline uint32_t file_word(uint32_t file, uint32_t page, uint32_t i)
{
    return (file << 24 | page << 10 | i) * 0x9E3779B1u;
}

#endif
