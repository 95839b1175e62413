/* ata: the disk driver of the primary ATA channel: unit 0 its master, unit 1 its slave. Serves the disk protocol
 * (abi/disk.h), whose rule says which of the requests that it holds is next.
 *
 * Argument: `blank` serves unit 0 as a whole only if its first sector is all zeros (a plain boot must not scribble on
 * somebody's disk). Handles: servers/disk_given.h.
 * Ends with status 3 when there is no drive to serve. */
#include "common/string.h"
#include "servers/ata/drives.h"
#include "servers/disk_given.h"
#include "servers/help.h"
#include "servers/log.h"
#include <apteryx/hardware.h>
#include <apteryx/process.h>

#define ALL_UNITS UINT32_MAX

static err_t enable_ports(void)
{
    TRY(io_enable(start_handle(GIVEN_ATA_COMMAND_PORTS)));
    TRY(io_enable(start_handle(GIVEN_ATA_CONTROL_PORT)));
    TRY(io_enable(start_handle(GIVEN_PCI_PORTS)));
    return io_enable(start_handle(GIVEN_BAR_PORTS));
}

static void unit_announce(uint32_t unit, bool only_blank)
{
    static uint8_t sector[DISK_SECTOR_BYTES];
    const struct drive *drive = drive_of(unit);
    if (drive == NULL)
        return;
    log_line("ata: unit %u: %u sectors, %s%s", unit, drive->sectors, drive_uses_dma(unit) ? "DMA" : "PIO",
             drive->lba48 ? ", 48-bit addresses" : "");
    err_t err = drive_first_sector(unit, sector);
    if (err != OK)
        log_line("ata: unit %u: its first sector cannot be read (%u)", unit, err);
    else if (!disk_unit_add(unit, drive->sectors, sector, only_blank && unit == 0))
        log_line("ata: unit %u is not blank: only its partitions are served", unit);
}

static err_t serve(void)
{
    struct disk_request *request = NULL;
    TRY(disk_server_open(start_handle(GIVEN_PORT)));
    for (;;) {
        uint32_t bits; /* the channel's interrupts have a port of their own */
        TRY(disk_receive(request == NULL, &bits));
        request = disk_next(ALL_UNITS);
        if (request != NULL)
            disk_answer(request, drive_work(request));
    }
}

int main(int argc, char **argv)
{
    if (help_asked(argc, argv, "ata [blank]", "The disk driver of the primary ATA channel."))
        return 0;
    bool only_blank = argc > 1 && strcmp(argv[1], "blank") == 0;
    err_t err = enable_ports();
    if (err == OK)
        err = drives_open();
    if (err != OK) {
        log_line("ata: no disk to serve (%u)", err);
        return DISK_STATUS_NO_DRIVE;
    }
    for (uint32_t unit = 0; unit < DISK_UNITS; unit++)
        unit_announce(unit, only_blank);
    log_line("ata: cannot serve: %u", serve());
    return 1;
}
