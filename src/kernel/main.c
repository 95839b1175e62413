/* From the boot loader to the first program: brings everything up, in this order, and enters the resume loop. */
#include "kernel/arch/x86/clock.h"
#include "kernel/arch/x86/cpu.h"
#include "kernel/arch/x86/descriptors.h"
#include "kernel/arch/x86/fpu.h"
#include "kernel/arch/x86/paging.h"
#include "kernel/arch/x86/pic.h"
#include "kernel/arch/x86/stack.h"
#include "kernel/arch/x86/trap.h"
#include "kernel/boot/multiboot.h"
#include "kernel/debug/log.h"
#include "kernel/debug/panic.h"
#include "kernel/usage/loader.h"

extern const uint8_t kernel_start[], kernel_end[]; /* kernel.ld */

_Noreturn void kernel_main(uint32_t magic, uint32_t info);

static void boot_read(uint32_t magic, uint32_t info, uint32_t reach, struct boot_info *boot)
{
    struct physical memory = {frame_pointer((frame_t){0}), reach};
    struct frame_range image = {pointer_frame(kernel_start).n, pointer_frame(kernel_end).n};
    struct refusal no;
    if (magic != MULTIBOOT_LOADED)
        refuse("command line", "not started by a Multiboot loader (%08x)", magic);
    if (!multiboot_read(&memory, info, image, boot, &no))
        refuse(no.what, "%s", no.why);
}

static void memory_start(struct boot_info *boot)
{
    struct frame_range where;
    if (paging_complete(&boot->map) != OK || frames_place_records(&boot->map, paging_low_end(), &where) != OK)
        refuse("memory", "no room for the frame records");
    frames_start(&boot->map, paging_low_end(), frame_pointer((frame_t){where.first}), where);
    frame_return_range(paging_spare());
    log_print("memory: %u KiB of RAM, %u KiB free\n", frame_count_ram() * (PAGE_BYTES / 1024u),
              frame_count_free(FRAME_USE_USER) * (PAGE_BYTES / 1024u));
    if (boot->ram_above > 0)
        log_print("memory: %llu KiB above 3 GiB are not used\n", boot->ram_above / 1024u);
}

static void usage_start(struct boot_info *boot)
{
    boot->module = usage_load(boot);
    frame_return_range(
        (struct frame_range){pages_for(boot->usage.start), pages_for(boot->usage.start + boot->usage.bytes)});
    boot->usage = (struct boot_module){0};
}

static struct boot_info boot;

/* The rest, on the guarded stack. */
static _Noreturn void kernel_go_on(void)
{
    memory_start(&boot);
    clock_start();
    usage_start(&boot);
    task_start(&boot);
    breakage_do(boot.breakage);
    trap_resume();
}

void kernel_main(uint32_t magic, uint32_t info)
{
    log_start();
    log_print("Apteryx\n");
    cpu_start();
    uint32_t reach = paging_start();
    descriptors_start();
    fpu_start();
    pic_start();
    boot_read(magic, info, reach, &boot);
    stack_enter(kernel_go_on);
}
