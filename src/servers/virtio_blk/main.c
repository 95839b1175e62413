/* virtio_blk: the disk driver of virtio block devices on PCI, by their legacy registers. Serves the disk protocol
 * (abi/disk.h), several requests of each device in flight.
 *
 * The units are the devices in the order of the bus. Argument: `blank` serves unit 0 as a whole only if its first sector is
 * all zeros (a plain boot must not scribble on somebody's disk). Handles: servers/disk_given.h.
 * Ends with status 3 when there is nothing to serve. */
#include "common/string.h"
#include "servers/disk_given.h"
#include "servers/help.h"
#include "servers/log.h"
#include "servers/pci.h"
#include "servers/virtio_blk/device.h"
#include <apteryx/hardware.h>
#include <apteryx/ipc.h>
#include <apteryx/process.h>
#include <apteryx/time.h>

#define VIRTIO_BLOCK 0x10011AF4u /* device, vendor: a transitional device */
#define FIRST_LIMIT_US 5000000u

static struct device device[DISK_UNITS];

/* The right to an interrupt line; 0: not ours. */
static handle_t line_right(uint32_t line)
{
    return line == 10 ? start_handle(GIVEN_INTERRUPT_10) : line == 11 ? start_handle(GIVEN_INTERRUPT_11) : 0;
}

static uint32_t devices_find(void)
{
    uint32_t count = 0;
    for (uint32_t f = pci_function_from(0); f < PCI_FUNCTIONS && count < DISK_UNITS; f = pci_function_from(f + 1)) {
        uint32_t bar = pci_read(f, PCI_BAR(0)), line = pci_read(f, PCI_INTERRUPT_LINE) & 0xFFu;
        if (pci_read(f, PCI_ID) != VIRTIO_BLOCK || !(bar & PCI_BAR_IO))
            continue;
        pci_enable(f);
        device[count++] = (struct device){.ports = (uint16_t)(bar & PCI_BAR_PORTS), .line = line};
    }
    for (uint32_t unit = 0; unit < count; unit++)
        device_reset(&device[unit]); /* all of them, before the first makes a DMA buffer */
    return count;
}

/* Before anything is served the interrupts go to a port of their own. */
static err_t first_sector_await(struct device *of, handle_t port)
{
    static struct message m;
    struct disk_request *request;
    err_t err;
    TRY(interrupt_bind(line_right(of->line), port, 1));
    device_read_first(of);
    uint64_t deadline = time_now_us() + FIRST_LIMIT_US;
    do {
        TRY(ipc_receive(port, &m, NULL, NULL, deadline));
        device_quiet(of);
        TRY(interrupt_done(line_right(of->line)));
    } while (!device_take(of, &request, &err));
    return err;
}

static err_t unit_open(uint32_t unit, handle_t port, bool only_blank)
{
    struct device *opened = &device[unit];
    TRY(line_right(opened->line) != 0 ? OK : ERR_KIND);
    TRY(device_open(opened));
    TRY(first_sector_await(opened, port));
    log_line("virtio_blk: unit %u: %u sectors%s", unit, opened->sectors, opened->flushes ? ", flush" : "");
    if (!disk_unit_add(unit, opened->sectors, device_first_sector(opened), only_blank && unit == 0))
        log_line("virtio_blk: unit %u is not blank: only its partitions are served", unit);
    return OK;
}

/* How many units serve. */
static uint32_t units_open(uint32_t count, bool only_blank)
{
    handle_t port;
    uint32_t open = 0;
    if (port_create(&port) != OK)
        return 0;
    for (uint32_t unit = 0; unit < count; unit++) {
        err_t err = unit_open(unit, port, only_blank);
        open += err == OK;
        if (err == OK)
            continue;
        log_line("virtio_blk: unit %u cannot be used (%u)", unit, err);
        device_reset(&device[unit]);
        device[unit].ports = 0;
    }
    return open;
}

static err_t interrupts_bind(void)
{
    for (uint32_t unit = 0; unit < DISK_UNITS; unit++)
        if (device[unit].ports != 0)
            TRY(interrupt_bind(line_right(device[unit].line), start_handle(GIVEN_PORT), 1u << device[unit].line));
    return OK;
}

/* The bits are the lines. Devices may share one: each is asked before the line is let through again. */
static err_t interrupts_serve(uint32_t bits)
{
    struct disk_request *request;
    err_t err;
    for (uint32_t unit = 0; unit < DISK_UNITS && bits != 0; unit++) {
        if (device[unit].ports == 0)
            continue;
        device_quiet(&device[unit]);
        while (device_take(&device[unit], &request, &err))
            disk_answer(request, err);
    }
    for (uint32_t line = 0; line < 32; line++)
        if ((bits >> line & 1u) && line_right(line) != 0)
            TRY(interrupt_done(line_right(line)));
    return OK;
}

static uint32_t units_with_room(void)
{
    uint32_t units = 0;
    for (uint32_t unit = 0; unit < DISK_UNITS; unit++)
        units |= device_has_room(&device[unit]) ? 1u << unit : 0;
    return units;
}

static void requests_begin(void)
{
    struct disk_request *request;
    while ((request = disk_next(units_with_room())) != NULL) {
        bool nothing = request->work == DISK_WORK_FLUSH && !device[request->unit].flushes;
        err_t err = nothing ? OK : device_begin(&device[request->unit], request, start_handle(GIVEN_DMA));
        if (nothing || err != OK)
            disk_answer(request, err);
    }
}

static err_t serve(void)
{
    TRY(disk_server_open(start_handle(GIVEN_PORT)));
    TRY(interrupts_bind());
    for (;;) {
        uint32_t bits = 0;
        TRY(disk_receive(true, &bits));
        TRY(interrupts_serve(bits));
        requests_begin();
    }
}

int main(int argc, char **argv)
{
    if (help_asked(argc, argv, "virtio_blk [blank]", "The disk driver of virtio block devices."))
        return 0;
    bool only_blank = argc > 1 && strcmp(argv[1], "blank") == 0;
    err_t err = io_enable(start_handle(GIVEN_PCI_PORTS));
    if (err == OK)
        err = io_enable(start_handle(GIVEN_BAR_PORTS));
    if (err != OK || !pci_is_there() || units_open(devices_find(), only_blank) == 0) {
        log_line("virtio_blk: no disk to serve");
        return DISK_STATUS_NO_DRIVE;
    }
    log_line("virtio_blk: cannot serve: %u", serve());
    return 1;
}
