#include "kernel/arch/x86/paging.h"
#include "common/assert.h"
#include "common/entry.h"
#include "common/string.h"
#include "kernel/arch/x86/context.h"
#include "kernel/arch/x86/cpu.h"
#include "kernel/arch/x86/direct_tables.h"
#include "kernel/arch/x86/stack.h"

#define DIRECTORY_FIRST (KERNEL_SPACE / TABLE_SPAN_BYTES)
#define DIRECT_ENTRIES (DIRECT_MAP_BYTES / TABLE_SPAN_BYTES)
#define BOOT_TABLES 4u /* boot.asm */
#define SPAN_FRAMES TABLE_ENTRIES
#define DEVICE_PAGE (FIXED_PAGES + 0x2000u)

extern pde_t kernel_directory[TABLE_ENTRIES]; /* stack.asm */
extern pte_t boot_tables[BOOT_TABLES][TABLE_ENTRIES];
extern const uint8_t kernel_start[], kernel_constant_end[]; /* kernel.ld */

static pte_t usage_table[TABLE_ENTRIES] __attribute__((aligned(PAGE_BYTES)));
static pte_t window_table[TABLE_ENTRIES] __attribute__((aligned(PAGE_BYTES)));
static pte_t fixed_table[TABLE_ENTRIES] __attribute__((aligned(PAGE_BYTES)));
uint8_t info_frame[PAGE_BYTES] __attribute__((aligned(PAGE_BYTES)));
static uint8_t gate_frame[PAGE_BYTES] __attribute__((aligned(PAGE_BYTES)));
frame_t directory_loaded;
struct direct_map direct_map = {(uint8_t *)DIRECT_MAP, 0};

static pde_t *directory_entry(uintptr_t linear)
{
    return &kernel_directory[page_directory_index(address_page(linear))];
}

static struct protection kernel_only(void) { return (struct protection){.write = true, .global = cpu_features()->pge}; }

static struct protection kernel_reads(void) { return (struct protection){.global = cpu_features()->pge}; }

/* ---- the gate ---- */

void tlb_forget(uintptr_t linear) { page_invalidate(linear); }
void tlb_flush_user(void) { cr3_write(cr3_read()); }

void tlb_flush_all(void)
{
    if (!cpu_features()->pge) {
        tlb_flush_user();
        return;
    }
    uint32_t cr4 = cr4_read();
    cr4_write(cr4 & ~CR4_PGE);
    cr4_write(cr4);
}

pte_t entry_exchange(pte_t *at, pte_t entry, uintptr_t linear, bool live)
{
    pte_t old = {word_exchange(&at->w, entry.w)};
    if (live && pte_present(old))
        tlb_forget(linear);
    return old;
}

void entry_store(pte_t *at, pte_t entry, uintptr_t linear, bool live) { (void)entry_exchange(at, entry, linear, live); }

pde_t pde_exchange(pde_t *at, pde_t entry, uintptr_t linear, bool live)
{
    pde_t old = {word_exchange(&at->w, entry.w)};
    if (live && pde_is_table(old))
        tlb_flush_user();
    else if (live && pde_present(old))
        tlb_forget(linear);
    return old;
}

void pde_store(pde_t *at, pde_t entry, uintptr_t linear, bool live) { (void)pde_exchange(at, entry, linear, live); }

/* ---- directories ---- */

frame_t pointer_frame(const void *direct) { return address_frame((uint32_t)((uintptr_t)direct - DIRECT_MAP)); }
frame_t directory_kernel(void) { return pointer_frame(kernel_directory); }

void directory_change(frame_t directory)
{
    directory_loaded = directory;
    cr3_write(frame_address(directory));
}

void directory_fill_kernel(pde_t *directory)
{
    memcpy(directory + DIRECTORY_FIRST, kernel_directory + DIRECTORY_FIRST,
           (TABLE_ENTRIES - DIRECTORY_FIRST) * sizeof *directory);
}

/* ---- reaching frames ---- */

uint32_t paging_low_end(void) { return direct_map.frames; }

void *window_open(unsigned window, frame_t frame)
{
    assert(window < WINDOW_COUNT);
    if (frame.n < direct_map.frames)
        return frame_pointer(frame);
    uintptr_t at = WINDOWS + window * PAGE_BYTES;
    pte_t entry = pte_make(ENTRY_LOCKED, frame, (struct protection){.write = true});
    if (!pte_present(window_table[window]) || !frame_same(pte_frame(window_table[window]), frame))
        entry_store(&window_table[window], entry, at, true);
    return (void *)at;
}

/* ---- fixed kernel mappings ---- */

static void usage_page_store(uint32_t index, frame_t frame, struct protection p)
{
    assert(index < TABLE_ENTRIES);
    entry_store(&usage_table[index], pte_make(ENTRY_LOCKED, frame, p), USAGE_MODULE + index * PAGE_BYTES, true);
}

void usage_page_map(uint32_t index, frame_t frame) { usage_page_store(index, frame, kernel_only()); }
void usage_page_protect(uint32_t index) { usage_page_store(index, pte_frame(usage_table[index]), kernel_reads()); }

static void fixed_page_map(uintptr_t at, enum entry_kind kind, frame_t frame, struct protection p)
{
    entry_store(&fixed_table[page_table_index(address_page(at))], pte_make(kind, frame, p), at, true);
}

volatile void *device_map(frame_t device)
{
    fixed_page_map(DEVICE_PAGE, ENTRY_SPECIAL, device, (struct protection){.write = true, .uncached = true});
    return (volatile void *)DEVICE_PAGE;
}

static void fixed_pages_start(void)
{
    struct protection user_reads = {.user = true, .global = cpu_features()->pge};
    pde_store(directory_entry(USAGE_MODULE), pde_table(pointer_frame(usage_table), false, 0), USAGE_MODULE, true);
    pde_store(directory_entry(WINDOWS), pde_table(pointer_frame(window_table), false, 0), WINDOWS, true);
    pde_store(directory_entry(FIXED_PAGES), pde_table(pointer_frame(fixed_table), true, 0), FIXED_PAGES, true);
    for (uint32_t i = 0; i < KERNEL_STACK_PAGES; i++)
        entry_store(&window_table[page_table_index(address_page(KERNEL_STACK)) + i],
                    pte_make(ENTRY_LOCKED, pointer_frame(boot_stack + i * PAGE_BYTES), kernel_only()),
                    KERNEL_STACK + i * PAGE_BYTES, true);
    arch_gate_page(gate_frame);
    fixed_page_map(INFO_PAGE, ENTRY_LOCKED, pointer_frame(info_frame), user_reads);
    fixed_page_map(GATE_PAGE, ENTRY_LOCKED, pointer_frame(gate_frame), user_reads);
}

/* ---- the direct map ---- */

/* Text and constants of the kernel are read-only: the spans where they lie have tables, PSE or not. */
static uint32_t constant_spans(void) { return pointer_frame(kernel_constant_end).n / SPAN_FRAMES + 1; }

static pte_t direct_entry(frame_t frame)
{
    bool constant = frame.n >= pointer_frame(kernel_start).n && frame.n < pointer_frame(kernel_constant_end).n;
    return pte_make(ENTRY_LOCKED, frame, constant ? kernel_reads() : kernel_only());
}

/* The boot tables know neither protection nor what the processor can do. */
static void boot_tables_complete(void)
{
    for (uint32_t n = 0; n < BOOT_TABLES * TABLE_ENTRIES; n++)
        entry_store(&boot_tables[n / TABLE_ENTRIES][n % TABLE_ENTRIES], direct_entry((frame_t){n}),
                    DIRECT_MAP + n * PAGE_BYTES, true);
}

static pde_t large_page(uint32_t index)
{
    return pde_large(ENTRY_LOCKED, (frame_t){index * SPAN_FRAMES}, kernel_only());
}

static void direct_store(uint32_t index, pde_t entry)
{
    uintptr_t at = DIRECT_MAP + index * TABLE_SPAN_BYTES;
    pde_store(directory_entry(at), entry, at, true);
}

uint32_t paging_start(void)
{
    const struct cpu_features *has = cpu_features();
    directory_loaded = directory_kernel();
    if (has->pge)
        cr4_write(cr4_read() | CR4_PGE);
    for (uint32_t i = 0; i < BOOT_TABLES; i++)
        kernel_directory[i] = pde_none();
    direct_map.frames = BOOT_TABLES * SPAN_FRAMES;
    assert(constant_spans() <= BOOT_TABLES);
    boot_tables_complete();
    if (has->pse) {
        cr4_write(cr4_read() | CR4_PSE);
        for (uint32_t i = constant_spans(); i < DIRECT_ENTRIES; i++)
            direct_store(i, large_page(i));
        direct_map.frames = DIRECT_ENTRIES * SPAN_FRAMES;
    }
    fixed_pages_start();
    tlb_flush_all();
    return direct_map.frames * PAGE_BYTES;
}

static uint32_t ram_end(const struct frame_map *map)
{
    uint32_t end = 0;
    for (uint32_t i = 0; i < map->ram_count; i++)
        if (map->ram[i].end > end)
            end = map->ram[i].end;
    return end < LOW_FRAMES_MAX ? end : LOW_FRAMES_MAX;
}

/* Without PSE: tables for what the boot tables don't cover, in free frames that the boot tables do. */
static err_t direct_by_tables(struct frame_map *map, uint32_t spans)
{
    frame_t first;
    uint32_t count = spans > BOOT_TABLES ? spans - BOOT_TABLES : 0;
    if (count == 0)
        return OK;
    TRY(direct_tables_place(map, count, BOOT_TABLES * SPAN_FRAMES, &first));
    for (uint32_t i = 0; i < count; i++) {
        frame_t table = {first.n + i};
        pte_t *entries = frame_pointer(table);
        uint32_t span = BOOT_TABLES + i;
        for (uint32_t n = 0; n < TABLE_ENTRIES; n++)
            entries[n] = direct_entry((frame_t){span * SPAN_FRAMES + n});
        direct_store(span, pde_table(table, false, 0));
    }
    return OK;
}

struct frame_range paging_spare(void)
{
    uint32_t first = pointer_frame(boot_tables).n, needed = cpu_features()->pse ? constant_spans() : BOOT_TABLES;
    return (struct frame_range){first + needed, first + BOOT_TABLES};
}

err_t paging_complete(struct frame_map *map)
{
    uint32_t end = ram_end(map), spans = (end + SPAN_FRAMES - 1) / SPAN_FRAMES;
    if (cpu_features()->pse)
        for (uint32_t i = spans; i < DIRECT_ENTRIES; i++)
            direct_store(i, pde_none());
    else
        TRY(direct_by_tables(map, spans));
    direct_map.frames = end;
    return OK;
}
