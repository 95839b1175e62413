/* The entries of page tables, as the pager changes them. */
#include "kernel/pager/inside.h"

pte_t page_exchange(struct space *space, page_t page, pte_t entry) { return space_exchange(space, page, entry); }
