#include "lib/disk_queue.h"

struct disk_request *disk_queue_slot(struct disk_queue *queue, uint32_t port)
{
    for (uint32_t i = 0; i < DISK_SLOTS; i++)
        if (queue->slot[port][i].state == DISK_REQUEST_NONE)
            return &queue->slot[port][i];
    return NULL;
}

void disk_queue_put(struct disk_queue *queue, struct disk_request *request)
{
    request->number = ++queue->last_number;
    request->state = DISK_REQUEST_WAITS;
}

/* Numbers are compared by their distance: they begin anew after 2^32 requests. */
static bool came_before(const struct disk_request *one, const struct disk_request *other)
{
    return other == NULL || (int32_t)(one->number - other->number) < 0;
}

static bool overlap(const struct disk_request *one, const struct disk_request *other)
{
    return one->unit == other->unit && one->sector < other->sector + 8u * other->pages &&
           other->sector < one->sector + 8u * one->pages;
}

/* It names sectors of one that the device is at. Above all that happens when somebody died who waited for that one, and
 * the successor asks again: answered first, its pages would be used while the device still works on them. */
static bool is_held_up(const struct disk_queue *queue, const struct disk_request *request)
{
    for (uint32_t port = 0; port < DISK_PORTS; port++)
        for (uint32_t i = 0; i < DISK_SLOTS; i++) {
            const struct disk_request *other = &queue->slot[port][i];
            if (other->state == DISK_REQUEST_TAKEN && overlap(request, other))
                return true;
        }
    return false;
}

/* The first that came of a port's requests, page-ins or the rest. */
static struct disk_request *oldest(struct disk_queue *queue, uint32_t port, bool page_in, uint32_t units)
{
    struct disk_request *found = NULL;
    for (uint32_t i = 0; i < DISK_SLOTS; i++) {
        struct disk_request *request = &queue->slot[port][i];
        if (request->state == DISK_REQUEST_WAITS && request->page_in == page_in && (units >> request->unit & 1u) &&
            came_before(request, found) && !is_held_up(queue, request))
            found = request;
    }
    return found;
}

static struct disk_request *oldest_page_in(struct disk_queue *queue, uint32_t units)
{
    struct disk_request *found = NULL;
    for (uint32_t port = 0; port < DISK_PORTS; port++) {
        struct disk_request *request = oldest(queue, port, true, units);
        if (request != NULL && came_before(request, found))
            found = request;
    }
    return found;
}

static struct disk_request *next_in_turn(struct disk_queue *queue, uint32_t units, uint32_t *port)
{
    struct disk_request *found = NULL;
    for (uint32_t i = 0; i < DISK_PORTS && found == NULL; i++) {
        *port = (queue->turn + i) % DISK_PORTS;
        found = oldest(queue, *port, false, units);
    }
    return found;
}

struct disk_request *disk_queue_next(struct disk_queue *queue, uint32_t units)
{
    uint32_t port;
    struct disk_request *page_in = oldest_page_in(queue, units), *other = next_in_turn(queue, units, &port);
    struct disk_request *next = page_in;
    if (other != NULL && (page_in == NULL || queue->page_ins == DISK_PAGE_INS_MAX))
        next = other;
    if (next == NULL)
        return NULL;
    if (next == other)
        queue->turn = port + 1;
    queue->page_ins = next == other ? 0 : queue->page_ins + (other != NULL);
    next->state = DISK_REQUEST_TAKEN;
    return next;
}
