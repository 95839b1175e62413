#include "servers/atapi/drive.h"
#include "abi/disk.h"
#include "common/units.h"
#include "servers/ata/channel.h"
#include "servers/atapi/packet.h"
#include "servers/place.h"
#include "servers/ports.h"
#include <apteryx/hardware.h>
#include <apteryx/time.h>
#include <apteryx/vm.h>

#define ATTEMPTS 3
#define LOOKS 3 /* a drive may first say that there is no disc, then that there is another one */
#define DRIVER_MASK 0xFFFFu
#define READ_LIMIT_US 10000000u /* a drive that stands still has to gather speed first */
#define READY_LIMIT_US 5000000u
#define READY_LOOK_US 100000u
#define IDENTIFY_WORDS 256u
#define BLOCKS_A_PAGE (PAGE_BYTES / CD_BLOCK_BYTES)

static struct channel channel = {.ports = ATA_SECONDARY_PORTS, .control = ATA_SECONDARY_CONTROL};
static uintptr_t window; /* where the page of the moment is seen */
static handle_t swap_right;
static uint32_t medium; /* the number of what is in the drive (abi/disk.h) */

/* Where the drive's bytes go: into memory, or from page to page. */
struct sink {
    uint8_t *at;            /* where the next ones go */
    uint32_t room;          /* for how many that is good */
    const uint32_t *tokens; /* of the pages behind it */
    uint32_t pages;
};

/* ---- packets ---- */

static err_t sink_turn(struct sink *sink)
{
    if (sink->room > 0)
        return OK;
    if (sink->pages == 0)
        return ERR_IO; /* more than was asked for */
    TRY(token_map(swap_right, sink->tokens[0], window));
    sink->at = (uint8_t *)window;
    sink->room = PAGE_BYTES;
    sink->tokens++;
    sink->pages--;
    return OK;
}

/* One interrupt's worth. */
static err_t sink_fill(struct sink *sink, uint32_t bytes)
{
    if (bytes % 2 != 0)
        return ERR_IO;
    while (bytes > 0) {
        TRY(sink_turn(sink));
        uint32_t now = bytes < sink->room ? bytes : sink->room;
        port_in_words(channel.ports, sink->at, now / 2);
        sink->at += now;
        sink->room -= now;
        bytes -= now;
    }
    return OK;
}

/* Gives the drive a packet, and takes what comes, until it says that it is done. The first page's token is tried before. */
static err_t packet_once(const uint8_t packet[PACKET_BYTES], struct sink sink)
{
    uint32_t bytes;
    TRY(sink_turn(&sink));
    TRY(channel_command_packet(&channel, PAGE_BYTES));
    port_out_words(channel.ports, packet, PACKET_BYTES / 2);
    do {
        TRY(channel_wait_us(&channel, READ_LIMIT_US));
        bytes = channel_bytes(&channel);
        TRY(sink_fill(&sink, bytes));
    } while (bytes > 0);
    return sink.room == 0 && sink.pages == 0 ? OK : ERR_IO;
}

/* Why the last packet failed. */
static err_t sense(void)
{
    static const uint8_t packet[PACKET_BYTES] = {PACKET_SENSE, [4] = SENSE_BYTES};
    static uint8_t answer[SENSE_BYTES];
    err_t err = packet_once(packet, (struct sink){.at = answer, .room = SENSE_BYTES});
    return err == OK ? sense_error(answer) : err;
}

/* What comes next may be of another disc. */
static void medium_changed(void)
{
    uint32_t driver = medium >> DISK_MEDIUM_DRIVER_SHIFT << DISK_MEDIUM_DRIVER_SHIFT;
    medium = driver | (medium + 1 - driver) % (1u << DISK_MEDIUM_DRIVER_SHIFT);
}

/* The drive has said of a packet why it failed. True: it may go another time. */
static bool goes_again(err_t why, uint64_t deadline, int *attempts)
{
    if (why != ERR_BUSY)
        return --*attempts > 0 && why == ERR_IO;
    time_sleep_us(READY_LOOK_US);
    return time_now_us() < deadline;
}

/* A drive that has not come to an end is reset, and one that does not answer is not asked again.
 * => ERR_NO_ENTRY: no disc, or another one; nothing was read of that */
static err_t packet_do(const uint8_t packet[PACKET_BYTES], const struct sink *sink)
{
    uint64_t deadline = time_now_us() + READY_LIMIT_US;
    int attempts = ATTEMPTS;
    for (;;) {
        err_t err = packet_once(packet, *sink);
        if (err == OK)
            return OK;
        if (err == ERR_IO && channel_is_ready(&channel)) {
            err = sense();
            if (err == ERR_NO_ENTRY)
                medium_changed();
            if (goes_again(err, deadline, &attempts))
                continue;
            return err == ERR_NO_ENTRY ? err : ERR_IO;
        }
        err_t reset = channel_reset(&channel, ATA_SIGNATURE_PACKET);
        if (err != ERR_IO || reset != OK || --attempts == 0)
            return err != ERR_TIME ? err : ERR_IO;
    }
}

/* ---- the drive ---- */

static err_t identify(void)
{
    static uint16_t words[IDENTIFY_WORDS];
    TRY(channel_reset(&channel, ATA_SIGNATURE_PACKET));
    TRY(channel_command(&channel, ATA_IDENTIFY_PACKET, false, 0, 0));
    TRY(channel_wait(&channel));
    TRY(channel_wait_request(&channel));
    port_in_words(channel.ports, words, IDENTIFY_WORDS);
    return is_cd_drive(words[0]) ? OK : ERR_NO_ENTRY;
}

/* Master, then slave; a drive that was cut off in a command may need more than one reset. */
static err_t find(void)
{
    err_t err = ERR_IO;
    for (int drive = 0; drive < 2; drive++) {
        channel.slave = drive == 1;
        err = ERR_IO;
        for (int attempt = 0; attempt < ATTEMPTS && err == ERR_IO; attempt++)
            err = identify();
        if (err != ERR_NO_ENTRY)
            return err;
    }
    return err;
}

/* The window's page table comes now, as in lib/swap_serve.c: when the first page comes, commit may be used up. */
static err_t window_open(void)
{
    TRY(place_find(PAGE_BYTES, &window));
    TRY(vm_set(window, PAGE_BYTES, VM_ON_DEMAND));
    return vm_set(window, PAGE_BYTES, VM_NONE);
}

err_t drive_open(handle_t swap, handle_t interrupt)
{
    swap_right = swap;
    channel.interrupt = interrupt;
    medium = ((uint32_t)(time_now_us() / 1000) & DRIVER_MASK) << DISK_MEDIUM_DRIVER_SHIFT;
    TRY(window_open());
    TRY(channel_open(&channel));
    return find();
}

uint32_t drive_medium(void) { return medium; }

err_t drive_look(uint32_t *sectors)
{
    static const uint8_t packet[PACKET_BYTES] = {PACKET_READ_CAPACITY};
    static uint8_t capacity[CAPACITY_BYTES];
    err_t err = ERR_NO_ENTRY;
    for (int i = 0; i < LOOKS && err == ERR_NO_ENTRY; i++)
        err = packet_do(packet, &(struct sink){.at = capacity, .room = CAPACITY_BYTES});
    if (err != OK)
        return err == ERR_IO ? ERR_NO_ENTRY : err;
    *sectors = capacity_sectors(capacity);
    return *sectors > 0 ? OK : ERR_NO_ENTRY;
}

err_t drive_read(uint32_t sector, const uint32_t *tokens, uint32_t pages)
{
    uint8_t packet[PACKET_BYTES];
    packet_read(packet, sector / CD_BLOCK_SECTORS, pages * BLOCKS_A_PAGE);
    return packet_do(packet, &(struct sink){.tokens = tokens, .pages = pages});
}
