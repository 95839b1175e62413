/* sources: test/host/fake_driver_library.c */
#include "fake_drive.h"

#include "fake_ports.h"
#include "host.h"
#include "servers/ata/channel.h"
#include "servers/ata/identify.h"
#include <string.h>

#define SECTOR 512u
#define STATUS_READY 0x40u
#define STATUS_BUSY 0x80u
#define STATUS_REQUEST 0x08u
#define STATUS_ERROR 0x01u

struct fake_drive fake;

enum phase { IDLE, HANGS, DATA_IN, DATA_OUT };
static struct {
    uint8_t now[8], before[8]; /* its registers; what they held before the last value: of those that are two deep */
    enum phase phase;
    bool failed, interrupt;
    uint32_t sector, left; /* the transfer: where it is, sectors still to come */
    uint32_t block;        /* sectors an interrupt */
    uint32_t multiple;     /* as SET MULTIPLE said; 0: not said since the last reset */
    bool identify;
} is;

void fake_drive_start(void)
{
    memset(&fake, 0, sizeof(fake));
    memset(&is, 0, sizeof(is));
    fake.sectors = FAKE_DRIVE_SECTORS;
    fake.now_us = 1;
}

bool fake_drive_interrupts(void) { return is.interrupt; }

/* ---- the drive ---- */

static uint8_t *content(uint32_t sector)
{
    assert_true(sector < fake.sectors);
    return fake.content[sector % FAKE_DRIVE_SECTORS];
}

static void end(bool failed)
{
    is.phase = IDLE;
    is.failed = failed;
    is.interrupt = true;
}

static void transfer_begin(enum phase phase, bool extended, uint32_t block)
{
    uint32_t count = is.now[2], high = extended ? is.before[2] : 0;
    is.left = count + (high << 8) > 0 ? count + (high << 8) : extended ? 65536 : 256;
    is.sector = is.now[3] | (uint32_t)is.now[4] << 8 | (uint32_t)is.now[5] << 16 |
                (extended ? (uint32_t)is.before[3] : (uint32_t)is.now[6] & 0x0Fu) << 24;
    is.block = block;
    is.phase = phase;
    is.interrupt = phase == DATA_IN;
    fake.largest = is.left > fake.largest ? is.left : fake.largest;
}

static void identify_begin(void)
{
    is.identify = true;
    is.left = is.block = 1;
    is.phase = DATA_IN;
    is.interrupt = true;
}

static void identify_fill(uint16_t words[IDENTIFY_WORDS])
{
    memset(words, 0, SECTOR);
    words[47] = fake.multiple;
    words[49] = 0x0200;
    words[60] = (uint16_t)(fake.sectors < ATA_SECTORS_LBA28 ? fake.sectors : 0xFFFF);
    words[61] = (uint16_t)((fake.sectors < ATA_SECTORS_LBA28 ? fake.sectors : ATA_SECTORS_LBA28 - 1) >> 16);
    words[83] = (uint16_t)(0x4000u | 0x1000u | (fake.extended ? 0x2400u : 0));
    words[100] = (uint16_t)fake.sectors;
    words[101] = (uint16_t)(fake.sectors >> 16);
}

/* One of the commands that a test may let go wrong. True: it goes on. */
static bool work_counted(void)
{
    fake.commands++;
    if (fake.well > 0) {
        fake.well--;
        return true;
    }
    if (fake.hang > 0) {
        fake.hang--;
        is.phase = HANGS;
        return false;
    }
    if (fake.fail > 0) {
        fake.fail--;
        end(true);
        return false;
    }
    return true;
}

static void command(uint8_t code)
{
    assert_true(is.phase == IDLE);
    is.failed = is.identify = false;
    switch (code) {
    case ATA_IDENTIFY:
        identify_begin();
        return;
    case ATA_SET_MULTIPLE:
        is.multiple = is.now[2];
        end(is.multiple > fake.multiple);
        return;
    default:
        break;
    }
    if (!work_counted())
        return;
    bool extended = code == ATA_READ_SECTORS_EXT || code == ATA_WRITE_SECTORS_EXT || code == ATA_READ_MULTIPLE_EXT ||
                    code == ATA_WRITE_MULTIPLE_EXT || code == ATA_FLUSH_EXT;
    assert_true(!extended || fake.extended);
    switch (code) {
    case ATA_READ_SECTORS:
    case ATA_READ_SECTORS_EXT:
        transfer_begin(DATA_IN, extended, 1);
        return;
    case ATA_WRITE_SECTORS:
    case ATA_WRITE_SECTORS_EXT:
        transfer_begin(DATA_OUT, extended, 1);
        return;
    case ATA_READ_MULTIPLE:
    case ATA_READ_MULTIPLE_EXT:
        assert_true(is.multiple > 0);
        transfer_begin(DATA_IN, extended, is.multiple);
        return;
    case ATA_WRITE_MULTIPLE:
    case ATA_WRITE_MULTIPLE_EXT:
        assert_true(is.multiple > 0);
        transfer_begin(DATA_OUT, extended, is.multiple);
        return;
    case ATA_FLUSH:
    case ATA_FLUSH_EXT:
        end(false);
        return;
    default:
        fail_msg("command %02x", code);
    }
}

static uint8_t status(void)
{
    if (is.now[6] & 0x10u)
        return 0; /* the slave, who is not there */
    uint8_t phase = is.phase == HANGS ? STATUS_BUSY : is.phase == IDLE ? STATUS_READY : STATUS_READY | STATUS_REQUEST;
    return (uint8_t)(phase | (is.failed ? STATUS_ERROR : 0));
}

static void reset(void)
{
    fake.resets++;
    is.phase = IDLE;
    is.multiple = 0;
    is.failed = false;
    is.interrupt = true; /* nobody asked for it: a driver must forget it */
    memset(is.now, 0, sizeof(is.now));
}

/* ---- its ports ---- */

uint8_t port_in8(uint16_t port)
{
    if (port == ATA_PRIMARY_CONTROL)
        return status();
    assert_in_range(port, ATA_PRIMARY_PORTS + 1, ATA_PRIMARY_PORTS + 7);
    if (port < ATA_PRIMARY_PORTS + 7)
        return is.now[port - ATA_PRIMARY_PORTS];
    is.interrupt = false;
    return status();
}

void port_out8(uint16_t port, uint8_t value)
{
    if (port == ATA_PRIMARY_CONTROL) {
        if (value & 4u)
            reset();
        return;
    }
    assert_in_range(port, ATA_PRIMARY_PORTS + 1, ATA_PRIMARY_PORTS + 7);
    if (port == ATA_PRIMARY_PORTS + 7) {
        command(value);
        return;
    }
    uint32_t i = port - ATA_PRIMARY_PORTS;
    is.before[i] = is.now[i];
    is.now[i] = value;
}

uint32_t port_in32(uint16_t port)
{
    (void)port;
    return UINT32_MAX;
}

void port_out32(uint16_t port, uint32_t value)
{
    (void)port;
    (void)value;
}

static uint32_t transfer_take(enum phase phase, uint16_t port, uint32_t words)
{
    assert_int_equal(port, ATA_PRIMARY_PORTS);
    assert_int_equal(is.phase, phase);
    uint32_t sectors = words * 2 / SECTOR, most = is.left < is.block ? is.left : is.block;
    assert_int_equal(sectors, most);
    is.left -= sectors;
    return sectors;
}

void port_in_words(uint16_t port, void *to, uint32_t count)
{
    uint32_t sectors = transfer_take(DATA_IN, port, count);
    for (uint32_t i = 0; i < sectors && !is.identify; i++)
        memcpy((uint8_t *)to + i * SECTOR, content(is.sector++), SECTOR);
    if (is.identify)
        identify_fill(to);
    is.interrupt = is.left > 0;
    if (is.left == 0)
        is.phase = IDLE;
}

void port_out_words(uint16_t port, const void *from, uint32_t count)
{
    uint32_t sectors = transfer_take(DATA_OUT, port, count);
    for (uint32_t i = 0; i < sectors; i++)
        memcpy(content(is.sector++), (const uint8_t *)from + i * SECTOR, SECTOR);
    if (is.left == 0)
        end(false);
    is.interrupt = true;
}
