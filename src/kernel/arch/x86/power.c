#include "kernel/arch/x86/power.h"
#include "kernel/arch/x86/cpu.h"
#include "kernel/arch/x86/ports.h"
#include "kernel/debug/log.h"

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

/* Bochs first: to its VGA BIOS the debug-exit port means a panic. */
static _Noreturn void machine_exit(enum machine_exit code)
{
    serial_flush();
    bochs_shutdown();
    port_out16(PORT_DEBUG_EXIT, (uint16_t)code);
    halt_for_ever();
}

void machine_off(void)
{
    serial_flush();
    port_out16(PORT_ACPI, ACPI_SLEEP);
    machine_exit(MACHINE_EXIT_OFF);
}

void machine_exit_panic(void) { machine_exit(MACHINE_EXIT_PANIC); }
void machine_exit_refused(void) { machine_exit(MACHINE_EXIT_REFUSED); }

void machine_reboot(void)
{
    serial_flush();
    port_out8(PORT_KEYBOARD, KEYBOARD_RESET);
    halt_for_ever();
}
