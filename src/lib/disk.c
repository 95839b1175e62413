/* Asking a disk driver. */
#include "common/string.h"
#include <apteryx/disk.h>
#include <apteryx/ipc.h>
#include <apteryx/time.h>

#define SLOT_PAUSE_US 1000u /* until the driver has done one of the requests that it holds */

static err_t answer(const struct message *m) { return m->label < ERR_COUNT ? (err_t)m->label : ERR_IO; }

/* A request without words. */
static err_t ask(handle_t port, uint32_t label, struct message *m)
{
    err_t err;
    do {
        message_start(m, label);
        TRY(ipc_call(port, m));
        err = answer(m);
        if (err == ERR_LIMIT)
            time_sleep_us(SLOT_PAUSE_US);
    } while (err == ERR_LIMIT);
    return err;
}

static err_t ask_size(handle_t port, struct message *m)
{
    TRY(ask(port, DISK_SIZE, m));
    return m->words == 4 ? OK : ERR_IO;
}

err_t disk_medium(handle_t port, uint64_t *sectors, uint32_t *medium)
{
    struct message m;
    TRY(ask_size(port, &m));
    *sectors = ((uint64_t)m.word[1] << 32) | m.word[0];
    *medium = m.word[3];
    return OK;
}

err_t disk_size(handle_t port, uint64_t *sectors)
{
    uint32_t medium;
    return disk_medium(port, sectors, &medium);
}

err_t disk_type(handle_t port, uint32_t *type)
{
    struct message m;
    TRY(ask_size(port, &m));
    *type = m.word[2];
    return OK;
}

err_t disk_flush(handle_t port)
{
    struct message m;
    return ask(port, DISK_FLUSH, &m);
}

static void transfer_fill(struct message *m, uint32_t operation, uint32_t first_sector, const uint32_t *tokens,
                          uint32_t n)
{
    m->label = DISK_TRANSFER;
    m->words = 3u + n;
    m->word[0] = operation;
    m->word[1] = first_sector;
    m->word[2] = n;
    memcpy(&m->word[3], tokens, n * 4u);
    m->handles = 0;
    m->page.how = PAGE_NOTHING;
}

err_t disk_transfer(handle_t port, uint32_t operation, uint32_t first_sector, const uint32_t *tokens, uint32_t n)
{
    struct message m;
    err_t err;
    if (n == 0 || n > DISK_PAGES_MAX)
        return ERR_RANGE;
    do {
        transfer_fill(&m, operation, first_sector, tokens, n);
        TRY(ipc_call(port, &m));
        err = answer(&m);
        if (err == ERR_LIMIT)
            time_sleep_us(SLOT_PAUSE_US);
    } while (err == ERR_LIMIT);
    return err;
}
