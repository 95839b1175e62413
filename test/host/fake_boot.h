/* The whole pager on the host, with frames, linear and a page-usage module around it: what tests of it begin with, and
 * ask after each step. */
#ifndef FAKE_BOOT_H
#define FAKE_BOOT_H

#include "kernel/pager/pager.h"

/* Frames, the pager and a swap server with so many blocks, where memory[n] is frame n. False: it can't be. Once: a pager
 * cannot be started anew, so the tests of a program share a machine, and each gives everything back. */
bool fake_boot(void *memory, uint32_t frames, struct frame_record *records, uint32_t blocks);

/* The machine's own checker finds nothing, no processor saw what is gone, and so many lines were logged. */
void fake_check(uint32_t log_lines);

/* A page of one word, again and again. */
void fake_page_fill(void *content, uint32_t word);
void fake_page_is(const void *content, uint32_t word); /* else the test fails */

#endif
