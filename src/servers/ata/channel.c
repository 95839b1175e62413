#include "servers/ata/channel.h"
#include "servers/ata/bus_master.h"
#include "servers/ports.h"
#include <apteryx/hardware.h>
#include <apteryx/ipc.h>
#include <apteryx/time.h>

#define PORT_SECTORS 0x1F2u
#define PORT_LOW 0x1F3u
#define PORT_MIDDLE 0x1F4u
#define PORT_HIGH 0x1F5u
#define PORT_DRIVE 0x1F6u
#define PORT_COMMAND 0x1F7u
#define PORT_STATUS 0x1F7u  /* reading it takes the interrupt back */
#define PORT_CONTROL 0x3F6u /* written */
#define PORT_LOOK 0x3F6u    /* read: the status, without a side effect */

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

/* 400 ns, after which the drive's status is true. */
static void status_settle(void)
{
    for (int i = 0; i < 4; i++)
        port_in8(PORT_LOOK);
}

static void drive_select(const struct channel *channel, uint8_t bits)
{
    port_out8(PORT_DRIVE, (uint8_t)(DRIVE_LBA | (channel->slave ? DRIVE_SLAVE : 0) | bits));
    status_settle();
}

/* Looks at the status now and then until `mask` says `value`. */
static err_t status_await(uint8_t mask, uint8_t value, uint64_t look_us)
{
    uint64_t deadline = time_now_us() + RESET_LIMIT_US;
    while ((port_in8(PORT_LOOK) & mask) != value) {
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
    port_in8(PORT_STATUS);
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

err_t channel_reset(struct channel *channel)
{
    if (channel->bus_master != 0) {
        port_out8((uint16_t)(channel->bus_master + BUS_MASTER_COMMAND), 0);
        bus_master_clear(channel);
    }
    port_out8(PORT_CONTROL, CONTROL_RESET);
    time_sleep_us(RESET_HOLD_US);
    port_out8(PORT_CONTROL, 0);
    time_sleep_us(RESET_LOOK_US);
    drive_select(channel, 0);
    uint8_t status = port_in8(PORT_LOOK);
    if (status == ATA_STATUS_NOBODY || status == 0)
        return ERR_NO_ENTRY;
    TRY(status_await(ATA_STATUS_BUSY, 0, RESET_LOOK_US));
    bool disk = port_in8(PORT_MIDDLE) == 0 && port_in8(PORT_HIGH) == 0; /* its signature; other devices leave theirs */
    interrupts_forget(channel);
    return disk ? OK : ERR_NO_ENTRY;
}

bool channel_is_ready(void) { return !(port_in8(PORT_LOOK) & (ATA_STATUS_BUSY | ATA_STATUS_REQUEST)); }

err_t channel_command(const struct channel *channel, uint8_t command, bool extended, uint32_t sector, uint32_t sectors)
{
    drive_select(channel, extended ? 0 : (uint8_t)(sector >> 24 & 0x0Fu));
    if (!channel_is_ready())
        return ERR_IO;
    if (extended) { /* each of these registers is two deep: the high bytes first */
        port_out8(PORT_SECTORS, (uint8_t)(sectors >> 8));
        port_out8(PORT_LOW, (uint8_t)(sector >> 24));
        port_out8(PORT_MIDDLE, 0);
        port_out8(PORT_HIGH, 0);
    }
    port_out8(PORT_SECTORS, (uint8_t)sectors);
    port_out8(PORT_LOW, (uint8_t)sector);
    port_out8(PORT_MIDDLE, (uint8_t)(sector >> 8));
    port_out8(PORT_HIGH, (uint8_t)(sector >> 16));
    port_out8(PORT_COMMAND, command);
    return OK;
}

/* Was it our drive that raised the line, and is it done? With a bus master its status register knows. */
static bool interrupt_is_ours(const struct channel *channel)
{
    if (port_in8(PORT_LOOK) & ATA_STATUS_BUSY)
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
        uint8_t status = port_in8(PORT_STATUS);
        if (ours && channel->bus_master != 0)
            failed = bus_master_clear(channel) & (BUS_MASTER_ERROR | BUS_MASTER_ACTIVE); /* active: not all moved */
        TRY(interrupt_done(channel->interrupt));
        if (ours)
            return failed || (status & (ATA_STATUS_ERROR | ATA_STATUS_FAULT)) ? ERR_IO : OK;
    }
}

err_t channel_wait_request(void)
{
    status_settle();
    TRY(status_await(ATA_STATUS_BUSY, 0, SELECT_US));
    return port_in8(PORT_LOOK) & ATA_STATUS_REQUEST ? OK : ERR_IO;
}
