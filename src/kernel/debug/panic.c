#include "kernel/debug/panic.h"
#include "common/assert.h"
#include "kernel/arch/x86/cpu.h"
#include "kernel/arch/x86/power.h"
#include "kernel/debug/backtrace.h"
#include "kernel/debug/log.h"
#include "kernel/debug/screen.h"
#include <stdarg.h>
#include <stdbool.h>

static void say_list(const char *first, const char *format, va_list arguments)
{
    log_print("%s", first);
    log_print_list(format, arguments);
    log_print("\n");
}

/* A panic within a panic ends at once: what could be said has been said. */
static void panic_begin(const char *format, va_list arguments)
{
    static bool panicking;
    interrupts_off();
    if (panicking)
        machine_exit_panic();
    panicking = true;
    screen_take();
    say_list("PANIC ", format, arguments);
}

static void registers_print(const struct context *c)
{
    bool from_user = (c->cs & 3u) != 0;
    uint32_t esp = from_user ? c->esp : (uint32_t)(uintptr_t)&c->esp; /* the kernel's own traps push no stack */
    log_print("eax %08x ebx %08x ecx %08x edx %08x\n", c->eax, c->ebx, c->ecx, c->edx);
    log_print("esi %08x edi %08x ebp %08x esp %08x\n", c->esi, c->edi, c->ebp, esp);
    log_print("eip %08x cs %04x eflags %08x vector %u error %x\n", c->eip, c->cs & 0xFFFFu, c->eflags, c->vector,
              c->error);
}

static void controls_print(void)
{
    log_print("cr0 %08x cr2 %08x cr3 %08x\nbacktrace:\n", cr0_read(), cr2_read(), cr3_read());
}

void panic(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    panic_begin(format, arguments);
    va_end(arguments);
    controls_print();
    backtrace_callers(frame_base());
    machine_exit_panic();
}

void panic_at(const struct context *c, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    panic_begin(format, arguments);
    va_end(arguments);
    registers_print(c);
    controls_print();
    backtrace_print(c->eip, c->ebp);
    machine_exit_panic();
}

void assert_failed(const char *what, const char *file, int line) { panic("%s:%d: %s", file, line, what); }

void refuse(const char *what, const char *format, ...)
{
    va_list arguments;
    interrupts_off();
    screen_take();
    log_print("REFUSED %s: ", what);
    va_start(arguments, format);
    say_list("", format, arguments);
    va_end(arguments);
    machine_exit_refused();
}
