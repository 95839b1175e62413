/* atapi: the driver of the CD drive, a packet device of the secondary ATA channel. Serves the disk protocol
 * (abi/disk.h), with sectors of 512 bytes as everywhere there: transfers begin at a block of the disc, so that the first
 * sector's number is a multiple of 4 (else ERR_RANGE), and nothing is written (ERR_RIGHTS).
 *
 * Handles: the service port, the swap right, with which pages in flight are seen, the command ports, the control port,
 * the interrupt. A driver of its own, so that no page-in waits for a disc to turn. Ends with status 3 when there is no
 * drive. A drive may be empty, and its disc changed: nothing is read of a disc that nobody has asked the size of. */
#include "servers/atapi/drive.h"
#include "servers/atapi/packet.h"
#include "servers/disk_given.h"
#include "servers/help.h"
#include "servers/log.h"
#include <apteryx/hardware.h>
#include <apteryx/process.h>

enum given { SERVICE_PORT = 1, SWAP_RIGHT, COMMAND_PORTS, CONTROL_PORT, INTERRUPT };

#define UNIT 0u

static err_t look(void)
{
    uint32_t sectors = 0;
    err_t err = drive_look(&sectors);
    disk_unit_medium(UNIT, sectors, drive_medium());
    return err;
}

static err_t request_serve(const struct disk_request *request)
{
    if (request->work == DISK_WORK_LOOK)
        return look();
    if (request->work == DISK_WORK_FLUSH)
        return OK; /* nothing is kept back */
    if (request->work == DISK_WORK_WRITE)
        return ERR_RIGHTS;
    if (request->medium != drive_medium())
        return ERR_NO_ENTRY;
    if (request->sector % CD_BLOCK_SECTORS != 0)
        return ERR_RANGE;
    err_t err = drive_read(request->sector, request->token, request->pages);
    if (err == ERR_IO)
        log_line("atapi: read of %u pages at sector %u failed", request->pages, request->sector);
    return err;
}

static err_t serve(void)
{
    TRY(disk_server_open(start_handle(SERVICE_PORT)));
    for (;;) {
        uint32_t bits = 0; /* the channel's interrupts have a port of their own */
        TRY(disk_receive(true, &bits));
        struct disk_request *request;
        while ((request = disk_next(1u << UNIT)) != NULL)
            disk_answer(request, request_serve(request));
    }
}

static err_t open(void)
{
    TRY(io_enable(start_handle(COMMAND_PORTS)));
    TRY(io_enable(start_handle(CONTROL_PORT)));
    return drive_open(start_handle(SWAP_RIGHT), start_handle(INTERRUPT));
}

int main(int argc, char **argv)
{
    if (help_asked(argc, argv, "atapi", "The driver of the CD drive."))
        return 0;
    err_t err = open();
    if (err != OK) {
        log_line("atapi: no drive to serve (%u)", err);
        return DISK_STATUS_NO_DRIVE;
    }
    disk_unit_changes(UNIT);
    log_line("atapi: cannot serve: %u", serve());
    return 1;
}
