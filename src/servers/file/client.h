/* What the server knows of each process that has asked it for something: what it has open, and what it has mapped. It is
 * known by its number, which is not used again before the kernel has told of its end. */
#ifndef FILE_CLIENT_H
#define FILE_CLIENT_H

#include "abi/file_client.h"
#include "servers/file/mapping.h"
#include "servers/file/view.h"

struct client {
    struct client *next; /* with the same hash of the number */
    uint32_t pid;
    struct mappings mapped;
    uint32_t written;        /* pages of it that are mapped for writing */
    struct leaving *leaving; /* first of them */
    struct view *view[FILE_OPEN_MAX];
};

/* A page that was unmapped while its content was on its way here: a FILE_OUT will bring it. */
struct leaving {
    struct leaving *next;
    uintptr_t address;
    struct view *view; /* a reference */
    uint32_t page;
};

/* NULL: no such client; make: it is known from now on, or there is no memory. */
struct client *client_find(uint32_t pid, bool make);
/* It has ended: what it has open is closed, and nothing published. Unknown ones are passed over. */
void client_gone(uint32_t pid);

/* A number for a view, which takes over the caller's reference. Numbers of another life of the server are no numbers of
 * this one. => ERR_LIMIT */
MUST_USE err_t client_open(struct client *client, struct view *view, uint32_t *id);
/* => ERR_HANDLE */
MUST_USE err_t client_view(const struct client *client, uint32_t id, struct view **view);
/* The number is free again; its reference is the caller's now. => client_view knew it */
struct view *client_close(struct client *client, uint32_t id);

/* The page comes later. => ERR_MEMORY */
MUST_USE err_t leaving_note(struct client *client, uintptr_t address, struct view *view, uint32_t page);
/* NULL: none from start to end. */
struct leaving *leaving_find(const struct client *client, uintptr_t start, uintptr_t end);
/* It has come: it is forgotten. */
void leaving_done(struct client *client, struct leaving *leaving);

#endif
