#include "kernel/arch/x86/pit.h"
#include "kernel/arch/x86/ports.h"

enum { CHANNEL_0 = 0x40, CHANNEL_2 = 0x42, COMMAND = 0x43, SPEAKER = 0x61 }; /* ports */
enum { SHOT_0 = 0x30, SHOT_2 = 0xB0, READ_BACK_0 = 0xC2 };                   /* mode 0, both bytes; status and count */
enum { STATUS_OUT = 0x80, STATUS_NOT_LOADED = 0x40 };
enum { SPEAKER_GATE = 0x01, SPEAKER_ON = 0x02, SPEAKER_OUT = 0x20 };

static uint32_t shot; /* what pit_shoot loaded */

void pit_shoot(uint32_t ticks)
{
    shot = ticks;
    port_out8(COMMAND, SHOT_0);
    port_out8(CHANNEL_0, (uint8_t)ticks);
    port_out8(CHANNEL_0, (uint8_t)(ticks >> 8));
}

uint32_t pit_elapsed(void)
{
    port_out8(COMMAND, READ_BACK_0);
    uint8_t status = port_in8(CHANNEL_0);
    uint32_t low = port_in8(CHANNEL_0), count = low | (uint32_t)port_in8(CHANNEL_0) << 8;
    if (status & STATUS_NOT_LOADED)
        return 0;
    if (status & STATUS_OUT) /* it went through 0 and counts on from 0xFFFF */
        return shot + ((0x10000u - count) & 0xFFFFu);
    return count <= shot ? shot - count : 0;
}

void pit_wait_start(uint32_t ticks)
{
    port_out8(SPEAKER, (uint8_t)((port_in8(SPEAKER) & ~(unsigned)SPEAKER_ON) | SPEAKER_GATE));
    port_out8(COMMAND, SHOT_2);
    port_out8(CHANNEL_2, (uint8_t)ticks);
    port_out8(CHANNEL_2, (uint8_t)(ticks >> 8));
}

bool pit_wait_over(void) { return (port_in8(SPEAKER) & SPEAKER_OUT) != 0; }
