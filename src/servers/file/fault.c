/* Page faults of clients, answered out of the cache. */
#include "servers/file/pages.h"
#include "abi/fault.h"
#include "common/units.h"
#include <apteryx/file_server.h>

/* What the view's page is to become there. */
static err_t fault_show(const struct mapping *mapping, const struct file_fault *fault, struct cached *shown)
{
    uint32_t before = (uint32_t)(fault->page - mapping->start) / PAGE_BYTES;
    if (mapping->view->spoiled)
        return ERR_IO;
    return view_show(mapping->view, mapping->first + before, mapping->pages - before, shown);
}

void pages_fault(struct message *m, struct cached *shown)
{
    struct file_fault fault;
    shown->pages = 0;
    bool asked = file_fault_read(m, &fault);
    const struct client *client = asked ? client_find(fault.process, false) : NULL;
    const struct mapping *mapping = client != NULL ? mappings_find(&client->mapped, fault.page) : NULL;
    bool write = fault.access == FAULT_WRITE;
    if (mapping == NULL || (write && mapping->how == FILE_HOW_READ) || fault_show(mapping, &fault, shown) != OK) {
        file_fail(m);
    } else if (!write) {
        file_supply(m, shown->start, shown->pages * PAGE_BYTES, PAGE_MAP, FILE_COPY_PRIVATE);
    } else {
        enum file_copy copy = mapping->how == FILE_HOW_WRITE ? FILE_COPY_PRIVATE : FILE_COPY_NORMAL;
        file_supply(m, shown->start, PAGE_BYTES, PAGE_COPY, copy);
    }
}
