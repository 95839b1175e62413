/* fault: does one forbidden thing, and so ends by a fault (status 139 and a FAULT line). Returns 1 if it survived. */
#include "abi/layout.h"
#include "common/units.h"
#include <apteryx/options.h>
#include <apteryx/print.h>
#include <apteryx/string.h>
#include <apteryx/vm.h>

#define GUARDED 0x30000000u
#define NOTHING 0x30010000u
#define STATUS_SURVIVED 1

int main(int argc, char **argv);

/* forbidden.asm */
void forbidden_privileged(void);
void forbidden_port(void);
void forbidden_invalid(void);
void forbidden_divide(void);

static void read_at(uintptr_t at)
{
    /* A null pointer is one of its purposes. cppcheck-suppress nullPointer */
    (void)*(volatile uint32_t *)at; /* NOLINT(clang-analyzer-core.NullDereference) */
}
static void write_at(uintptr_t at) { *(volatile uint32_t *)at = 1; }

static void do_null(void) { read_at(0); }
static void do_none(void) { write_at(NOTHING); }
static void do_kernel(void) { read_at(KERNEL_SPACE); }
static void do_info(void) { write_at(INFO_PAGE); }
static void do_text(void) { write_at((uintptr_t)main); }
static void do_execute(void) { ((void (*)(void))NOTHING)(); }

static void do_guard(void)
{
    if (vm_set(GUARDED, PAGE_BYTES, VM_GUARD) == OK)
        write_at(GUARDED);
}

/* Down the stack, page by page, into the page below it. */
static void do_stack(void)
{
    for (uintptr_t at = STACK_TOP - PAGE_BYTES; at >= STACK_GUARD; at -= PAGE_BYTES)
        read_at(at);
}

static const struct {
    const char *name;
    void (*run)(void);
} things[] = {
    {"null", do_null},
    {"none", do_none},
    {"guard", do_guard},
    {"kernel", do_kernel},
    {"info", do_info},
    {"text", do_text},
    {"execute", do_execute},
    {"privileged", forbidden_privileged},
    {"port", forbidden_port},
    {"invalid", forbidden_invalid},
    {"divide", forbidden_divide},
    {"stack", do_stack},
};

int main(int argc, char **argv)
{
    const char *what[1];
    const struct options options = {
        "fault null|none|guard|kernel|info|text|execute|privileged|port|invalid|divide|stack",
        "Touches what it must not, and ends by a fault.",
        NULL,
        0,
        what,
        1};
    if (options_read(&options, argc, argv) == 0)
        usage_error(argv[0], "what should it do", "a word is missing");
    print_flush();
    for (uint32_t i = 0; i < sizeof things / sizeof things[0]; i++)
        if (strcmp(things[i].name, what[0]) == 0) {
            things[i].run();
            print("fault: %s: still alive\n", what[0]);
            return STATUS_SURVIVED;
        }
    usage_error(argv[0], "no such thing", what[0]);
}
