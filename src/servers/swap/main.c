/* swap: the swap server on a disk. Block n is sectors 8n … 8n + 7; it keeps nothing else, so that it can be killed and
 * started again at any moment.
 *
 * A worker for each batch that the kernel may have in flight: so the driver sees all that is asked for at once, and a
 * page-in does not wait here until the writes before it are done.
 *
 * Handles: 1 the service port, 2 the swap right. Arguments: disk=NAME, whose port it is (without it: "disk"); last
 * blocks=N, at most so many blocks.
 * Ends with status 3 when there is no disk. Never prints through the console, which might wait for memory. */
#include "abi/disk.h"
#include "common/string.h"
#include "common/units.h"
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

_Static_assert(SWAP_BATCHES <= DISK_SLOTS, "the driver holds a request of every worker");

struct worker {
    struct message m;
    struct batch batch;
    uint32_t answer[SWAP_BATCH_MAX], token[SWAP_BATCH_MAX];
    handle_t disk;
};

static struct worker workers[SWAP_BATCHES];
static const char *disk_name = "disk";
static uint32_t blocks;

static err_t disk_find(struct worker *worker)
{
    handle_t found;
    TRY(name_lookup(disk_name, &found));
    if (worker->disk != 0)
        (void)handle_close(worker->disk);
    worker->disk = found;
    return OK;
}

/* One transfer for `count` requests of the batch's order. */
static err_t run_transfer(struct worker *worker, uint32_t from, uint32_t count)
{
    const uint32_t *word = worker->m.word, *order = worker->batch.order + from;
    uint32_t first = word[2 * order[0]], block = swap_request_block(first);
    if (block >= blocks || count > blocks - block)
        return ERR_IO;
    for (uint32_t i = 0; i < count; i++)
        worker->token[i] = word[2 * order[i] + 1];
    enum disk_operation operation = swap_request_operation(first) == SWAP_READ ? DISK_PAGE_IN : DISK_WRITE;
    err_t err = disk_transfer(worker->disk, operation, block * BLOCK_SECTORS, worker->token, count);
    if (err != ERR_DEAD)
        return err;
    TRY(disk_find(worker)); /* another driver may serve under the name now */
    return disk_transfer(worker->disk, operation, block * BLOCK_SECTORS, worker->token, count);
}

/* A run that fails is done again block by block, so that only those suffer that the disk cannot serve. */
static void run_serve(struct worker *worker, uint32_t from, uint32_t count)
{
    err_t err = run_transfer(worker, from, count);
    for (uint32_t i = 0; i < count; i++) {
        err_t one = err != OK && count > 1 ? run_transfer(worker, from + i, 1) : err;
        worker->answer[worker->batch.order[from + i]] = one == OK ? OK : ERR_IO;
    }
}

static void batch_serve(struct worker *worker)
{
    struct message *m = &worker->m;
    uint32_t requests = m->words / 2, run;
    memset(worker->answer, 0, sizeof(worker->answer));
    batch_sort(&worker->batch, m->word, requests);
    for (uint32_t at = 0; at < worker->batch.count; at += run) {
        run = batch_run(&worker->batch, m->word, at, DISK_PAGES_MAX);
        run_serve(worker, at, run);
    }
    m->label = OK;
    m->words = requests;
    memcpy(m->word, worker->answer, requests * sizeof(worker->answer[0]));
}

static void message_serve(struct worker *worker)
{
    struct message *m = &worker->m;
    message_drop(m);
    if (m->label == SWAP_BATCH && m->words % 2 == 0 && m->words / 2 <= SWAP_BATCH_MAX) {
        batch_serve(worker);
    } else {
        m->label = ERR_RANGE;
        m->words = 0;
    }
    m->page.how = PAGE_NOTHING;
}

/* Returns on an error only. */
static err_t work(struct worker *worker)
{
    handle_t port = start_handle(SERVICE_PORT), reply = 0;
    for (;;) {
        TRY(ipc_reply_receive(reply, port, &worker->m, &reply, NULL));
        if (reply != 0)
            message_serve(worker);
    }
}

/* One more, if there is memory for it: the first can do without. */
static void worker_thread(void *argument)
{
    struct worker *worker = argument;
    if (thread_lock_stack(PAGE_BYTES) != OK || disk_find(worker) != OK)
        return;
    log_line("swap: cannot serve: %u", work(worker));
    process_exit(1);
}

static void workers_start(void)
{
    for (uint32_t i = 1; i < SWAP_BATCHES; i++) {
        handle_t thread;
        if (thread_create(worker_thread, &workers[i], PRIORITY_OWN, &thread) == OK)
            (void)handle_close(thread);
    }
}

/* The blocks that we may have, and the disk has. */
static err_t blocks_count(uint32_t wanted)
{
    uint64_t sectors = 0;
    TRY(disk_find(&workers[0]));
    TRY(disk_size(workers[0].disk, &sectors));
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
    err_t err = blocks_count(wanted);
    if (err != OK) {
        log_line("swap: no disk (%u)", err);
        return STATUS_NO_DISK;
    }
    err = swap_register(start_handle(SWAP_RIGHT), start_handle(SERVICE_PORT), blocks);
    if (err == OK) {
        workers_start();
        err = work(&workers[0]);
    }
    log_line("swap: cannot serve: %u", err);
    return 1;
}
