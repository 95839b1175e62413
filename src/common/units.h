/* Units as types: a frame, a page, a block and an entry cannot be mixed up.
 *
 * Everything that counts memory counts in one of these. Conversions stand here and nowhere else.
 * Pure: kernel, page-usage modules, programs and host tests share this header.
 */
#ifndef COMMON_UNITS_H
#define COMMON_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE_SHIFT 12u
#define PAGE_BYTES 4096u             /* Intel SDM vol. 3A, 4.3: one 4 KiB page or table */
#define TABLE_ENTRIES 1024u          /* entries of one page table or directory */
#define TABLE_SPAN_BYTES 0x00400000u /* what one page-directory entry covers */
#define FRAME_COUNT_MAX 0x00100000u  /* 2^20 frames: 4 GiB of physical memory */
#define BLOCK_COUNT_MAX 0x10000000u  /* 2^28 blocks: 1 TiB of swap */

/* clang-format off */
typedef uint32_t entry_word_t;            /* the width of every entry: here and nowhere else */
typedef struct { entry_word_t w; } pte_t; /* a page-table entry */
typedef struct { entry_word_t w; } pde_t; /* a page-directory entry, or a root word */
typedef struct { uint32_t n; } frame_t;   /* a physical page's number, not its address */
typedef struct { uint32_t n; } page_t;    /* a linear page's number (20 bits), not its address */
typedef struct { uint32_t n; } block_t;   /* a 4 KiB block of swap space */
/* clang-format on */

#define FRAME_NONE ((frame_t){FRAME_COUNT_MAX - 1}) /* the last frame below 4 GiB is ROM, never RAM */
#define BLOCK_NONE ((block_t){BLOCK_COUNT_MAX - 1}) /* never handed out */

static inline bool frame_same(frame_t a, frame_t b) { return a.n == b.n; }
static inline bool block_same(block_t a, block_t b) { return a.n == b.n; }
static inline bool page_same(page_t a, page_t b) { return a.n == b.n; }

static inline uint32_t frame_address(frame_t f) { return f.n << PAGE_SHIFT; } /* physical bytes */
static inline frame_t address_frame(uint32_t physical) { return (frame_t){physical >> PAGE_SHIFT}; }
static inline uintptr_t page_address(page_t p) { return (uintptr_t)(p.n << PAGE_SHIFT); }
static inline page_t address_page(uintptr_t linear) { return (page_t){(uint32_t)(linear >> PAGE_SHIFT)}; }
static inline uint32_t page_table_index(page_t p) { return p.n % TABLE_ENTRIES; }
static inline uint32_t page_directory_index(page_t p) { return p.n / TABLE_ENTRIES; }

/* Pages needed to hold `bytes`; bytes up to 4 GiB - 4 KiB. */
static inline uint32_t pages_for(uint32_t bytes) { return (bytes + PAGE_BYTES - 1) / PAGE_BYTES; }

#endif
