/* A machine without PCI that has one ATA drive, master of the primary channel (ATA/ATAPI-6), as its driver's ports,
 * interrupts and clock show it. What a driver must not do fails the test: a command to a drive that is busy, data that
 * nobody asked for, an interrupt that comes twice. */
#ifndef FAKE_DRIVE_H
#define FAKE_DRIVE_H

#include <stdbool.h>
#include <stdint.h>

#define FAKE_DRIVE_SECTORS 512u
#define FAKE_DRIVE_PAGES 64u /* in flight; tokens are 1 … this */

struct fake_drive {
    uint8_t content[FAKE_DRIVE_SECTORS][512];
    uint32_t sectors;    /* what it says it has; those from FAKE_DRIVE_SECTORS on have the content of the last ones */
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
uint8_t *fake_drive_page(uint32_t token); /* what the page in flight holds */

#endif
