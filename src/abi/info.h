/* The information page: every counter of the kernel, listed once. Kernel, `vmstat` and docs/counters.md expand from
 * INFO_FIELDS. It is mapped read-only for everyone at INFO_PAGE.
 * free + standby + resident + locked + kernel + tables + records = ram_frames (zeroed is within free). */
#ifndef ABI_INFO_H
#define ABI_INFO_H

#include <stdint.h>

#define INFO_VERSION 1u
/* clang-format off */
#define INFO_FIELDS(X) /* name, what it counts */                                                      \
    X(ram_frames, "frames of RAM that the kernel uses")                                                \
    X(frames_free, "frames that nobody uses")                                                          \
    X(frames_zeroed, "free ones that are zeroed already (counted in frames_free too)")                 \
    X(frames_standby, "frames of evicted pages: a touch brings the page back, a need takes the frame") \
    X(frames_resident, "frames of pages that may be evicted: mapped, being written or being read")     \
    X(frames_locked, "frames of pages that are LOCKED or DMA")                                         \
    X(frames_kernel, "frames of the kernel: image, objects, page-usage module, boot archive")          \
    X(frames_tables, "frames of page tables and page directories")                                     \
    X(frames_records, "frames of the array of frame records")                                          \
    X(swap_blocks, "blocks that the swap server has registered")                                       \
    X(swap_used, "blocks that hold a page")                                                            \
    X(commit_limit, "pages that may be promised")                                                      \
    X(commit_used, "pages that are promised")                                                          \
    X(processes, "processes")                                                                          \
    X(threads, "threads")                                                                              \
    X(handles, "handles of all processes")                                                             \
    X(faults_zero, "faults answered with a page of zeros")                                             \
    X(faults_cow, "faults answered with a copy of a COW page")                                         \
    X(faults_soft, "faults whose page was still in its frame")                                         \
    X(faults_swap, "faults that had to wait for swap")                                                 \
    X(faults_file, "faults that had to wait for a file server")                                        \
    X(swap_in, "pages read from swap")                                                                 \
    X(swap_out, "pages written to swap")                                                               \
    X(swap_reads, "requests that read them")                                                           \
    X(swap_writes, "requests that wrote them")                                                         \
    X(evicted_clean, "pages evicted without a write: swap still had them")                             \
    X(evicted_zero, "pages evicted without a write: all zeros, ON_DEMAND again")                       \
    X(cleaned_ahead, "pages written while nobody ran")                                                 \
    X(zeroed_ahead, "frames zeroed while nobody ran")                                                  \
    X(tables_swapped, "page tables written to swap")                                                   \
    X(timer_interrupts, "interrupts of the timer")                                                     \
    X(checks, "times the invariant checker ran: asked for, or by itself in a debug build")             \
    X(tables_swapped_in, "page tables read from swap")                                                 \
    X(reaping, "ended processes whose page tables are still being read back, to free their blocks")    \
    X(lost, "blocks that page tables owned that could not be read")                                    \
    X(file_private, "private pages of files in RAM, and those that their server released dirty")       \
    X(file_out, "pages of files that file servers wrote out")                                          \
    X(file_writes, "messages that asked them to")                                                      \
    X(file_dropped, "pages of files evicted, clean by then")
/* clang-format on */

#define INFO_FIELD(name, text) uint32_t name;
struct info {
    uint32_t version;
    INFO_FIELDS(INFO_FIELD)
    /* what the boot RESULT line says besides */
    uint32_t sysenter, pse;
    char cpu[16], policy[16];
};
#undef INFO_FIELD

#endif
