#include "apps/maps/picture.h"
#include "abi/layout.h"
#include "common/units.h"
#include <apteryx/print.h>

#define PART_BYTES 0x00400000u
#define PARTS (KERNEL_SPACE / PART_BYTES)
#define LINE_PARTS 64u

const char *const vm_kind_names[VM_KINDS] = {[VM_NONE] = "NONE",       [VM_ON_DEMAND] = "ON_DEMAND",
                                             [VM_GUARD] = "GUARD",     [VM_LOCKED] = "LOCKED",
                                             [VM_NORMAL] = "NORMAL",   [VM_DMA] = "DMA",
                                             [VM_FILE] = "FILE",       [VM_SPECIAL] = "SPECIAL",
                                             [VM_SHARED] = "SHARED",   [VM_COW] = "COW",
                                             [VM_WATCHED] = "WATCHED", [VM_SWAP] = "SWAP",
                                             [VM_TRANSIT] = "TRANSIT", [VM_LENT] = "LENT"};

static const char letters[VM_KINDS] = {
    [VM_NONE] = '.',    [VM_ON_DEMAND] = 'o', [VM_GUARD] = 'g',   [VM_LOCKED] = 'L', [VM_NORMAL] = 'n',
    [VM_DMA] = 'D',     [VM_FILE] = 'f',      [VM_SPECIAL] = 'S', [VM_SHARED] = 'h', [VM_COW] = 'c',
    [VM_WATCHED] = 'w', [VM_SWAP] = 's',      [VM_TRANSIT] = 't', [VM_LENT] = 'l'};

static uint16_t pages[PARTS][VM_KINDS];
static bool has_table[PARTS];

void picture_add(const struct vm_run *run)
{
    uintptr_t at = run->start, end = run->start + run->bytes;
    while (at < end && at < KERNEL_SPACE) {
        uint32_t part = at / PART_BYTES;
        uintptr_t part_end = (part + 1) * PART_BYTES, to = part_end < end ? part_end : end;
        pages[part][run->kind] = (uint16_t)(pages[part][run->kind] + (to - at) / PAGE_BYTES);
        has_table[part] = has_table[part] || (run->at_directory & 1u) == 0;
        at = to;
    }
}

/* The kind that has most pages; NONE only if there is nothing else. */
static char part_letter(uint32_t part)
{
    uint32_t best = VM_NONE;
    for (uint32_t kind = VM_NONE + 1; kind < VM_KINDS; kind++)
        if (pages[part][kind] > (best == VM_NONE ? 0 : pages[part][best]))
            best = kind;
    return letters[best];
}

void picture_print(void)
{
    for (uint32_t first = 0; first < PARTS; first += LINE_PARTS) {
        print("%08x ", first * PART_BYTES);
        for (uint32_t part = first; part < first + LINE_PARTS; part++)
            print("%c", part_letter(part));
        print("\n");
    }
    print("one letter for 4 MiB:");
    for (uint32_t kind = 0; kind < VM_KINDS; kind++)
        print(" %c %s", letters[kind], vm_kind_names[kind]);
    print("\n");
}

uint32_t picture_tables(void)
{
    uint32_t tables = 0;
    for (uint32_t part = 0; part < PARTS; part++)
        tables += has_table[part];
    return tables;
}
