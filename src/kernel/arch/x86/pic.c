#include "kernel/arch/x86/pic.h"
#include "kernel/arch/x86/ports.h"

enum { MASTER = 0x20, SLAVE = 0xA0, DATA = 1 }; /* ports */
enum { ICW1_START = 0x11, ICW4_8086 = 0x01, OCW2_END = 0x20, OCW3_READ_IN_SERVICE = 0x0B };
#define CASCADE 2u
#define LINES_EACH 8u

static uint32_t masked = 0xFFFFu & ~(1u << CASCADE);

static uint16_t chip(uint32_t line) { return line < LINES_EACH ? MASTER : SLAVE; }

static void masks_write(void)
{
    port_out8(MASTER + DATA, (uint8_t)masked);
    port_out8(SLAVE + DATA, (uint8_t)(masked >> LINES_EACH));
}

void pic_start(void)
{
    port_out8(MASTER, ICW1_START);
    port_out8(SLAVE, ICW1_START);
    port_out8(MASTER + DATA, PIC_VECTOR);
    port_out8(SLAVE + DATA, PIC_VECTOR + LINES_EACH);
    port_out8(MASTER + DATA, 1u << CASCADE);
    port_out8(SLAVE + DATA, CASCADE);
    port_out8(MASTER + DATA, ICW4_8086);
    port_out8(SLAVE + DATA, ICW4_8086);
    masks_write();
}

void pic_mask(uint32_t line)
{
    masked |= 1u << line;
    masks_write();
}

void pic_unmask(uint32_t line)
{
    masked &= ~(1u << line);
    masks_write();
}

bool pic_is_spurious(uint32_t line)
{
    if (line % LINES_EACH != LINES_EACH - 1)
        return false;
    port_out8(chip(line), OCW3_READ_IN_SERVICE);
    if (port_in8(chip(line)) & (1u << (LINES_EACH - 1)))
        return false;
    if (line >= LINES_EACH)
        port_out8(MASTER, OCW2_END); /* the master did see the cascade */
    return true;
}

void pic_acknowledge(uint32_t line)
{
    if (line >= LINES_EACH)
        port_out8(SLAVE, OCW2_END);
    port_out8(MASTER, OCW2_END);
}
