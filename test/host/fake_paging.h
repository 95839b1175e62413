/* A processor for the host: the contract of kernel/arch/x86/paging.h, as far as the rooms behind it need it, over frames
 * that are an array; and a TLB that forgets only what it is told to forget, like the real one. */
#ifndef FAKE_PAGING_H
#define FAKE_PAGING_H

#include "kernel/arch/x86/paging.h"

/* Frames 0 … frames - 1, in `memory` (frames × PAGE_BYTES, the test's). Nothing is loaded, the TLB is empty. */
void fake_paging_start(void *memory, uint32_t frames);

/* What the processor does at an access by the user, through the loaded directory: sets accessed and dirty where they
 * belong, or refuses (false: a page fault). A translation that it remembers is believed. */
bool fake_access(page_t page, bool write);

/* Does the TLB remember anything that memory no longer says? Such a page; USER_PAGES: none. */
page_t fake_stale(void);

#define FAKE_KERNEL_MARK 0x4B45524Eu /* what directory_fill_kernel writes */

#endif
