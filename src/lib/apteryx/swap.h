/* Being the swap server: three functions and one call.
 *
 * The program was started by init with handle 1 = the port on which to serve and handle 2 = the swap right. Block n is
 * one page; `page` is valid until the function returns. What was written must come back, after a restart too if the
 * blocks are kept elsewhere. read and write answer OK or ERR_IO. discard may be NULL: blocks are then just overwritten.
 */
#ifndef APTERYX_SWAP_H
#define APTERYX_SWAP_H

#include "abi/swap.h"
#include <apteryx/types.h>

struct swap_ops {
    err_t (*read)(uint32_t block, void *page);
    err_t (*write)(uint32_t block, const void *page);
    void (*discard)(uint32_t block);
};

/* The argument that every swap server gets last: blocks=N. False: it is not that, and *blocks stays as it was. */
bool swap_blocks(int argc, char **argv, uint32_t *blocks);

/* Registers (one server at a time: ERR_BUSY) and serves; returns on an error only. */
err_t swap_serve(uint32_t blocks, const struct swap_ops *ops);

#endif
