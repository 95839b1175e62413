/* Rights to hardware, interrupts, swap service, the log, and the machine's end. */
#include "abi/swap.h"
#include "common/string.h"
#include "kernel/arch/x86/pic.h"
#include "kernel/arch/x86/power.h"
#include "kernel/debug/log.h"
#include "kernel/debug/panic.h"
#include "kernel/syscall/calls.h"
#include "kernel/task/work.h"

/* ---- rights ---- */

static bool right_is_sound(uint32_t type, uint32_t first, uint32_t count)
{
    switch (type) {
    case RIGHT_TYPE_IO_PORTS:
        return count > 0 && count <= 0x10000u && first <= 0x10000u - count;
    case RIGHT_TYPE_MEMORY: /* device memory: never a frame that the kernel manages */
        for (uint32_t i = 0; i < count && count <= FRAME_COUNT_MAX; i++)
            if (first + i < frame_end() && first + i >= 0x100u && frame_is_ram((frame_t){first + i}))
                return false;
        return count > 0 && count <= FRAME_COUNT_MAX && first <= FRAME_COUNT_MAX - count;
    case RIGHT_TYPE_INTERRUPT:
        return first > 0 && first < PIC_LINES && count == 1;
    case RIGHT_TYPE_DMA:
        return first < FRAME_COUNT_MAX;
    case RIGHT_TYPE_SWAP:
    case RIGHT_TYPE_CONTROL:
    case RIGHT_TYPE_PAGER:
        return true;
    default:
        return false;
    }
}

err_t call_right_create(struct thread *thread)
{
    struct handle_entry *machine;
    const struct context *c = &thread->context;
    TRY(handle_right(thread->process, c->ebx, RIGHT_TYPE_MACHINE, &machine));
    if (!right_is_sound(c->edx, c->esi, c->edi))
        return ERR_RANGE;
    TRY(handle_prepare(thread->process, 1));
    result_handle(thread, &(struct handle_entry){.object = (void *)(uintptr_t)c->edi,
                                                 .badge = c->esi,
                                                 .type = HANDLE_RIGHT,
                                                 .rights = (uint8_t)c->edx});
    return OK;
}

err_t call_io_enable(struct thread *thread)
{
    struct handle_entry *ports;
    struct io_ranges *io = &thread->process->io;
    TRY(handle_right(thread->process, thread->context.ebx, RIGHT_TYPE_IO_PORTS, &ports));
    if (io->count == IO_RANGES)
        return ERR_LIMIT;
    io->range[io->count].first = (uint16_t)ports->badge;
    io->range[io->count].count = (uint16_t)(uintptr_t)ports->object;
    io->count++;
    work_raise(WORK_SCHEDULE); /* the ports are opened when the thread is picked */
    return OK;
}

/* ---- interrupts ---- */

static struct {
    struct port *port; /* NULL: nobody's */
    uint32_t bits;
} lines[PIC_LINES];

void interrupt_arrived(uint32_t line)
{
    if (lines[line].port)
        port_notify(lines[line].port, lines[line].bits);
}

void interrupts_port_gone(const struct port *port)
{
    for (uint32_t line = 0; line < PIC_LINES; line++)
        if (lines[line].port == port)
            lines[line].port = NULL;
}

err_t call_interrupt_bind(struct thread *thread)
{
    struct handle_entry *interrupt, *port;
    const struct context *c = &thread->context;
    TRY(handle_right(thread->process, c->ebx, RIGHT_TYPE_INTERRUPT, &interrupt));
    TRY(handle_find(thread->process, c->edx, HANDLE_PORT, &port));
    if (!(port->rights & RIGHT_RECEIVE))
        return ERR_RIGHTS;
    lines[interrupt->badge].port = port->object;
    lines[interrupt->badge].bits = c->esi;
    pic_unmask(interrupt->badge);
    return OK;
}

err_t call_interrupt_done(struct thread *thread)
{
    struct handle_entry *interrupt;
    TRY(handle_right(thread->process, thread->context.ebx, RIGHT_TYPE_INTERRUPT, &interrupt));
    pic_unmask(interrupt->badge);
    return OK;
}

/* ---- swap service ---- */

err_t call_swap_register(struct thread *thread)
{
    struct handle_entry *swap, *port;
    const struct context *c = &thread->context;
    TRY(handle_right(thread->process, c->ebx, RIGHT_TYPE_SWAP, &swap));
    TRY(handle_find(thread->process, c->edx, HANDLE_PORT, &port));
    if (!(port->rights & RIGHT_RECEIVE))
        return ERR_RIGHTS;
    return pager_swap_register(port->object, c->esi);
}

err_t call_token_map(struct thread *thread)
{
    struct handle_entry *right;
    const struct context *c = &thread->context;
    TRY(handle_find(thread->process, c->ebx, HANDLE_RIGHT, &right));
    if (right->rights != RIGHT_TYPE_SWAP && right->rights != RIGHT_TYPE_PAGER)
        return ERR_RIGHTS;
    struct page_range window;
    struct space *space;
    TRY(page_range_make(c->esi, PAGE_BYTES, &window));
    TRY(thread_space_use(thread, window, &space));
    return pager_token_map(space, c->edx, window.first);
}

err_t call_token_physical(struct thread *thread)
{
    struct handle_entry *dma;
    frame_t frame;
    TRY(handle_right(thread->process, thread->context.ebx, RIGHT_TYPE_DMA, &dma));
    const struct token_user by = {&thread->process->space, dma->badge};
    TRY(pager_token_frame(thread->context.edx, by, &frame));
    thread->context.ebx = frame_address(frame);
    return OK;
}

/* ---- the log, the commands, the checker ---- */

#define TEXT_BYTES 2048u

err_t call_log_write(struct thread *thread)
{
    char text[TEXT_BYTES];
    const struct context *c = &thread->context;
    if (c->edx > sizeof text)
        return ERR_TOO_LONG;
    TRY(copy_in(text, user_pointer(c->ebx), c->edx));
    serial_write(text, c->edx);
    return OK;
}

err_t call_log_read(struct thread *thread)
{
    char text[TEXT_BYTES];
    const struct context *c = &thread->context;
    uint32_t from = c->ebx;
    uint32_t count = log_read(&from, text, c->edx < sizeof text ? c->edx : (uint32_t)sizeof text);
    TRY(copy_out(user_pointer(c->esi), text, count));
    thread->context.ebx = count;
    thread->context.edx = from;
    return OK;
}

static const uint8_t *commands, *archive;
static uint32_t commands_bytes, archive_bytes;

void hardware_start(const struct boot_info *boot)
{
    commands = module_bytes(boot->commands);
    commands_bytes = boot->commands.bytes;
    archive = module_bytes(boot->archive);
    archive_bytes = boot->archive.bytes;
}

err_t call_boot_commands(struct thread *thread)
{
    const struct context *c = &thread->context;
    uint32_t count = c->ebx < commands_bytes ? c->ebx : commands_bytes;
    TRY(copy_out(user_pointer(c->edx), commands, count));
    thread->context.ebx = commands_bytes;
    return OK;
}

err_t call_boot_archive(struct thread *thread)
{
    const struct context *c = &thread->context;
    uint32_t from = c->ebx < archive_bytes ? c->ebx : archive_bytes, count = archive_bytes - from;
    if (count > c->edx)
        count = c->edx;
    if (count > PAGE_BYTES)
        count = PAGE_BYTES;
    TRY(copy_out(user_pointer(c->esi), archive + from, count));
    thread->context.ebx = count;
    return OK;
}

err_t call_check(struct thread *thread)
{
    struct check_report report = {0};
    void __user *to = user_pointer(thread->context.ebx);
    TRY(copy_out(to, &report, sizeof report)); /* a bad pointer is known before the walk, not behind it */
    pager_check(&report);
    return copy_out(to, &report, sizeof report);
}

err_t call_power(struct thread *thread)
{
    struct handle_entry *right;
    const struct context *c = &thread->context;
    TRY(handle_find(thread->process, c->ebx, HANDLE_RIGHT, &right));
    if (right->rights != RIGHT_TYPE_MACHINE && right->rights != RIGHT_TYPE_CONTROL)
        return ERR_RIGHTS;
    switch (c->edx) {
    case POWER_OFF:
        machine_off();
    case POWER_REBOOT:
        machine_reboot();
    case POWER_PANIC:
        panic("asked for by process %u", process_number(thread->process));
    default:
        return ERR_RANGE;
    }
}
