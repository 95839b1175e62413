#include "servers/ata/drives.h"
#include "servers/ata/bus_master.h"
#include "servers/ata/transfer.h"
#include "servers/disk_given.h"
#include "servers/log.h"
#include "servers/pci.h"
#include <apteryx/hardware.h>
#include <apteryx/process.h>

#define ATTEMPTS 3
#define FLUSH_LIMIT_US 31000000u

#define CLASS_IDE 0x0101u
#define INTERFACE_PRIMARY_NATIVE 0x01u
#define INTERFACE_BUS_MASTER 0x80u

static struct channel channel = {.ports = ATA_PRIMARY_PORTS, .control = ATA_PRIMARY_CONTROL};
static struct drive drives[DISK_UNITS]; /* sectors 0: none */

const struct drive *drive_of(uint32_t unit) { return drives[unit].sectors > 0 ? &drives[unit] : NULL; }
bool drive_uses_dma(uint32_t unit) { return channel.bus_master != 0 && drives[unit].dma; }

/* ---- finding them ---- */

static bool is_controller(uint32_t function)
{
    uint32_t class = pci_read(function, PCI_CLASS), interface = class >> 8 & 0xFFu;
    return class >> 16 == CLASS_IDE && (interface & INTERFACE_BUS_MASTER) && !(interface & INTERFACE_PRIMARY_NATIVE);
}

/* The bus-master registers of the first IDE controller in compatibility mode, primary channel first; 0: there is none. */
static uint16_t bus_master_find(void)
{
    if (!pci_is_there())
        return 0;
    uint32_t function = pci_function_from(0);
    while (function < PCI_FUNCTIONS && !is_controller(function))
        function = pci_function_from(function + 1);
    if (function == PCI_FUNCTIONS)
        return 0;
    uint32_t bar = pci_read(function, PCI_BAR(4));
    if (!(bar & PCI_BAR_IO) || (bar & BUS_MASTER_BAR_PORTS) == 0)
        return 0;
    pci_enable(function);
    return (uint16_t)(bar & BUS_MASTER_BAR_PORTS);
}

static void unit_select(uint32_t unit) { channel.slave = unit == 1; }

/* Resets the channel and asks the drive what it is. */
static err_t identify(uint32_t unit)
{
    static uint16_t words[IDENTIFY_WORDS];
    unit_select(unit);
    TRY(channel_reset(&channel, ATA_SIGNATURE_DISK));
    TRY(channel_command(&channel, ATA_IDENTIFY, false, 0, 1));
    TRY(pio_sector(&channel, words));
    return identify_drive(words, &drives[unit]) ? OK : ERR_NO_ENTRY;
}

static bool drive_find(uint32_t unit)
{
    err_t err = ERR_IO;
    for (int attempt = 0; attempt < ATTEMPTS && err != OK && err != ERR_NO_ENTRY; attempt++)
        err = identify(unit); /* a drive that was cut off in a command may need more than one reset */
    if (err != OK)
        drives[unit].sectors = 0;
    return err == OK;
}

/* After a reset: both drives have forgotten. */
static err_t units_start(void)
{
    for (uint32_t unit = 0; unit < DISK_UNITS; unit++)
        if (drive_of(unit) != NULL && !drive_uses_dma(unit)) {
            unit_select(unit);
            TRY(pio_start(&channel, pio_block(&drives[unit])));
        }
    return OK;
}

err_t drives_open(void)
{
    bool found = false, by_processor = false;
    channel.bus_master = bus_master_find();
    channel.interrupt = start_handle(GIVEN_INTERRUPT_14);
    TRY(channel_open(&channel));
    for (uint32_t unit = 0; unit < DISK_UNITS; unit++)
        if (drive_find(unit)) {
            found = true;
            by_processor |= !drive_uses_dma(unit);
        }
    if (!found)
        return ERR_NO_ENTRY;
    if (channel.bus_master != 0)
        TRY(dma_open(start_handle(GIVEN_DMA)));
    if (by_processor)
        TRY(pio_open(start_handle(GIVEN_SWAP)));
    return units_start();
}

/* ---- carrying out ---- */

/* A drive that has not come to an end is reset. */
static err_t drive_recover(uint32_t unit, err_t err)
{
    if (err == ERR_IO && channel_is_ready(&channel))
        return OK;
    TRY(channel_reset(&channel, ATA_SIGNATURE_DISK));
    TRY(units_start());
    unit_select(unit);
    return OK;
}

static err_t first_sector_once(uint32_t unit, uint8_t *sector)
{
    unit_select(unit);
    TRY(channel_command(&channel, ATA_READ_SECTORS, false, 0, 1));
    return pio_sector(&channel, sector);
}

err_t drive_first_sector(uint32_t unit, uint8_t *sector)
{
    err_t err = ERR_IO;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        err = first_sector_once(unit, sector);
        if (err == OK || drive_recover(unit, err) != OK)
            return err;
    }
    return err;
}

static err_t command_once(uint32_t unit, const struct transfer *transfer)
{
    const struct drive *drive = &drives[unit];
    if (transfer->pages > 0)
        return drive_uses_dma(unit) ? dma_transfer(&channel, transfer)
                                    : pio_transfer(&channel, pio_block(drive), transfer);
    bool extended = drive->flush_extended;
    TRY(channel_command(&channel, extended ? ATA_FLUSH_EXT : ATA_FLUSH, extended, 0, 0));
    return channel_wait_us(&channel, FLUSH_LIMIT_US);
}

/* One command, tried again when the drive fails. No pages: a flush. */
static err_t command(uint32_t unit, const struct transfer *transfer)
{
    err_t err = ERR_IO;
    unit_select(unit);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        err = command_once(unit, transfer);
        if (err == OK)
            return OK;
        if (drive_recover(unit, err) != OK)
            return ERR_IO;
        if (err != ERR_IO && err != ERR_TIME)
            return err;
    }
    log_line("ata: unit %u: %s of %u pages at sector %u failed: %u", unit,
             transfer->pages == 0 ? "flush"
             : transfer->write    ? "write"
                                  : "read",
             transfer->pages, transfer->sector, err);
    return ERR_IO;
}

err_t drive_work(const struct disk_request *request)
{
    const struct drive *drive = &drives[request->unit];
    if (request->work == DISK_WORK_FLUSH) /* a drive that cannot be asked to keeps nothing back */
        return drive->flush || drive->flush_extended ? command(request->unit, &(struct transfer){.pages = 0}) : OK;
    uint32_t limit = drive->lba48 ? DISK_PAGES_MAX : ATA_SECTORS_SHORT / PAGE_SECTORS;
    for (uint32_t done = 0; done < request->pages; done += limit) {
        uint32_t now = request->pages - done < limit ? request->pages - done : limit;
        uint32_t first = request->sector + done * PAGE_SECTORS;
        bool extended = now * PAGE_SECTORS > ATA_SECTORS_SHORT || first > ATA_SECTORS_LBA28 - now * PAGE_SECTORS;
        struct transfer transfer = {request->work == DISK_WORK_WRITE, first, now, request->token + done, extended};
        TRY(command(request->unit, &transfer));
    }
    return OK;
}
