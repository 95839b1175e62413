#include "kernel/arch/x86/power.h"
#include "kernel/arch/x86/cpu.h"
#include "kernel/arch/x86/ports.h"

enum { PORT_ACPI = 0x604, PORT_DEBUG_EXIT = 0x501, PORT_BOCHS = 0x8900, PORT_KEYBOARD = 0x64 };
enum { ACPI_SLEEP = 0x2000, KEYBOARD_RESET = 0xFE };

static _Noreturn void halt_for_ever(void)
{
    for (;;) {
        interrupts_off();
        cpu_halt();
    }
}

static void bochs_shutdown(void)
{
    for (const char *word = "Shutdown"; *word; word++)
        port_out8(PORT_BOCHS, (uint8_t)*word);
}

void machine_off(void)
{
    port_out16(PORT_ACPI, ACPI_SLEEP);
    port_out16(PORT_DEBUG_EXIT, MACHINE_EXIT_OFF);
    bochs_shutdown();
    halt_for_ever();
}

static _Noreturn void machine_exit(enum machine_exit code)
{
    port_out16(PORT_DEBUG_EXIT, (uint16_t)code);
    bochs_shutdown();
    halt_for_ever();
}

void machine_exit_panic(void) { machine_exit(MACHINE_EXIT_PANIC); }
void machine_exit_refused(void) { machine_exit(MACHINE_EXIT_REFUSED); }

void machine_reboot(void)
{
    port_out8(PORT_KEYBOARD, KEYBOARD_RESET);
    halt_for_ever();
}
