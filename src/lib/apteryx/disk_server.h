/* Serving the disk protocol (abi/disk.h): what every disk driver shares. The library answers what is no work for the
 * device, turns partitions' sectors into the unit's, and holds requests; the driver asks for the next one, carries it
 * out, and answers it, in any order.
 *
 *     disk_unit_add(0, sectors, first_sector, false);
 *     TRY(disk_server_open(port));
 *     for (;;) {
 *         TRY(disk_receive(nothing_to_do, &bits));
 *         while ((request = disk_next(units_that_are_free)) != NULL)
 *             …; disk_answer(request, OK);
 *     }
 */
#ifndef APTERYX_DISK_SERVER_H
#define APTERYX_DISK_SERVER_H

#include "abi/disk.h"
#include <apteryx/types.h>

#define DISK_UNITS 2u
#define DISK_PARTITIONS 4u

enum disk_work { DISK_WORK_READ, DISK_WORK_WRITE, DISK_WORK_FLUSH, DISK_WORK_LOOK };

struct disk_request {
    enum disk_work work;
    uint32_t unit, sector, pages; /* all within the unit; only reads and writes have sector and pages */
    uint32_t medium;              /* the number that was named; 0 where it can't be changed */
    uint32_t token[DISK_PAGES_MAX];
    /* The library's own. */
    enum { DISK_REQUEST_NONE, DISK_REQUEST_WAITS, DISK_REQUEST_TAKEN } state;
    bool page_in;
    uint32_t number;
    handle_t reply;
};

/* A unit of that size, and its partitions, as its first sector says. only_blank: the unit is served as a whole only if
 * that sector is all zeros. => unit < DISK_UNITS; before disk_server_open  => false: as a whole it is not */
bool disk_unit_add(uint32_t unit, uint32_t sectors, const uint8_t *first_sector, bool only_blank);

/* A unit whose medium can be changed, without partitions. It is empty until the driver says what is in it, which it is
 * asked as often as somebody wants to know (DISK_WORK_LOOK): before it answers. It compares numbers of media itself. */
void disk_unit_changes(uint32_t unit);
/* sectors 0: nothing. medium: its number (abi/disk.h). */
void disk_unit_medium(uint32_t unit, uint32_t sectors, uint32_t medium);

/* Gives all but unit 0 their names; "disk" is the port's own. A successor finds them given already. */
err_t disk_server_open(handle_t port);

/* Takes all requests that are there; first waits for something if `wait` says so. *bits: those of the notifications that
 * came (interrupt_bind to the same port) are or-ed in. Anybody may send such bits: look whether it is true. */
err_t disk_receive(bool wait, uint32_t *bits);

/* The next request for one of these units (bit 0: unit 0 …); NULL: none waits. It is the driver's until it answers. */
struct disk_request *disk_next(uint32_t units);
void disk_answer(struct disk_request *request, err_t err);

#endif
