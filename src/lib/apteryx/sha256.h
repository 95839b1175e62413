/* SHA-256 (FIPS 180-4), in pieces of any size. Pure. */
#ifndef APTERYX_SHA256_H
#define APTERYX_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_BYTES 32u

struct sha256 {
    uint32_t state[8];
    uint64_t bytes; /* so far; the last bytes % 64 of them wait in `rest` */
    uint8_t rest[64];
};

void sha256_start(struct sha256 *sum);
void sha256_add(struct sha256 *sum, const void *data, size_t bytes);
/* => sum is to be started anew afterwards */
void sha256_end(struct sha256 *sum, uint8_t digest[SHA256_BYTES]);

#endif
