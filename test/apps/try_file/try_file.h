/* What the parts of try_file share: a client of pagefiles. */
#ifndef TRY_FILE_H
#define TRY_FILE_H

#include "../expect.h"
#include "../pagefiles.h"
#include "common/units.h"
#include <apteryx/ipc.h>
#include <apteryx/vm.h>

#define AREA 0x20000000u
#define PAGE_WORDS (PAGE_BYTES / 4u)

extern handle_t files; /* pagefiles */
err_t ask(enum pagefiles_label label, uint32_t a, uint32_t b, uint32_t c, uint32_t d, struct message *m);
err_t map(uint32_t start, uint32_t pages, uint32_t file, enum pagefiles_how how);
err_t unmap(uint32_t start, uint32_t pages);

static inline volatile uint32_t *word_at(uint32_t start, uint32_t page)
{
    return (volatile uint32_t *)(start + page * PAGE_BYTES);
}
uint32_t page_wrong(uint32_t start, uint32_t page, uint32_t file); /* words of it that are not the file's */
uint32_t frame_at(uint32_t address); /* of a FILE page; ENTRY_INFO_NONE: it is not there */

int sentences(void); /* sentences.c: one thing after the other */

/* many.c: what each of many does, and what starts them */
int reader(uint32_t file, uint32_t pages, uint32_t rounds);
int writer(uint32_t seed, uint32_t pages, uint32_t rounds);
int prey(uint32_t seed, uint32_t pages, uint32_t touches);
int sharer(uint32_t pages);
int children(const char *role, uint32_t procs, char *pages, char *rounds, const char *name);
int preys(uint32_t procs, char *pages, char *touches);

#endif
