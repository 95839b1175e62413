/* badtables SKIP blocks=N: a swap server that can't read some page tables. After the first SKIP of those that are all but
 * promises, each hundredth that is written can't be read, as long as its block is not written again. */
#include <apteryx/options.h>
#include <apteryx/print.h>
#include <apteryx/swap.h>
#include <apteryx/string.h>
#include <apteryx/vm.h>

#define BLOCK_BYTES 4096u
#define BLOCK_WORDS 1024u
#define BLOCKS_MAX 65536u
#define PROMISE 2u /* an entry that says ON_DEMAND; its bit 0 is the seal's */
#define ONE_IN 100u

static uint32_t *const store = (uint32_t *)0x40000000;
static uint32_t tables, skip;
static uint8_t unreadable[BLOCKS_MAX];

static int is_table(const uint32_t *word)
{
    uint32_t promises = 0;
    for (uint32_t i = 0; i < BLOCK_WORDS; i++)
        promises += (word[i] & ~1u) == PROMISE;
    return promises > BLOCK_WORDS - 8;
}

static err_t block_read(uint32_t block, void *page)
{
    memcpy(page, store + block * BLOCK_WORDS, BLOCK_BYTES);
    return unreadable[block] ? ERR_IO : OK;
}

static err_t block_write(uint32_t block, const void *page)
{
    memcpy(store + block * BLOCK_WORDS, page, BLOCK_BYTES);
    unreadable[block] = is_table(page) && ++tables > skip && tables % ONE_IN == 0;
    return OK;
}

int main(int argc, char **argv)
{
    static const struct swap_ops ops = {.read = block_read, .write = block_write};
    uint32_t blocks;
    if (!options_number(argc > 1 ? argv[1] : "", &skip) || !swap_blocks(argc, argv, &blocks) || blocks > BLOCKS_MAX) {
        print("badtables: usage: badtables SKIP blocks=N, at most %u\n", BLOCKS_MAX);
        return 2;
    }
    err_t err = vm_set((uintptr_t)store, blocks * BLOCK_BYTES, VM_ON_DEMAND);
    if (err == OK)
        err = vm_set((uintptr_t)store, blocks * BLOCK_BYTES, VM_LOCKED);
    if (err == OK)
        err = vm_set((uintptr_t)unreadable, sizeof unreadable, VM_LOCKED);
    if (err != OK) {
        print("badtables: no memory for %u blocks: %s\n", blocks, err_name(err));
        return 3;
    }
    return swap_serve(blocks, &ops) == OK ? 0 : 1;
}
