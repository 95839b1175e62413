/* discardswap: memswap that takes discards at their word. A discarded block is overwritten at once, so that a discard
 * which is wrong, or comes after the next write, loses a page of stress; one that is read all the same is logged.
 *
 * Every LOG_EVERY discards it logs a line: discardswap: held=N discarded=N wrong=N
 *   held       blocks that were written and not discarded since
 *   discarded  discards of such blocks, so far
 *   wrong      reads of blocks that are not held */
#include <apteryx/machine.h>
#include <apteryx/print.h>
#include <apteryx/string.h>
#include <apteryx/swap.h>
#include <apteryx/vm.h>

#define BLOCK_BYTES 4096u
#define BLOCKS_MAX 65536u
#define LOG_EVERY 16u
#define LINE_BYTES 80u

static uint8_t *const store = (uint8_t *)0x40000000;
static uint8_t is_held[BLOCKS_MAX];
static uint32_t held, discarded, wrong;

static uint32_t text_add(char *line, uint32_t at, const char *text)
{
    memcpy(line + at, text, strlen(text));
    return at + (uint32_t)strlen(text);
}

static uint32_t number_add(char *line, uint32_t at, uint32_t number)
{
    if (number >= 10)
        at = number_add(line, at, number / 10);
    line[at] = (char)('0' + number % 10);
    return at + 1;
}

static void counts_log(void)
{
    char line[LINE_BYTES];
    uint32_t at = number_add(line, text_add(line, 0, "discardswap: held="), held);
    at = number_add(line, text_add(line, at, " discarded="), discarded);
    at = number_add(line, text_add(line, at, " wrong="), wrong);
    (void)log_write(line, text_add(line, at, "\n"));
}

static err_t block_read(uint32_t block, void *page)
{
    wrong += !is_held[block];
    memcpy(page, store + block * BLOCK_BYTES, BLOCK_BYTES);
    return OK;
}

static err_t block_write(uint32_t block, const void *page)
{
    memcpy(store + block * BLOCK_BYTES, page, BLOCK_BYTES);
    held += !is_held[block];
    is_held[block] = 1;
    return OK;
}

static void block_discard(uint32_t block)
{
    memset(store + block * BLOCK_BYTES, 0xDD, BLOCK_BYTES);
    held -= is_held[block];
    discarded += is_held[block];
    is_held[block] = 0;
    if (discarded % LOG_EVERY == 0)
        counts_log();
}

int main(int argc, char **argv)
{
    static const struct swap_ops ops = {block_read, block_write, block_discard};
    uint32_t blocks = 0;
    if (!swap_blocks(argc, argv, &blocks) || blocks == 0 || blocks > BLOCKS_MAX) {
        print("discardswap: usage: discardswap blocks=N, at most %u\n", BLOCKS_MAX);
        return 2;
    }
    err_t err = vm_set((uintptr_t)store, blocks * BLOCK_BYTES, VM_ON_DEMAND);
    if (err == OK)
        err = vm_set((uintptr_t)store, blocks * BLOCK_BYTES, VM_LOCKED);
    if (err != OK) {
        print("discardswap: no memory for %u blocks: %s\n", blocks, err_name(err));
        return 3;
    }
    return swap_serve(blocks, &ops) == OK ? 0 : 1;
}
