/* Serving the disk protocol (apteryx/disk_server.h). A port's number is its badge: unit × 5, + 1 … 4 for partitions. */
#include "common/format.h"
#include "common/string.h"
#include "lib/disk_partitions.h"
#include "lib/disk_queue.h"
#include <apteryx/ipc.h>

#define PORTS_OF_UNIT (1u + DISK_PARTITIONS)
#define PAGE_SECTORS 8u
#define TRANSFER_WORDS 3u
#define NAME_ROOM 16u
#define PORT_NONE UINT32_MAX
#define OPERATION_MASK ((1u << DISK_MEDIUM_SHIFT) - 1u)
#define LONG_AGO 1u /* a deadline: what is there already, and nothing else */

static struct disk_extent extent[DISK_PORTS]; /* sectors 0: not there */
static struct {
    bool changes;
    uint32_t number;
} medium_of[DISK_UNITS];
static struct disk_queue queue;
static handle_t service;
static struct message m;

static bool is_blank(const uint8_t *sector)
{
    for (uint32_t i = 0; i < DISK_SECTOR_BYTES; i++)
        if (sector[i] != 0)
            return false;
    return true;
}

bool disk_unit_add(uint32_t unit, uint32_t sectors, const uint8_t *first_sector, bool only_blank)
{
    struct disk_extent *of_unit = &extent[unit * PORTS_OF_UNIT];
    bool whole = !only_blank || is_blank(first_sector);
    of_unit[0] = (struct disk_extent){0, whole ? sectors : 0, 0};
    disk_partitions(first_sector, sectors, of_unit + 1);
    return whole;
}

void disk_unit_changes(uint32_t unit) { medium_of[unit].changes = true; }

void disk_unit_medium(uint32_t unit, uint32_t sectors, uint32_t medium)
{
    extent[unit * PORTS_OF_UNIT].sectors = sectors;
    medium_of[unit].number = medium;
}

/* The names stay with the port, which outlives its server: then it is taken, by ourselves. */
static err_t name_give(uint32_t port)
{
    char name[NAME_ROOM];
    handle_t badged;
    uint32_t unit = port / PORTS_OF_UNIT, partition = port % PORTS_OF_UNIT;
    if (partition == 0)
        (void)format_text(name, sizeof name, "disk.%u", unit);
    else
        (void)format_text(name, sizeof name, "disk.%u.%u", unit, partition);
    TRY(handle_copy(service, RIGHT_SEND | RIGHT_RECEIVE, port, &badged));
    err_t err = name_register(name, badged);
    TRY(handle_close(badged));
    return err == ERR_BUSY ? OK : err;
}

err_t disk_server_open(handle_t port)
{
    service = port;
    for (uint32_t i = 1; i < DISK_PORTS; i++)
        if (extent[i].sectors > 0)
            TRY(name_give(i));
    return OK;
}

/* What the request asks for, if that is lawful. */
static err_t transfer_read(const struct disk_extent *within, struct disk_request *request)
{
    uint32_t operation = m.word[0] & OPERATION_MASK, medium = m.word[0] >> DISK_MEDIUM_SHIFT, pages = m.word[2];
    if (m.words < TRANSFER_WORDS || pages == 0 || pages > DISK_PAGES_MAX || m.words != TRANSFER_WORDS + pages)
        return ERR_RANGE;
    if (operation != DISK_READ && operation != DISK_WRITE && operation != DISK_PAGE_IN)
        return ERR_RANGE;
    if (pages * PAGE_SECTORS > within->sectors || m.word[1] > within->sectors - pages * PAGE_SECTORS)
        return ERR_RANGE;
    if (medium != 0 && !medium_of[request->unit].changes)
        return ERR_RANGE;
    request->medium = medium;
    request->work = operation == DISK_WRITE ? DISK_WORK_WRITE : DISK_WORK_READ;
    request->page_in = operation == DISK_PAGE_IN;
    request->sector = within->first + m.word[1];
    request->pages = pages;
    memcpy(request->token, &m.word[TRANSFER_WORDS], pages * sizeof request->token[0]);
    return OK;
}

/* Puts the message into a slot. */
static err_t request_take(uint32_t port, handle_t reply)
{
    struct disk_request *request = disk_queue_slot(&queue, port);
    if (request == NULL)
        return ERR_LIMIT;
    request->work = m.label == DISK_SIZE ? DISK_WORK_LOOK : DISK_WORK_FLUSH;
    request->page_in = false;
    request->unit = port / PORTS_OF_UNIT;
    request->sector = request->pages = request->medium = 0;
    request->reply = reply;
    if (m.label == DISK_TRANSFER)
        TRY(transfer_read(&extent[port], request));
    disk_queue_put(&queue, request);
    return OK;
}

/* about: the number of a port whose size is told; PORT_NONE: of none. */
static void answer_give(handle_t reply, err_t label, uint32_t about)
{
    message_start(&m, label);
    if (about != PORT_NONE && label == OK) {
        m.words = 4;
        m.word[0] = extent[about].sectors;
        m.word[1] = 0;
        m.word[2] = extent[about].type;
        m.word[3] = medium_of[about / PORTS_OF_UNIT].number;
    }
    (void)ipc_reply(reply, &m); /* whoever asked may be gone */
}

/* What is in a drive now its driver must say. */
static bool is_to_be_looked_at(uint32_t port)
{
    return m.label == DISK_SIZE && port % PORTS_OF_UNIT == 0 && medium_of[port / PORTS_OF_UNIT].changes;
}

static void message_serve(handle_t reply, uint32_t port)
{
    message_drop(&m);
    if (reply == 0)
        return;
    if (port >= DISK_PORTS || (extent[port].sectors == 0 && !is_to_be_looked_at(port))) {
        answer_give(reply, ERR_NO_ENTRY, PORT_NONE);
    } else if (m.label == DISK_SIZE && !is_to_be_looked_at(port)) {
        answer_give(reply, OK, port);
    } else {
        bool known = m.label == DISK_TRANSFER || m.label == DISK_FLUSH || m.label == DISK_SIZE;
        err_t err = known ? request_take(port, reply) : ERR_RANGE;
        if (err != OK)
            answer_give(reply, err, PORT_NONE);
    }
}

err_t disk_receive(bool wait, uint32_t *bits)
{
    handle_t reply;
    uint32_t port;
    err_t err = ipc_receive(service, &m, &reply, &port, wait ? 0 : LONG_AGO);
    for (; err == OK; err = ipc_receive(service, &m, &reply, &port, LONG_AGO)) {
        if (reply == 0 && m.label == IPC_NOTIFY)
            *bits |= m.word[0];
        message_serve(reply, port);
    }
    return err == ERR_TIME ? OK : err;
}

struct disk_request *disk_next(uint32_t units) { return disk_queue_next(&queue, units); }

void disk_answer(struct disk_request *request, err_t err)
{
    bool look = request->work == DISK_WORK_LOOK;
    answer_give(request->reply, err, look ? request->unit * PORTS_OF_UNIT : PORT_NONE);
    request->state = DISK_REQUEST_NONE;
}
