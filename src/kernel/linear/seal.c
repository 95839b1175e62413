#include "kernel/linear/seal.h"

#define SEAL_BITS 64u

/* FNV-1a (Fowler, Noll, Vo), a word at a time in two lanes: every word and its place count. */
struct seal {
    uint32_t lane[2];
};
static uint32_t stir(uint32_t lane, uint32_t word)
{
    lane = (lane ^ word) * 16777619u;
    return lane ^ lane >> 15;
}

static struct seal seal_of(const pte_t *entries, uint32_t count, struct seal_key key)
{
    struct seal seal = {{stir(stir(2166136261u, key.space), key.block), stir(stir(3339675911u, key.page), key.block)}};
    for (uint32_t i = 0; i < count; i++)
        seal.lane[i & 1] = stir(seal.lane[i & 1], pte_unsealed(entries[i]).w);
    seal.lane[0] = stir(seal.lane[0], seal.lane[1]);
    return seal;
}

static bool seal_bit(const struct seal *seal, uint32_t i)
{
    return i < SEAL_BITS && (seal->lane[i / 32] >> i % 32 & 1u);
}

void table_seal(pte_t *entries, uint32_t count, struct seal_key key)
{
    struct seal seal = seal_of(entries, count, key);
    assert(count >= SEAL_BITS);
    for (uint32_t i = 0; i < count; i++)
        entries[i] = pte_sealed(entries[i], seal_bit(&seal, i));
}

bool table_unseal(pte_t *entries, uint32_t count, struct seal_key key)
{
    struct seal seal = seal_of(entries, count, key);
    for (uint32_t i = 0; i < count; i++)
        if (pte_seal_bit(entries[i]) != seal_bit(&seal, i))
            return false;
    for (uint32_t i = 0; i < SEAL_BITS; i++)
        entries[i] = pte_unsealed(entries[i]);
    return true;
}
