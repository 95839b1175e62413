/* swap: the swap server on a disk. Block n is sectors 8n … 8n + 7; it keeps nothing else, so that it can be killed and
 * started again at any moment.
 *
 * Handles: 1 the service port, 2 the swap right. Arguments: disk=NAME, whose port it is (without it: "disk"); last
 * blocks=N, at most so many blocks.
 * Ends with status 3 when there is no disk. Never prints through the console, which might wait for memory. */
#include "abi/disk.h"
#include "common/string.h"
#include "servers/help.h"
#include "servers/log.h"
#include "servers/swap/batch.h"
#include <apteryx/disk.h>
#include <apteryx/hardware.h>
#include <apteryx/ipc.h>
#include <apteryx/process.h>
#include <apteryx/swap.h>

#define SERVICE_PORT 1
#define SWAP_RIGHT 2
#define BLOCK_SECTORS 8u
#define BLOCKS_MAX 0x10000000u
#define DISK_ARGUMENT "disk="
#define STATUS_USAGE 2
#define STATUS_NO_DISK 3

static struct message m;
static const char *disk_name = "disk";
static handle_t disk;
static struct batch batch;
static uint32_t blocks;
static uint32_t answer[SWAP_BATCH_MAX];

static err_t disk_find(void)
{
    handle_t found;
    TRY(name_lookup(disk_name, &found));
    if (disk != 0)
        (void)handle_close(disk);
    disk = found;
    return OK;
}

/* One transfer for `count` requests of the batch's order. */
static err_t run_transfer(uint32_t from, uint32_t count)
{
    uint32_t token[SWAP_BATCH_MAX];
    uint32_t first = m.word[2 * batch.order[from]], block = swap_request_block(first);
    if (block >= blocks || count > blocks - block)
        return ERR_IO;
    for (uint32_t i = 0; i < count; i++)
        token[i] = m.word[2 * batch.order[from + i] + 1];
    enum disk_operation operation = swap_request_operation(first) == SWAP_READ ? DISK_PAGE_IN : DISK_WRITE;
    err_t err = disk_transfer(disk, operation, block * BLOCK_SECTORS, token, count);
    if (err != ERR_DEAD)
        return err;
    TRY(disk_find()); /* another driver may serve under the name now */
    return disk_transfer(disk, operation, block * BLOCK_SECTORS, token, count);
}

/* A run that fails is done again block by block, so that only those suffer that the disk cannot serve. */
static void run_serve(uint32_t from, uint32_t count)
{
    err_t err = run_transfer(from, count);
    for (uint32_t i = 0; i < count; i++) {
        err_t one = err != OK && count > 1 ? run_transfer(from + i, 1) : err;
        answer[batch.order[from + i]] = one == OK ? OK : ERR_IO;
    }
}

static void batch_serve(void)
{
    uint32_t requests = m.words / 2, run;
    memset(answer, 0, sizeof(answer));
    batch_sort(&batch, m.word, requests);
    for (uint32_t at = 0; at < batch.count; at += run) {
        run = batch_run(&batch, m.word, at, DISK_PAGES_MAX);
        run_serve(at, run);
    }
    m.label = OK;
    m.words = requests;
    memcpy(m.word, answer, requests * sizeof(answer[0]));
}

static void serve(void)
{
    message_drop(&m);
    if (m.label == SWAP_BATCH && m.words % 2 == 0 && m.words / 2 <= SWAP_BATCH_MAX) {
        batch_serve();
    } else {
        m.label = ERR_RANGE;
        m.words = 0;
    }
    m.page.how = PAGE_NOTHING;
}

/* The blocks that we may have, and the disk has. */
static err_t blocks_count(uint32_t wanted)
{
    uint64_t sectors = 0;
    TRY(disk_find());
    TRY(disk_size(disk, &sectors));
    uint64_t fit = sectors / BLOCK_SECTORS;
    blocks = fit < BLOCKS_MAX ? (uint32_t)fit : BLOCKS_MAX - 1;
    if (wanted < blocks)
        blocks = wanted;
    return blocks > 0 ? OK : ERR_NO_ENTRY;
}

int main(int argc, char **argv)
{
    uint32_t wanted;
    if (help_asked(argc, argv, "swap [disk=NAME] blocks=N", "The swap server on a disk."))
        return 0;
    if (!swap_blocks(argc, argv, &wanted)) {
        log_line("swap: usage: swap [disk=NAME] blocks=N");
        return STATUS_USAGE;
    }
    const uint32_t key = sizeof(DISK_ARGUMENT) - 1;
    if (argc > 2 && strlen(argv[1]) > key && memcmp(argv[1], DISK_ARGUMENT, key) == 0)
        disk_name = argv[1] + key;
    handle_t port = start_handle(SERVICE_PORT), reply;
    err_t err = blocks_count(wanted);
    if (err != OK) {
        log_line("swap: no disk (%u)", err);
        return STATUS_NO_DISK;
    }
    err = swap_register(start_handle(SWAP_RIGHT), port, blocks);
    if (err == OK)
        err = ipc_receive(port, &m, &reply, NULL, 0);
    while (err == OK) {
        if (reply != 0)
            serve();
        err = ipc_reply_receive(reply, port, &m, &reply, NULL);
    }
    log_line("swap: cannot serve: %u", err);
    return 1;
}
