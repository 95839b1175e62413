/* Linear memory: give ranges of pages a kind, ask what they are, and say in the program's file what space it wants.
 *
 * Addresses and sizes are bytes, multiples of 4,096. On an error nothing has changed.
 * => ERR_RANGE: unaligned, empty, overflowing or kernel range  => ERR_KIND: not for pages of this kind
 * => ERR_COMMIT: the promise could not be kept                 => ERR_RIGHTS: DMA and SPECIAL need their right
 */
#ifndef APTERYX_VM_H
#define APTERYX_VM_H

#include "abi/process.h"
#include "abi/program.h"
#include <apteryx/types.h>

/* To NONE, ON_DEMAND, GUARD (contents are discarded), LOCKED (contents kept), WATCHED, NORMAL (unlocks, and ends a watch).
 *
 * WATCHED (with a fault handler: <apteryx/fault.h>) is for NONE, ON_DEMAND, NORMAL and swapped pages. A page that holds
 * something keeps it and may be read; its next write is reported first. It is evicted like any page, and watched when it
 * comes back. Of a page that holds nothing the next access is reported, and the handler supplies it; it is charged like
 * ON_DEMAND. A page of zeros may be taken for one that holds nothing. NORMAL ends both: what holds nothing is ON_DEMAND
 * then. A granted page loses its watch; LOCKED pages cannot be watched, nor watched pages LOCKED: ERR_KIND. */
err_t vm_set(uintptr_t start, uint32_t bytes, enum vm_kind to);
/* Physically contiguous locked pages below `below`; *physical is where they lie. A driver resets its devices before its
 * first buffer: what the buffers of a driver that died lie in is used again from then on, and not before. */
err_t vm_set_dma(uintptr_t start, uint32_t bytes, uint32_t below, uint32_t *physical);
/* Device memory that the handle `memory` covers, from `offset` in it. */
err_t vm_set_special(uintptr_t start, uint32_t bytes, handle_t memory, uint32_t offset);
/* Runs of equal kind, ascending and without gaps; fills at most `room`, *count = filled. */
err_t vm_query(uintptr_t start, uint32_t bytes, struct vm_run *runs, uint32_t room, uint32_t *count);
/* The first address from `low` on where `bytes` are free (NONE), up to `high`, and a multiple of `align`: a power of two
 * of whole pages, or 0. Page 0 is never free, nor is what lies in a page table that is in swap: nothing is read for this.
 * Searched is the space that `low` lies in. Marking what was found is another call: threads that both do agree before,
 * and what others mark or free during a long search it sees or does not.
 * => ERR_RANGE: also low >= high, and such an align  => ERR_NO_ENTRY: there is no such place */
err_t vm_find_hole(uint32_t bytes, uint32_t align, uintptr_t low, uintptr_t high, uintptr_t *start);
/* Where the nearest pages in use (all but NONE) below and above the page `at` begin, whatever that page is itself. So a
 * heap that ends with page `at` can grow by *above - at - 4096 bytes, and a stack that ends there by at - *below - 4096.
 * Where there is none: *below is the page before the space (0 in process space), *above the end of it. A page table in
 * swap is in use. */
err_t vm_bounds(uintptr_t at, uintptr_t *below, uintptr_t *above);
err_t vm_page_out(uintptr_t start, uint32_t bytes);
err_t vm_page_in(uintptr_t start, uint32_t bytes);
/* Takes back, at once and everywhere, what was lent from these pages by PAGE_MAP (ipc.h), and what was lent onwards from
 * there: it is NONE for those who had it. The pages stay; copies (PAGE_COPY) are their receivers' own. */
err_t vm_unmap(uintptr_t start, uint32_t bytes);
/* Process space is *process_start … *process_end, thread space *process_end … *thread_end (empty, unless the program asks
 * for it by PROGRAM_THREAD_SPACE). What lies in thread space is the calling thread's alone: each thread begins with NONE
 * there and marks its own pages, all calls above mean the caller's, and its end gives them up. An address there means
 * something else to another thread, so stacks, malloc and message buffers lie in process space; a window for page items
 * in thread space is the receiving thread's. A range that lies in both spaces is ERR_RANGE, but for
 * vm_query and vm_find_hole. */
err_t vm_space(uintptr_t *process_start, uintptr_t *process_end, uintptr_t *thread_end);

/* At file level, followed by a semicolon: what the kernel reads from the program's file (abi/program.h). */
struct program_elf_note {
    uint32_t owner_bytes, note_bytes, type;
    char owner[8];
    struct program_note note;
};
#define PROGRAM_NOTE(name, note_flags, note_thread_space)                                           \
    static const struct program_elf_note name                                                       \
        __attribute__((section(".note.apteryx"), used, aligned(4))) = {sizeof(PROGRAM_NOTE_OWNER),  \
                                                                       sizeof(struct program_note), \
                                                                       PROGRAM_NOTE_TYPE,           \
                                                                       PROGRAM_NOTE_OWNER,          \
                                                                       {(note_flags), (note_thread_space)}}
#define PROGRAM_OVERCOMMIT PROGRAM_NOTE(program_note_overcommit, PROGRAM_FLAG_OVERCOMMIT, 0)
#define PROGRAM_ON_DEMAND PROGRAM_NOTE(program_note_on_demand, PROGRAM_FLAG_ON_DEMAND, 0)
#define PROGRAM_THREAD_SPACE(bytes) PROGRAM_NOTE(program_note_thread_space, 0, (bytes))

#endif
