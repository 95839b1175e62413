#include "servers/console/output.h"
#include "common/units.h"
#include "servers/console/screen.h"
#include "servers/place.h"
#include "servers/ports.h"
#include <apteryx/hardware.h>
#include <apteryx/machine.h>

#define CURSOR_INDEX 0x3D4u
#define CURSOR_DATA 0x3D5u
#define CURSOR_HIGH 0x0Eu
#define CURSOR_LOW 0x0Fu

static struct screen screen; /* cells NULL: there is none */

static void cursor_show(void)
{
    port_out8(CURSOR_INDEX, CURSOR_HIGH);
    port_out8(CURSOR_DATA, (uint8_t)(screen.cursor >> 8));
    port_out8(CURSOR_INDEX, CURSOR_LOW);
    port_out8(CURSOR_DATA, (uint8_t)screen.cursor);
}

/* Where the firmware and the boot loader stopped writing. */
static uint32_t cursor_read(void)
{
    port_out8(CURSOR_INDEX, CURSOR_HIGH);
    uint32_t high = port_in8(CURSOR_DATA);
    port_out8(CURSOR_INDEX, CURSOR_LOW);
    return high << 8 | port_in8(CURSOR_DATA);
}

/* Video memory keeps what is written to it; an address where nothing answers does not. */
static bool memory_keeps(volatile uint16_t *cell)
{
    uint16_t was = *cell;
    *cell = 0x0755;
    bool first = *cell == 0x0755;
    *cell = 0x07AA;
    bool keeps = first && *cell == 0x07AA;
    *cell = was;
    return keeps;
}

void output_open(handle_t screen_memory, handle_t cursor_ports)
{
    uintptr_t at;
    if (place_find(PAGE_BYTES, &at) != OK || vm_set_special(at, PAGE_BYTES, screen_memory, 0) != OK ||
        io_enable(cursor_ports) != OK)
        return;
    volatile uint16_t *cells = (volatile uint16_t *)at;
    if (!memory_keeps(cells))
        return;
    screen.cells = cells;
    uint32_t cursor = cursor_read();
    screen.cursor = cursor < SCREEN_CELLS ? cursor : 0;
}

void output_put(const char *text, uint32_t bytes)
{
    (void)log_write(text, bytes); /* the serial line has nobody to tell of a failure */
    if (screen.cells == NULL)
        return;
    screen_put(&screen, text, bytes);
    cursor_show();
}
