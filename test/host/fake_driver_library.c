/* sources: src/servers/ata/drives.c src/servers/ata/channel.c src/servers/ata/pio.c */
/* What the driver of the fake drive asks the library for: its handles, time, interrupts, and pages in flight. */
#include "fake_driver_library.h"

#include "fake_drive.h"
#include "host.h"
#include "servers/ata/transfer.h"
#include "servers/disk_given.h"
#include <apteryx/hardware.h>
#include <apteryx/ipc.h>
#include <apteryx/machine.h>
#include <apteryx/process.h>
#include <apteryx/time.h>
#include <apteryx/vm.h>
#include <string.h>

#define PAGE 4096u
#define INTERRUPT_PORT 77u

static bool masked; /* an interrupt that came, until the driver is done with it */
static uint8_t pages[FAKE_PAGES + 1][PAGE];
static _Alignas(PAGE) uint8_t window[PAGE];
static uint32_t shown; /* the token whose page the window shows; 0: none */

void fake_driver_library_start(void)
{
    memset(pages, 0, sizeof(pages));
    masked = false;
    shown = 0;
}

uint8_t *fake_page(uint32_t token) { return token == shown ? window : pages[token]; }

handle_t start_handle(uint32_t i) { return i; }
err_t log_write(const char *text, uint32_t bytes)
{
    (void)text;
    (void)bytes;
    return OK;
}
uint64_t time_now_us(void) { return fake.now_us; }
void time_sleep_us(uint64_t us) { fake.now_us += us; }

err_t port_create(handle_t *port)
{
    *port = INTERRUPT_PORT;
    return OK;
}

err_t interrupt_bind(handle_t interrupt, handle_t port, uint32_t bits)
{
    (void)bits;
    assert_int_equal(interrupt, GIVEN_INTERRUPT_14);
    assert_int_equal(port, INTERRUPT_PORT);
    masked = false;
    return OK;
}

err_t interrupt_done(handle_t interrupt)
{
    assert_int_equal(interrupt, GIVEN_INTERRUPT_14);
    masked = false;
    return OK;
}

/* The line stays up until the driver has read the status; it is let through once, until the driver is done with it. */
err_t ipc_receive(handle_t port, struct message *m, handle_t *reply, uint32_t *badge, uint64_t until_us)
{
    (void)m;
    assert_int_equal(port, INTERRUPT_PORT);
    assert_null(reply);
    assert_null(badge);
    if (fake_drive_interrupts() && !masked) {
        masked = true;
        return OK;
    }
    fake.now_us = until_us > fake.now_us ? until_us : fake.now_us;
    return ERR_TIME;
}

err_t vm_query(uintptr_t start, uint32_t bytes, struct vm_run *runs, uint32_t room, uint32_t *count)
{
    assert_true(room >= 2);
    uintptr_t at = (uintptr_t)window;
    assert_true(at > start && at < start + bytes);
    runs[0] = (struct vm_run){.start = start, .bytes = at - start, .kind = VM_NORMAL};
    runs[1] = (struct vm_run){.start = at, .bytes = PAGE, .kind = VM_NONE};
    *count = 2;
    return OK;
}

err_t vm_set(uintptr_t start, uint32_t bytes, enum vm_kind to)
{
    (void)to;
    assert_int_equal(start, (uintptr_t)window);
    assert_int_equal(bytes, PAGE);
    return OK;
}

err_t token_map(handle_t right, uint32_t token, uintptr_t page)
{
    assert_int_equal(right, GIVEN_SWAP);
    assert_int_equal(page, (uintptr_t)window);
    if (token == 0 || token > FAKE_PAGES)
        return ERR_NO_ENTRY;
    if (shown != 0)
        memcpy(pages[shown], window, PAGE);
    memcpy(window, pages[token], PAGE);
    shown = token;
    return OK;
}

/* There is no bus master. */
err_t dma_open(handle_t dma)
{
    (void)dma;
    return ERR_KIND;
}
err_t dma_transfer(const struct channel *channel, const struct transfer *transfer)
{
    (void)channel;
    (void)transfer;
    return ERR_KIND;
}
