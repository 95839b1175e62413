/* memswap: the smallest swap server. It keeps every block in its own locked memory, as ramswap does. */
#include <apteryx/print.h>
#include <apteryx/string.h>
#include <apteryx/swap.h>
#include <apteryx/vm.h>

#define BLOCK_BYTES 4096u
static uint8_t *const store = (uint8_t *)0x40000000; /* free address space in every program */

static err_t block_read(uint32_t block, void *page)
{
    memcpy(page, store + block * BLOCK_BYTES, BLOCK_BYTES);
    return OK;
}

static err_t block_write(uint32_t block, const void *page)
{
    memcpy(store + block * BLOCK_BYTES, page, BLOCK_BYTES);
    return OK;
}

int main(int argc, char **argv)
{
    static const struct swap_ops ops = {.read = block_read, .write = block_write};
    uint32_t blocks;
    if (!swap_blocks(argc, argv, &blocks)) {
        print("memswap: usage: memswap blocks=N\n");
        return 2;
    }
    err_t err = vm_set((uintptr_t)store, blocks * BLOCK_BYTES, VM_ON_DEMAND);
    if (err == OK)
        err = vm_set((uintptr_t)store, blocks * BLOCK_BYTES, VM_LOCKED); /* a pager must never wait for a page */
    if (err != OK) {
        print("memswap: no memory for %u blocks: %s\n", blocks, err_name(err));
        return 3; /* "I cannot serve": init does not start it again */
    }
    return swap_serve(blocks, &ops) == OK ? 0 : 1;
}
