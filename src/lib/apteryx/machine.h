/* Looking at the machine from outside, and ending it. */
#ifndef APTERYX_MACHINE_H
#define APTERYX_MACHINE_H

#include "abi/process.h"
#include <apteryx/types.h>

/* Whole lines to the serial line. */
err_t log_write(const char *text, uint32_t bytes);
/* The kernel's log from byte *from since boot on, or from the oldest that is kept; *from becomes where to go on.
 * *count 0: there is no more. */
err_t log_read(uint32_t *from, uint32_t room, char *buffer, uint32_t *count);
/* The commands module: lines KEY=VALUE, an empty line, the shell's commands. */
err_t boot_commands(uint32_t room, char *buffer, uint32_t *count);
/* The boot archive, a tar file, from byte `from` on: up to a page. *count: bytes that came; 0: it ends before. */
err_t boot_archive(uint32_t from, uint32_t room, void *buffer, uint32_t *count);
/* vm_query of any process, from `start` up; a run ends where its area does. */
err_t space_query(uint32_t pid, uintptr_t start, struct vm_run *runs, uint32_t room, uint32_t *count);
err_t entry_query(uint32_t pid, uintptr_t address, struct entry_info *entry);
err_t machine_check(struct check_report *report);
/* => returns on an error only */
err_t power(handle_t control, enum power how);

#endif
