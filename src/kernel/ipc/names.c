/* Global names of ports: a small table, because services are few. */
#include "common/string.h"
#include "kernel/ipc/ipc.h"

#define NAMES 64u
static struct {
    char name[NAME_BYTES];
    struct port *port; /* NULL: free */
} names[NAMES];

struct port *name_find(const char *name)
{
    for (uint32_t i = 0; i < NAMES; i++)
        if (names[i].port && strcmp(names[i].name, name) == 0)
            return names[i].port;
    return NULL;
}

err_t name_add(const char *name, struct port *port)
{
    if (name_find(name))
        return ERR_BUSY;
    for (uint32_t i = 0; i < NAMES; i++) {
        if (names[i].port)
            continue;
        memcpy(names[i].name, name, strlen(name) + 1);
        names[i].port = port;
        port->named = true;
        return OK;
    }
    return ERR_LIMIT;
}

void names_forget(const struct port *port)
{
    for (uint32_t i = 0; i < NAMES; i++)
        if (names[i].port == port)
            names[i].port = NULL;
}
