/* Global names of ports, hashed. A name goes with its port, and keeps the badge of the handle that it was given. */
#include "common/string.h"
#include "kernel/ipc/ipc.h"
#include "kernel/task/pool.h"

struct name {
    struct list_node of_port;
    struct name *next; /* of its bucket */
    struct port *port;
    uint32_t badge;
    char text[NAME_BYTES];
};

#define BUCKETS 512u
#define NAMES_OF_PORT 16u
static struct name *buckets[BUCKETS];
static struct pool names = POOL_OF(names, struct name);

static struct name **bucket_of(const char *text)
{
    uint32_t hash = 0;
    for (; *text; text++)
        hash = hash * 31u + (uint8_t)*text;
    return &buckets[hash % BUCKETS];
}

struct port *name_find(const char *text, uint32_t *badge)
{
    for (const struct name *name = *bucket_of(text); name; name = name->next)
        if (strcmp(name->text, text) == 0) {
            *badge = name->badge;
            return name->port;
        }
    return NULL;
}

static uint32_t names_of(const struct port *port)
{
    uint32_t count = 0;
    list_for_each(at, &port->names) count++;
    return count;
}

err_t name_add(const char *text, struct port *port, uint32_t badge)
{
    void *object;
    uint32_t other;
    if (name_find(text, &other))
        return ERR_BUSY;
    if (names_of(port) == NAMES_OF_PORT)
        return ERR_LIMIT;
    TRY(pool_take(&names, port->account, &object));
    struct name *name = object, **bucket = bucket_of(text);
    memcpy(name->text, text, strlen(text) + 1);
    name->port = port;
    name->badge = badge;
    name->next = *bucket;
    *bucket = name;
    list_start(&name->of_port);
    list_push_back(&port->names, &name->of_port);
    return OK;
}

void names_forget(struct port *port)
{
    for (struct list_node *at; (at = list_pop_front(&port->names)) != NULL;) {
        struct name *name = list_member(at, struct name, of_port), **link = bucket_of(name->text);
        while (*link != name)
            link = &(*link)->next;
        *link = name->next;
        pool_return(&names, port->account, name);
    }
}
