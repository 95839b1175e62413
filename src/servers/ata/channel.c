#include "servers/ata/channel.h"
#include "servers/ata/bus_master.h"
#include "servers/ports.h"
#include <apteryx/hardware.h>
#include <apteryx/ipc.h>
#include <apteryx/time.h>

/* From the first of the command ports on. */
#define PORT_FEATURES 1u
#define PORT_SECTORS 2u
#define PORT_LOW 3u
#define PORT_MIDDLE 4u
#define PORT_HIGH 5u
#define PORT_DRIVE 6u
#define PORT_COMMAND 7u
#define PORT_STATUS 7u /* reading it takes the interrupt back */

#define ATA_STATUS_ERROR 0x01u
#define ATA_STATUS_REQUEST 0x08u
#define ATA_STATUS_FAULT 0x20u
#define ATA_STATUS_BUSY 0x80u
#define ATA_STATUS_NOBODY 0xFFu /* an empty bus */

#define CONTROL_RESET 0x04u
#define DRIVE_LBA 0xE0u
#define DRIVE_SLAVE 0x10u

#define RESET_HOLD_US 10u /* at least 5 */
#define RESET_LOOK_US 2000u
#define RESET_LIMIT_US 31000000u
#define SELECT_US 1u
#define COMMAND_LIMIT_US 5000000u
#define INTERRUPT_BIT 1u
#define LONG_AGO 1u /* a deadline: what is there already, and nothing else */

static uint8_t get(const struct channel *channel, uint32_t port) { return port_in8((uint16_t)(channel->ports + port)); }
static void put(const struct channel *channel, uint32_t port, uint8_t value)
{
    port_out8((uint16_t)(channel->ports + port), value);
}

/* The status, without a side effect. */
static uint8_t status_look(const struct channel *channel) { return port_in8(channel->control); }

/* 400 ns, after which the drive's status is true. */
static void status_settle(const struct channel *channel)
{
    for (int i = 0; i < 4; i++)
        status_look(channel);
}

static void drive_select(const struct channel *channel, uint8_t bits)
{
    put(channel, PORT_DRIVE, (uint8_t)(DRIVE_LBA | (channel->slave ? DRIVE_SLAVE : 0) | bits));
    status_settle(channel);
}

/* Looks at the status now and then until `mask` says `value`. */
static err_t status_await(const struct channel *channel, uint8_t mask, uint8_t value, uint64_t look_us)
{
    uint64_t deadline = time_now_us() + RESET_LIMIT_US;
    while ((status_look(channel) & mask) != value) {
        if (time_now_us() > deadline)
            return ERR_TIME;
        time_sleep_us(look_us);
    }
    return OK;
}

/* Takes the bus master's interrupt and error back; returns its status from before. */
static uint8_t bus_master_clear(const struct channel *channel)
{
    uint16_t port = (uint16_t)(channel->bus_master + BUS_MASTER_STATUS);
    uint8_t status = port_in8(port);
    port_out8(port, status & (BUS_MASTER_DRIVES | BUS_MASTER_ERROR | BUS_MASTER_INTERRUPT));
    return status;
}

/* A drive raises its line after a reset too. Nothing of that may be taken for the end of the next command. */
static void interrupts_forget(const struct channel *channel)
{
    static struct message m;
    get(channel, PORT_STATUS);
    if (channel->bus_master != 0)
        bus_master_clear(channel);
    while (ipc_receive(channel->interrupt_port, &m, NULL, NULL, LONG_AGO) == OK)
        (void)interrupt_done(channel->interrupt); /* fails only for a handle that is not ours */
}

err_t channel_open(struct channel *channel)
{
    TRY(port_create(&channel->interrupt_port));
    return interrupt_bind(channel->interrupt, channel->interrupt_port, INTERRUPT_BIT);
}

/* After a reset they say of which sort a drive is, later how many bytes a packet device moves. */
static uint32_t middle_and_high(const struct channel *channel)
{
    return get(channel, PORT_MIDDLE) | (uint32_t)get(channel, PORT_HIGH) << 8;
}

err_t channel_reset(struct channel *channel, uint32_t signature)
{
    if (channel->bus_master != 0) {
        port_out8((uint16_t)(channel->bus_master + BUS_MASTER_COMMAND), 0);
        bus_master_clear(channel);
    }
    port_out8(channel->control, CONTROL_RESET);
    time_sleep_us(RESET_HOLD_US);
    port_out8(channel->control, 0);
    time_sleep_us(RESET_LOOK_US);
    drive_select(channel, 0);
    uint8_t status = status_look(channel);
    if (status == ATA_STATUS_NOBODY || (status == 0 && signature != ATA_SIGNATURE_PACKET)) /* theirs may be 0 */
        return ERR_NO_ENTRY;
    TRY(status_await(channel, ATA_STATUS_BUSY, 0, RESET_LOOK_US));
    bool found = middle_and_high(channel) == signature;
    interrupts_forget(channel);
    return found ? OK : ERR_NO_ENTRY;
}

bool channel_is_ready(const struct channel *channel)
{
    return !(status_look(channel) & (ATA_STATUS_BUSY | ATA_STATUS_REQUEST));
}

err_t channel_command(const struct channel *channel, uint8_t command, bool extended, uint32_t sector, uint32_t sectors)
{
    drive_select(channel, extended ? 0 : (uint8_t)(sector >> 24 & 0x0Fu));
    if (!channel_is_ready(channel))
        return ERR_IO;
    if (extended) { /* each of these registers is two deep: the high bytes first */
        put(channel, PORT_SECTORS, (uint8_t)(sectors >> 8));
        put(channel, PORT_LOW, (uint8_t)(sector >> 24));
        put(channel, PORT_MIDDLE, 0);
        put(channel, PORT_HIGH, 0);
    }
    put(channel, PORT_SECTORS, (uint8_t)sectors);
    put(channel, PORT_LOW, (uint8_t)sector);
    put(channel, PORT_MIDDLE, (uint8_t)(sector >> 8));
    put(channel, PORT_HIGH, (uint8_t)(sector >> 16));
    put(channel, PORT_COMMAND, command);
    return OK;
}

err_t channel_command_packet(const struct channel *channel, uint32_t limit)
{
    drive_select(channel, 0);
    if (!channel_is_ready(channel))
        return ERR_IO;
    put(channel, PORT_FEATURES, 0); /* no DMA */
    put(channel, PORT_MIDDLE, (uint8_t)limit);
    put(channel, PORT_HIGH, (uint8_t)(limit >> 8));
    put(channel, PORT_COMMAND, ATA_PACKET);
    return channel_wait_request(channel);
}

uint32_t channel_bytes(const struct channel *channel)
{
    return status_look(channel) & ATA_STATUS_REQUEST ? middle_and_high(channel) : 0;
}

/* Was it our drive that raised the line, and is it done? With a bus master its status register knows. */
static bool interrupt_is_ours(const struct channel *channel)
{
    if (status_look(channel) & ATA_STATUS_BUSY)
        return false;
    return channel->bus_master == 0 ||
           (port_in8((uint16_t)(channel->bus_master + BUS_MASTER_STATUS)) & BUS_MASTER_INTERRUPT);
}

err_t channel_wait(const struct channel *channel) { return channel_wait_us(channel, COMMAND_LIMIT_US); }

err_t channel_wait_us(const struct channel *channel, uint64_t limit_us)
{
    static struct message m;
    uint64_t deadline = time_now_us() + limit_us;
    for (;;) {
        TRY(ipc_receive(channel->interrupt_port, &m, NULL, NULL, deadline));
        bool ours = interrupt_is_ours(channel), failed = false;
        uint8_t status = get(channel, PORT_STATUS);
        if (ours && channel->bus_master != 0)
            failed = bus_master_clear(channel) & (BUS_MASTER_ERROR | BUS_MASTER_ACTIVE); /* active: not all moved */
        TRY(interrupt_done(channel->interrupt));
        if (ours)
            return failed || (status & (ATA_STATUS_ERROR | ATA_STATUS_FAULT)) ? ERR_IO : OK;
    }
}

err_t channel_wait_request(const struct channel *channel)
{
    status_settle(channel);
    TRY(status_await(channel, ATA_STATUS_BUSY, 0, SELECT_US));
    return status_look(channel) & ATA_STATUS_REQUEST ? OK : ERR_IO;
}
