/* The fault table of docs/design.md, section 3: from the entry alone to what has to happen. */
#include "kernel/linear/linear.h"

static enum verdict verdict_none(const struct space *space, page_t page, enum access access)
{
    if (!space->allocate_by_default || page.n == 0)
        return VERDICT_FAULT;
    return access == ACCESS_WRITE ? VERDICT_ZEROED : VERDICT_ZERO_PAGE;
}

static bool table_is_out(pte_t at_directory)
{
    return pte_kind(at_directory) == ENTRY_SWAP || pte_kind(at_directory) == ENTRY_TRANSIT;
}

enum verdict space_verdict(const struct space *space, page_t page, enum access access)
{
    bool at_directory;
    pte_t entry = space_entry(space, page, &at_directory);
    bool write = access == ACCESS_WRITE;
    enum verdict verdict = VERDICT_FAULT;

    if (write && !space_protection(space, page).write)
        return VERDICT_FAULT;
    if (at_directory && table_is_out(entry))
        return VERDICT_TABLE;
    switch (pte_kind(entry)) {
    case ENTRY_NORMAL:
    case ENTRY_LOCKED:
    case ENTRY_DMA:
    case ENTRY_SPECIAL:
        verdict = write && !pte_writable(entry) ? VERDICT_FAULT : VERDICT_PRESENT;
        break;
    case ENTRY_SHARED:
    case ENTRY_COW:
        verdict = write && !pte_writable(entry) ? VERDICT_COPY : VERDICT_PRESENT;
        break;
    case ENTRY_LENT:
        verdict = VERDICT_LENT;
        break;
    case ENTRY_NONE:
        verdict = verdict_none(space, page, access);
        break;
    case ENTRY_ON_DEMAND:
        verdict = write ? VERDICT_ZEROED : VERDICT_ZERO_PAGE;
        break;
    case ENTRY_SWAP:
    case ENTRY_SWAP_WATCHED:
        verdict = VERDICT_SWAP_IN;
        break;
    case ENTRY_TRANSIT:
        verdict = VERDICT_TRANSIT;
        break;
    case ENTRY_WATCHED:
        verdict = write ? VERDICT_FAULT : VERDICT_PRESENT;
        break;
    case ENTRY_FILE:
        verdict = write && !pte_writable(entry) ? VERDICT_FILE : VERDICT_PRESENT;
        break;
    case ENTRY_FILE_OUT:
        verdict = VERDICT_FILE;
        break;
    case ENTRY_WATCHED_OUT:
    case ENTRY_GUARD:
        verdict = VERDICT_FAULT;
        break;
    case ENTRY_TABLE:
    case ENTRY_UNLAWFUL:
    case ENTRY_KIND_COUNT:
        assert(!"a stored entry is lawful");
    }
    if (at_directory && (verdict == VERDICT_ZEROED || verdict == VERDICT_ZERO_PAGE))
        return VERDICT_TABLE;
    return verdict;
}

enum vm_kind kind_to_vm(enum entry_kind kind)
{
    static const enum vm_kind to[ENTRY_KIND_COUNT] = {
        [ENTRY_NORMAL] = VM_NORMAL,     [ENTRY_LOCKED] = VM_LOCKED,
        [ENTRY_DMA] = VM_DMA,           [ENTRY_FILE] = VM_FILE,
        [ENTRY_SPECIAL] = VM_SPECIAL,   [ENTRY_SHARED] = VM_SHARED,
        [ENTRY_COW] = VM_COW,           [ENTRY_WATCHED] = VM_WATCHED,
        [ENTRY_NONE] = VM_NONE,         [ENTRY_ON_DEMAND] = VM_ON_DEMAND,
        [ENTRY_FILE_OUT] = VM_FILE,     [ENTRY_SWAP] = VM_SWAP,
        [ENTRY_SWAP_WATCHED] = VM_SWAP, [ENTRY_TRANSIT] = VM_TRANSIT,
        [ENTRY_LENT] = VM_LENT,         [ENTRY_WATCHED_OUT] = VM_WATCHED,
        [ENTRY_GUARD] = VM_GUARD,
    };
    assert(kind != ENTRY_TABLE && kind < ENTRY_UNLAWFUL);
    return to[kind];
}
