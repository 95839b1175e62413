/* Asking a disk driver. */
#include "common/string.h"
#include <apteryx/disk.h>
#include <apteryx/ipc.h>

static err_t answer(const struct message *m) { return m->label < ERR_COUNT ? (err_t)m->label : ERR_IO; }

err_t disk_size(handle_t port, uint64_t *sectors)
{
    struct message m;
    m.label = DISK_SIZE;
    m.words = 0;
    m.handles = 0;
    m.page.how = PAGE_NOTHING;
    TRY(ipc_call(port, &m));
    if (m.words != 2)
        return ERR_IO;
    *sectors = ((uint64_t)m.word[1] << 32) | m.word[0];
    return OK;
}

err_t disk_transfer(handle_t port, enum disk_operation operation, uint32_t first_sector, const uint32_t *tokens,
                    uint32_t n)
{
    struct message m;
    if (n == 0 || n > DISK_PAGES_MAX)
        return ERR_RANGE;
    m.label = DISK_TRANSFER;
    m.words = 3u + n;
    m.word[0] = operation;
    m.word[1] = first_sector;
    m.word[2] = n;
    memcpy(&m.word[3], tokens, n * 4u);
    m.handles = 0;
    m.page.how = PAGE_NOTHING;
    TRY(ipc_call(port, &m));
    return answer(&m);
}
