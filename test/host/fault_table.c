#include "fault_table.h"
#include "common/assert.h"

const struct fault_row fault_table[] = {
    {"NONE, the default an error", ENTRY_NONE, false, VERDICT_FAULT, VERDICT_FAULT},
    {"ON_DEMAND", ENTRY_ON_DEMAND, false, VERDICT_ZERO_PAGE, VERDICT_ZEROED},
    {"FILE, not present", ENTRY_FILE_OUT, false, VERDICT_FILE, VERDICT_FILE},
    {"SWAP", ENTRY_SWAP, false, VERDICT_SWAP_IN, VERDICT_SWAP_IN},
    {"SWAP_WATCHED", ENTRY_SWAP_WATCHED, false, VERDICT_SWAP_IN, VERDICT_SWAP_IN},
    {"TRANSIT", ENTRY_TRANSIT, false, VERDICT_TRANSIT, VERDICT_TRANSIT},
    {"LENT", ENTRY_LENT, false, VERDICT_LENT, VERDICT_LENT},
    {"GUARD", ENTRY_GUARD, false, VERDICT_FAULT, VERDICT_FAULT},
    {"WATCHED, not present", ENTRY_WATCHED_OUT, false, VERDICT_FAULT, VERDICT_FAULT},
    {"WATCHED", ENTRY_WATCHED, false, VERDICT_PRESENT, VERDICT_FAULT},
    {"COW", ENTRY_COW, false, VERDICT_PRESENT, VERDICT_COPY},
    {"FILE, writable", ENTRY_FILE, true, VERDICT_PRESENT, VERDICT_PRESENT},
    {"FILE, not writable", ENTRY_FILE, false, VERDICT_PRESENT, VERDICT_FILE},
    {"SHARED, writable", ENTRY_SHARED, true, VERDICT_PRESENT, VERDICT_PRESENT},
    {"SHARED, not writable", ENTRY_SHARED, false, VERDICT_PRESENT, VERDICT_COPY},
    {"NORMAL", ENTRY_NORMAL, true, VERDICT_PRESENT, VERDICT_PRESENT},
    {"NORMAL, not writable", ENTRY_NORMAL, false, VERDICT_PRESENT, VERDICT_FAULT},
    {"LOCKED", ENTRY_LOCKED, true, VERDICT_PRESENT, VERDICT_PRESENT},
    {"LOCKED, not writable", ENTRY_LOCKED, false, VERDICT_PRESENT, VERDICT_FAULT},
    {"DMA", ENTRY_DMA, true, VERDICT_PRESENT, VERDICT_PRESENT},
    {"DMA, not writable", ENTRY_DMA, false, VERDICT_PRESENT, VERDICT_FAULT},
    {"SPECIAL", ENTRY_SPECIAL, true, VERDICT_PRESENT, VERDICT_PRESENT},
    {"SPECIAL, not writable", ENTRY_SPECIAL, false, VERDICT_PRESENT, VERDICT_FAULT},
};
const uint32_t fault_rows = sizeof fault_table / sizeof *fault_table;

enum verdict fault_table_says(const struct space *space, page_t page, enum entry_kind kind, bool writable,
                              enum access access)
{
    bool write = access == ACCESS_WRITE;
    if (write && page.n >= space->text.first.n && page.n < space->text.end.n)
        return VERDICT_FAULT; /* the area's protection comes first */
    if (kind == ENTRY_NONE && space->allocate_by_default && page.n != 0)
        kind = ENTRY_ON_DEMAND;
    for (uint32_t i = 0; i < fault_rows; i++)
        if (fault_table[i].kind == kind && fault_table[i].writable == writable)
            return write ? fault_table[i].write : fault_table[i].read;
    assert(!"each kind has its row");
    return VERDICT_FAULT;
}
