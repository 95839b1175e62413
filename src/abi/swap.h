/* The swap protocol: what the kernel sends to the registered swap server's port.
 *
 * The kernel calls with label SWAP_BATCH and 2 × n words, n = 1 … SWAP_BATCH_MAX: for each request
 *     word 2i   = operation (bits 31..28) | block (bits 27..0)
 *     word 2i+1 = token of the page in flight (0 for a discard)
 * Read requests come first. The server replies with n words: the err_t of each request (OK or ERR_IO).
 * A token is valid until that reply. token_map shows its page to the server (read-only for a write request);
 * a holder of the DMA right asks token_physical. Batches may be in flight side by side (up to SWAP_BATCHES).
 * A discard says that what the block holds will not be read any more. It is advice: it comes late, when the machine has
 * nothing else to do, or never, where the block is written again before. No other request names the block meanwhile.
 * The server may forget everything when it dies: the kernel sends again what was not answered. */
#ifndef ABI_SWAP_H
#define ABI_SWAP_H

#include <stdint.h>

#define SWAP_BATCH 0x53574150u
#define SWAP_BATCH_MAX 64u
#define SWAP_BATCHES 4u

enum swap_operation { SWAP_READ = 1, SWAP_WRITE = 2, SWAP_DISCARD = 3 };

static inline uint32_t swap_request(enum swap_operation operation, uint32_t block)
{
    return ((uint32_t)operation << 28) | block;
}
static inline enum swap_operation swap_request_operation(uint32_t word) { return (enum swap_operation)(word >> 28); }
static inline uint32_t swap_request_block(uint32_t word) { return word & 0x0FFFFFFFu; }

#endif
