/* The seal of a page table in swap: what comes back is believed only if it is what went out from this place.
 *
 * Bit 0 of every entry of a table that may be evicted is clear, none being present: these bits hold a checksum of the
 * entries, keyed with the place. Pure. `count`: entries, 64 … 1024. */
#ifndef KERNEL_LINEAR_SEAL_H
#define KERNEL_LINEAR_SEAL_H

#include "abi/errors.h"
#include "common/entry.h"

struct seal_key {
    uint32_t space, page, block;
};

void table_seal(pte_t *entries, uint32_t count, struct seal_key key); /* => no entry is present */
/* Takes the seal off again. False: it is not the right one; the entries are as they were. */
MUST_USE bool table_unseal(pte_t *entries, uint32_t count, struct seal_key key);

#endif
