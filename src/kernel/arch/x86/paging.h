/* Paging registers, the kernel half of every directory, and the one gate that stores live entries and pays the TLB.
 *
 *   KERNEL_SPACE  direct map of the frames below low_end: 4 MiB pages where PSE, else tables; global where PGE;
 *                 tables where the kernel's text and constants lie, for they are read-only (CR0.WP)
 *   USAGE_MODULE  the page-usage module          WINDOWS  any frame, one table       FIXED_PAGES  user-readable pages
 * After paging_start the kernel's directory entries never change. */
#ifndef KERNEL_ARCH_X86_PAGING_H
#define KERNEL_ARCH_X86_PAGING_H

#include "abi/errors.h"
#include "abi/info.h"
#include "abi/layout.h"
#include "common/entry.h"
#include "kernel/frames/frames.h"

#define LOW_FRAMES_MAX (DIRECT_MAP_BYTES / PAGE_BYTES)
#define WINDOW_COUNT 8u

/* The first step, before the memory map is known. Returns how many bytes of low memory can be reached now. */
uint32_t paging_start(void);

/* The second: map exactly the low frames. Without PSE, tables are taken from the map (added to map->taken).
 * ERR_MEMORY: no room for them. */
MUST_USE err_t paging_complete(struct frame_map *map);
struct frame_range paging_spare(void); /* after paging_complete: boot tables that nothing needs any more */
uint32_t paging_low_end(void);         /* frames below this are low: direct-mapped */

/* --- directories --- */
extern frame_t directory_loaded; /* written by directory_change only */
void directory_change(frame_t directory);
static inline frame_t directory_current(void) { return directory_loaded; }
static inline void directory_load(frame_t directory) /* no reload when it is loaded already */
{
    if (!frame_same(directory, directory_loaded))
        directory_change(directory);
}
frame_t directory_kernel(void);               /* the kernel half alone: for when nobody's directory should be loaded */
void directory_fill_kernel(pde_t *directory); /* entries 768 … 1023 */

/* --- the gate --- */
/* Store an entry by exchange. live: the directory it belongs to may be in use by the processor now; then the TLB
 * forgets `linear` when the old entry was present. Returns the old entry with its accessed and dirty bits. */
pte_t entry_exchange(pte_t *at, pte_t entry, uintptr_t linear, bool live);
void entry_store(pte_t *at, pte_t entry, uintptr_t linear, bool live);
pde_t pde_exchange(pde_t *at, pde_t entry, uintptr_t linear, bool live);
void pde_store(pde_t *at, pde_t entry, uintptr_t linear, bool live); /* a table taken away: all of the user's TLB */

/* How many of the `count` entries from `at` on are the same word as the first. => count > 0 */
static inline uint32_t entries_same(const entry_word_t *at, uint32_t count)
{
    uint32_t left = count;
    bool all;
    asm volatile("repe scasl" : "+D"(at), "+c"(left), "=@ccz"(all) : "a"(*at) : "memory");
    return all ? count : count - left - 1;
}

/* So many entries that are all absent become this one, absent too: there is nothing that the TLB could forget. */
static inline void entries_fill(entry_word_t *at, uint32_t count, entry_word_t absent)
{
    asm volatile("rep stosl" : "+D"(at), "+c"(count) : "a"(absent) : "memory");
}

/* The hint of a table is the kernel's alone: the TLB knows nothing of it. */
static inline void pde_hint_store(pde_t *at, uint32_t hint) { *at = pde_with_hint(*at, hint); }

void tlb_forget(uintptr_t linear);
void tlb_flush_user(void); /* all but global pages */
void tlb_flush_all(void);

/* --- reaching frames --- */
extern struct direct_map {
    uint8_t *start;
    uint32_t frames;
} direct_map;                                  /* written by paging.c only */
static inline void *frame_pointer(frame_t low) /* => below paging_low_end */
{
    assert(low.n < direct_map.frames);
    return direct_map.start + frame_address(low);
}
frame_t pointer_frame(const void *direct); /* the reverse */
/* Any frame through a window; low ones are reached directly. Valid until the same window is opened again.
 * => window < WINDOW_COUNT */
void *window_open(unsigned window, frame_t frame);

/* --- fixed kernel mappings --- */
void usage_page_map(uint32_t index, frame_t frame); /* page `index` of USAGE_MODULE, kernel only */
void usage_page_protect(uint32_t index);            /* from now on read-only. => it is mapped */
volatile void *device_map(frame_t device);          /* the one device page of the kernel: uncached, kernel only */

/* The kernel's own, writable, view of INFO_PAGE. What is counted in one place only is counted right there. */
extern uint8_t info_frame[PAGE_BYTES];
static inline struct info *info_page(void) { return (struct info *)(void *)info_frame; }

#endif
