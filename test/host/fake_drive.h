/* A machine without PCI that has one ATA drive, master of the primary channel (ATA/ATAPI-6), as the driver's ports show
 * it. What a driver must not do fails the test: a command to a drive that is busy, data that nobody asked for, more or
 * less than a block of it. */
#ifndef FAKE_DRIVE_H
#define FAKE_DRIVE_H

#include <stdbool.h>
#include <stdint.h>

#define FAKE_DRIVE_SECTORS 512u

struct fake_drive {
    uint8_t content[FAKE_DRIVE_SECTORS][512];
    uint32_t sectors;    /* that it says it has; sector n has the content of n % FAKE_DRIVE_SECTORS */
    bool extended;       /* it says that it knows 48-bit addresses */
    uint8_t multiple;    /* sectors an interrupt, that it says it can move */
    uint32_t fail, hang; /* so many of the commands that come end in an error, or never, after `well` */
    uint32_t well;       /* so many that go well before */
    uint32_t commands;   /* reads, writes and flushes that came */
    uint32_t resets;
    uint32_t largest; /* sectors of the largest command */
    uint64_t now_us;
};
extern struct fake_drive fake;

void fake_drive_start(void);
bool fake_drive_interrupts(void); /* its line is up */

#endif
