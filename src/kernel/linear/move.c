/* Moving a page: its entry goes from one place to another, whatever it says. */
#include "kernel/linear/linear.h"

bool kind_is_movable(enum entry_kind kind)
{
    return kind == ENTRY_NORMAL || kind == ENTRY_LOCKED || kind == ENTRY_COW || kind == ENTRY_ON_DEMAND ||
           kind == ENTRY_SWAP || kind == ENTRY_TRANSIT;
}

pte_t space_move(struct space *from, page_t page, struct space *to, page_t at)
{
    pte_t entry = space_exchange(from, page, pte_none());
    assert(kind_is_movable(pte_kind(entry)));
    if (pte_present(entry))
        entry = pte_moved(entry, space_protection(to, at));
    pte_t was = space_exchange(to, at, entry);
    assert(pte_kind(was) == ENTRY_NONE);
    return entry;
}
