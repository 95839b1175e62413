/* What drivers and pagers need: rights to hardware, interrupts, and the pages of requests in flight. */
#ifndef APTERYX_HARDWARE_H
#define APTERYX_HARDWARE_H

#include "abi/process.h"
#include <apteryx/types.h>

/* init only: `machine` is its first handle; first and count as abi/process.h says for each type. */
err_t right_create(handle_t machine, enum right_type type, uint32_t first, uint32_t count, handle_t *right);
/* From here on this process may use the ports of that right. */
err_t io_enable(handle_t ports);
/* The interrupt notifies `port` with `bits`; unmasks it. After each, interrupt_done unmasks it again. */
err_t interrupt_bind(handle_t interrupt, handle_t port, uint32_t bits);
err_t interrupt_done(handle_t interrupt);
err_t swap_register(handle_t swap, handle_t port, uint32_t blocks);
/* Show the page of a request in flight at `page`. It is gone once the request is answered, or the page released.
 * right: to swap, or to be a file server */
err_t token_map(handle_t right, uint32_t token, uintptr_t page);
err_t token_physical(handle_t dma, uint32_t token, uint32_t *physical);

#endif
