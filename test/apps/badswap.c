/* badswap: a swap server that loses data once, on purpose, to show that `stress --verify` notices.
 *
 *   badswap corrupt blocks=N   changes one bit of one block            stress finds 1 page lost
 *   badswap swap blocks=N      exchanges two blocks                    2
 *   badswap stale blocks=N     forgets the last write of one block     1
 *   badswap blocks=N           does nothing wrong                      0
 *
 * It waits until swap is well in use, and then takes only blocks that can hardly be anything but a page of stress: no
 * more than a few of their bytes are zero. What it did stays so until the block is written again. */
#include <apteryx/print.h>
#include <apteryx/string.h>
#include <apteryx/swap.h>
#include <apteryx/vm.h>

#define BLOCK_BYTES 4096u
#define BLOCKS_MAX 65536u
#define BLOCK_NONE 0xFFFFFFFFu
#define WARM_WRITES 1000u   /* before the deed */
#define SETTLED_WRITES 400u /* written so long ago, a block is no longer in RAM as well */
#define ZEROES_MAX 256u

static uint8_t *const store = (uint8_t *)0x40000000;
static enum { HONEST, CORRUPT, SWAP, STALE } deed; /* still to be done */
static uint32_t writes;
static uint32_t written[BLOCKS_MAX]; /* when, as a count of writes; 0: never, or read since */
static uint8_t old[BLOCK_BYTES];     /* STALE: what block `victim` held before its last write */
static uint32_t victim = BLOCK_NONE;

static uint8_t *block_at(uint32_t block) { return store + block * BLOCK_BYTES; }

static int is_dense(const uint8_t *page)
{
    uint32_t zeroes = 0;
    for (uint32_t i = 0; i < BLOCK_BYTES; i++)
        zeroes += page[i] == 0;
    return zeroes < ZEROES_MAX;
}

/* The block written last among those that are settled and dense. */
static uint32_t block_settled(uint32_t not_this)
{
    uint32_t best = BLOCK_NONE;
    for (uint32_t i = 0; i < BLOCKS_MAX; i++)
        if (i != not_this && written[i] != 0 && written[i] + SETTLED_WRITES < writes &&
            (best == BLOCK_NONE || written[i] > written[best]) && is_dense(block_at(i)))
            best = i;
    return best;
}

static void exchange(uint8_t *a, uint8_t *b)
{
    for (uint32_t i = 0; i < BLOCK_BYTES; i++) {
        uint8_t byte = a[i];
        a[i] = b[i];
        b[i] = byte;
    }
}

/* The deed, just before `block` is read. */
static void misbehave(uint32_t block)
{
    uint32_t other;
    if (writes < WARM_WRITES || !is_dense(block_at(block)))
        return;
    if (deed == CORRUPT) {
        block_at(block)[BLOCK_BYTES / 2] ^= 1;
        deed = HONEST;
    } else if (deed == SWAP && (other = block_settled(block)) != BLOCK_NONE) {
        exchange(block_at(block), block_at(other));
        deed = HONEST;
    } else if (deed == STALE && block == victim) {
        memcpy(block_at(block), old, BLOCK_BYTES);
        deed = HONEST;
    }
}

static err_t block_read(uint32_t block, void *page)
{
    misbehave(block);
    memcpy(page, block_at(block), BLOCK_BYTES);
    written[block] = 0;
    return OK;
}

static err_t block_write(uint32_t block, const void *page)
{
    if (block == victim)
        victim = BLOCK_NONE;
    if (deed == STALE && victim == BLOCK_NONE && writes > WARM_WRITES && is_dense(page) && is_dense(block_at(block)) &&
        memcmp(page, block_at(block), BLOCK_BYTES) != 0) {
        memcpy(old, block_at(block), BLOCK_BYTES);
        victim = block;
    }
    memcpy(block_at(block), page, BLOCK_BYTES);
    written[block] = ++writes;
    return OK;
}

static void block_discard(uint32_t block)
{
    written[block] = 0;
    if (block == victim)
        victim = BLOCK_NONE;
}

int main(int argc, char **argv)
{
    static const struct swap_ops ops = {block_read, block_write, block_discard};
    uint32_t blocks = 0;
    if (argc > 2)
        deed = strcmp(argv[1], "corrupt") == 0 ? CORRUPT : strcmp(argv[1], "swap") == 0 ? SWAP : STALE;
    if (!swap_blocks(argc, argv, &blocks) || blocks == 0 || blocks > BLOCKS_MAX) {
        print("badswap: usage: badswap [corrupt|swap|stale] blocks=N, at most %u\n", BLOCKS_MAX);
        return 2;
    }
    err_t err = vm_set((uintptr_t)store, blocks * BLOCK_BYTES, VM_ON_DEMAND);
    if (err == OK)
        err = vm_set((uintptr_t)store, blocks * BLOCK_BYTES, VM_LOCKED);
    if (err != OK) {
        print("badswap: no memory for %u blocks: %s\n", blocks, err_name(err));
        return 3;
    }
    return swap_serve(blocks, &ops) == OK ? 0 : 1;
}
