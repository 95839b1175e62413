/* ata: the disk driver of the primary ATA channel. Serves the disk protocol (abi/disk.h), one request at a time.
 *
 * Arguments: `slave` takes the slave drive, not the master; `blank` uses the drive only if its first sector is all zeros
 * (a plain boot must not scribble on somebody's disk).
 * Handles: 1 the service port; the rest in the order of enum given, as init.conf lists them.
 * Ends with status 3 when there is no drive to serve. */
#include "common/string.h"
#include "servers/ata/identify.h"
#include "servers/ata/pci.h"
#include "servers/ata/transfer.h"
#include "servers/help.h"
#include "servers/log.h"
#include <apteryx/hardware.h>
#include <apteryx/ipc.h>
#include <apteryx/process.h>

enum given {
    GIVEN_PORT = 1,
    GIVEN_COMMAND_PORTS,
    GIVEN_CONTROL_PORT,
    GIVEN_INTERRUPT,
    GIVEN_DMA,
    GIVEN_SWAP,
    GIVEN_PCI_PORTS,
    GIVEN_BUS_MASTER_PORTS
};

#define STATUS_NO_DRIVE 3
#define ATTEMPTS 3

static struct channel channel;
static struct drive drive;
static struct message m;

static err_t enable_ports(void)
{
    TRY(io_enable(start_handle(GIVEN_COMMAND_PORTS)));
    TRY(io_enable(start_handle(GIVEN_CONTROL_PORT)));
    TRY(io_enable(start_handle(GIVEN_PCI_PORTS)));
    return io_enable(start_handle(GIVEN_BUS_MASTER_PORTS));
}

/* The first sector is all zeros? Needs one read by the processor. */
static err_t drive_is_blank(bool *blank)
{
    static uint8_t sector[DISK_SECTOR_BYTES];
    TRY(channel_command(&channel, ATA_READ_SECTORS, false, 0, 1));
    TRY(pio_sector(&channel, sector));
    *blank = true;
    for (uint32_t i = 0; i < sizeof(sector); i++)
        *blank = *blank && sector[i] == 0;
    return OK;
}

/* Resets the channel and asks the drive what it is. */
static err_t drive_identify(void)
{
    static uint16_t words[IDENTIFY_WORDS];
    TRY(channel_reset(&channel));
    TRY(channel_command(&channel, ATA_IDENTIFY, false, 0, 1));
    TRY(pio_sector(&channel, words));
    return identify_drive(words, &drive) ? OK : ERR_NO_ENTRY;
}

static err_t drive_find(bool only_blank)
{
    TRY(enable_ports());
    if (!pci_bus_master(&channel.bus_master))
        channel.bus_master = 0;
    channel.interrupt = start_handle(GIVEN_INTERRUPT);
    TRY(channel_open(&channel));
    err_t err = ERR_IO;
    for (int attempt = 0; attempt < ATTEMPTS && err != OK; attempt++)
        err = drive_identify(); /* a drive that was cut off in a command may need more than one reset */
    bool blank = true;
    if (err == OK && only_blank)
        err = drive_is_blank(&blank);
    if (!blank)
        log_line("ata: the drive is not blank: left alone");
    return blank ? err : ERR_NO_ENTRY;
}

static err_t transfer_open(void)
{
    if (!drive.dma)
        channel.bus_master = 0;
    if (channel.bus_master != 0)
        return dma_open(start_handle(GIVEN_DMA));
    TRY(pio_open(start_handle(GIVEN_SWAP)));
    return pio_start(&channel, &drive);
}

/* A drive that has not come to an end is reset. */
static err_t drive_recover(err_t err)
{
    if (err == ERR_IO && channel_is_ready())
        return OK;
    TRY(channel_reset(&channel));
    return channel.bus_master != 0 ? OK : pio_start(&channel, &drive);
}

/* One command, tried again when the drive fails. */
static err_t command_transfer(const struct transfer *transfer)
{
    err_t err = ERR_IO;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        err = channel.bus_master != 0 ? dma_transfer(&channel, transfer) : pio_transfer(&channel, transfer);
        if (err == OK)
            return OK;
        if (drive_recover(err) != OK)
            return ERR_IO;
        if (err != ERR_IO && err != ERR_TIME)
            return err;
    }
    log_line("ata: %s of %u pages at sector %u failed: %u", transfer->operation == DISK_READ ? "read" : "write",
             transfer->pages, transfer->sector, err);
    return ERR_IO;
}

/* A request of the protocol, in as many commands as the drive needs. */
static err_t drive_transfer(void)
{
    if (m.words < 4 || m.words != 3 + m.word[2] || m.word[2] > DISK_PAGES_MAX)
        return ERR_RANGE;
    if (m.word[0] != DISK_READ && m.word[0] != DISK_WRITE)
        return ERR_RANGE;
    uint32_t sector = m.word[1], pages = m.word[2];
    if (pages * PAGE_SECTORS > drive.sectors || sector > drive.sectors - pages * PAGE_SECTORS)
        return ERR_RANGE;
    uint32_t limit = drive.lba48 ? DISK_PAGES_MAX : ATA_SECTORS_SHORT / PAGE_SECTORS;
    for (uint32_t done = 0; done < pages; done += limit) {
        uint32_t now = pages - done < limit ? pages - done : limit, first = sector + done * PAGE_SECTORS;
        bool extended = now * PAGE_SECTORS > ATA_SECTORS_SHORT || first > ATA_SECTORS_LBA28 - now * PAGE_SECTORS;
        struct transfer transfer = {(enum disk_operation)m.word[0], first, now, m.word + 3 + done, extended};
        TRY(command_transfer(&transfer));
    }
    return OK;
}

static void answer(void)
{
    uint32_t label = m.label;
    message_drop(&m);
    m.page.how = PAGE_NOTHING;
    if (label == DISK_SIZE) {
        m.label = OK;
        m.words = 2;
        m.word[0] = drive.sectors;
        m.word[1] = 0;
        return;
    }
    m.label = label == DISK_TRANSFER ? drive_transfer() : ERR_RANGE;
    m.words = 0;
}

int main(int argc, char **argv)
{
    bool only_blank = false;
    if (help_asked(argc, argv, "ata [slave] [blank]", "The disk driver of the primary ATA channel."))
        return 0;
    for (int i = 1; i < argc; i++) {
        channel.slave = channel.slave || strcmp(argv[i], "slave") == 0;
        only_blank = only_blank || strcmp(argv[i], "blank") == 0;
    }
    err_t err = drive_find(only_blank);
    if (err == OK)
        err = transfer_open();
    if (err != OK) {
        log_line("ata: no disk to serve (%u)", err);
        return STATUS_NO_DRIVE;
    }
    log_line("ata: %u sectors, %s%s", drive.sectors, channel.bus_master != 0 ? "DMA" : "PIO",
             drive.lba48 ? ", 48-bit addresses" : "");
    handle_t port = start_handle(GIVEN_PORT), reply;
    err = ipc_receive(port, &m, &reply, NULL, 0);
    while (err == OK) {
        if (reply != 0)
            answer();
        err = ipc_reply_receive(reply, port, &m, &reply, NULL);
    }
    log_line("ata: the service port failed: %u", err);
    return 1;
}
