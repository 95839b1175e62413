#include "kernel/arch/x86/apic.h"
#include "kernel/arch/x86/cpu.h"
#include "kernel/arch/x86/descriptors.h"
#include "kernel/arch/x86/paging.h"

/* Registers, as indices of 32-bit words (Intel SDM vol. 3A, 11.4.1) */
enum apic_register {
    TASK_PRIORITY = 0x80 / 4,
    END_OF_INTERRUPT = 0xB0 / 4,
    SPURIOUS = 0xF0 / 4,
    TIMER = 0x320 / 4,
    LINE_0 = 0x350 / 4,
    LINE_1 = 0x360 / 4,
    INITIAL = 0x380 / 4,
    CURRENT = 0x390 / 4,
    DIVIDE = 0x3E0 / 4
};
enum { SOFTWARE_ENABLE = 0x100, EXTERNAL = 0x700, NMI = 0x400, DIVIDE_BY_16 = 3 };
#define BASE_DEFAULT 0xFEE00000u
#define BASE_ENABLED 0x800u

static volatile uint32_t *apic;

static void apic_write(enum apic_register r, uint32_t v) { apic[r] = v; }

bool apic_start(void)
{
    uint32_t base = BASE_DEFAULT;
    if (!cpu_features()->apic)
        return false;
    if (cpu_features()->apic_movable) {
        base = (uint32_t)msr_read(MSR_APIC_BASE);
        if (!(base & BASE_ENABLED))
            return false;
    }
    apic = device_map(address_frame(base));
    apic_write(SPURIOUS, SOFTWARE_ENABLE | VECTOR_APIC_SPURIOUS);
    apic_write(TASK_PRIORITY, 0);
    apic_write(LINE_0, EXTERNAL);
    apic_write(LINE_1, NMI);
    apic_write(DIVIDE, DIVIDE_BY_16);
    apic_write(TIMER, VECTOR_APIC_TIMER);
    apic_write(INITIAL, 0);
    return true;
}

void apic_shoot(uint32_t ticks) { apic_write(INITIAL, ticks); }
uint32_t apic_left(void) { return apic[CURRENT]; }
void apic_acknowledge(void) { apic_write(END_OF_INTERRUPT, 0); }
