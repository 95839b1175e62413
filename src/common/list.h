/* A doubly linked ring, intrusive: a struct list_node stands in each member, and one more is the list's head.
 * => a node is in at most one list; one that is in none points to itself (list_start). All operations are O(1). */
#ifndef COMMON_LIST_H
#define COMMON_LIST_H

#include "common/assert.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct list_node {
    struct list_node *next, *previous;
};

/* Heads and nodes alike, before anything else. */
static inline void list_start(struct list_node *node) { node->next = node->previous = node; }

/* Of a head: nothing in the list. Of a node: in no list. => started */
static inline bool list_empty(const struct list_node *node)
{
    assert(node->next != NULL);
    return node->next == node;
}

/* => node in no list, at is a head or in a list */
static inline void list_insert_before(struct list_node *at, struct list_node *node)
{
    assert(list_empty(node));
    node->next = at;
    node->previous = at->previous;
    at->previous->next = node;
    at->previous = node;
}

static inline void list_push_back(struct list_node *head, struct list_node *node) { list_insert_before(head, node); }
static inline void list_push_front(struct list_node *head, struct list_node *node)
{
    list_insert_before(head->next, node);
}

/* Leaves the node in no list; one that is in none stays so. */
static inline void list_remove(struct list_node *node)
{
    assert(node->next->previous == node && node->previous->next == node);
    node->next->previous = node->previous;
    node->previous->next = node->next;
    list_start(node);
}

/* All of `from` goes to the end of `to`. Both are heads; `from` is empty then. */
static inline void list_append(struct list_node *to, struct list_node *from)
{
    if (list_empty(from))
        return;
    from->next->previous = to->previous;
    to->previous->next = from->next;
    from->previous->next = to;
    to->previous = from->previous;
    list_start(from);
}

/* NULL: the list is empty. */
static inline struct list_node *list_first(const struct list_node *head)
{
    return list_empty(head) ? NULL : head->next;
}
static inline struct list_node *list_pop_front(struct list_node *head)
{
    struct list_node *first = list_first(head);
    if (first != NULL)
        list_remove(first);
    return first;
}

/* The struct that a node stands in. */
#define list_member(node, type, field) ((type *)(void *)((uint8_t *)(node)-offsetof(type, field)))

/* Walks head's list; the body may remove `at`, and nothing else. */
#define list_for_each(at, head)                                                         \
    for (struct list_node *at = (head)->next, *list_next_##at = at->next; at != (head); \
         at = list_next_##at, list_next_##at = at->next)

#endif
