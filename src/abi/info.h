/* The information page: every counter of the kernel, listed once. Kernel, `vmstat` and docs expand from INFO_FIELDS.
 * It is mapped read-only for everyone at INFO_PAGE. frames_*, ram_frames in frames; swap_blocks, swap_used in blocks;
 * commit_* in pages; faults_*, swap_reads, swap_writes, timer_interrupts in events; the rest in pages.
 * free + standby + resident + locked + kernel + tables + records = ram_frames (zeroed is within free). */
#ifndef ABI_INFO_H
#define ABI_INFO_H

#include <stdint.h>

#define INFO_VERSION 1u
/* clang-format off */
#define INFO_FIELDS(X)                                                                                      \
    X(ram_frames) X(frames_free) X(frames_zeroed) X(frames_standby) X(frames_resident) X(frames_locked)     \
    X(frames_kernel) X(frames_tables) X(frames_records) X(swap_blocks) X(swap_used) X(commit_limit)         \
    X(commit_used) X(processes) X(threads) X(handles) X(faults_zero) X(faults_cow) X(faults_soft)           \
    X(faults_swap) X(faults_file) X(swap_in) X(swap_out) X(swap_reads) X(swap_writes) X(evicted_clean)      \
    X(evicted_zero) X(cleaned_ahead) X(zeroed_ahead) X(tables_swapped) X(timer_interrupts)
/* clang-format on */

#define INFO_FIELD(name) uint32_t name;
struct info {
    uint32_t version;
    INFO_FIELDS(INFO_FIELD)
    /* what the boot RESULT line says besides */
    uint32_t sysenter, pse;
    char cpu[16], policy[16];
};
#undef INFO_FIELD

#endif
