/* A doubly linked list, sorted by address: the poll's favourite. */
#include "common/list.h"
#include "memory.h"
#include "structure.h"

struct node {
    struct list_node link;
    struct region region;
};

static struct list_node *head;

static void start(uint32_t most)
{
    (void)most;
    head = memory_take(sizeof *head);
    list_start(head);
}

static struct node *node_of(struct list_node *link) { return list_member(link, struct node, link); }

/* The first region that ends above the page, or the head. */
static struct list_node *seek(page_t page)
{
    struct list_node *at = head->next;
    while (at != head && node_of(at)->region.end.n <= page.n)
        at = at->next;
    return at;
}

static bool overlaps(page_t first, page_t end)
{
    struct list_node *at = seek(first);
    return at != head && node_of(at)->region.first.n < end.n;
}

static bool insert(const struct region *region)
{
    struct list_node *at = seek(region->first);
    if (at != head && node_of(at)->region.first.n < region->end.n)
        return false;
    struct node *node = memory_take(sizeof *node);
    node->region = *region;
    list_start(&node->link);
    list_insert_before(at, &node->link);
    return true;
}

static void remove(const struct region *region)
{
    struct node *node = node_of(seek(region->first));
    list_remove(&node->link);
    memory_give(node, sizeof *node);
}

static enum entry_kind kind_at(page_t page)
{
    struct list_node *at = seek(page);
    return at != head && node_of(at)->region.first.n <= page.n ? node_of(at)->region.kind : ENTRY_NONE;
}

static page_t find_hole(uint32_t pages, page_t from)
{
    struct hole hole = {from, pages};
    struct list_node *at = seek(from);
    while (at != head && hole_step(&hole, node_of(at)->region.first, node_of(at)->region.end))
        at = at->next;
    return hole_found(&hole);
}

const struct structure linked_list = {"linked list", start, insert, remove, kind_at, overlaps, find_hole, NULL};
