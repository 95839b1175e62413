/* CRC-32, four bytes at a time. table[k][b]: what byte b does to the sum when k more bytes follow it in its word. */
#include "files/checksum.h"
#include "files/files.h"

#define POLYNOMIAL 0xEDB88320u /* 0x04C11DB7, lowest bit first */
#define BYTE_VALUES 256u
#define WORD_BYTES 4u

static uint32_t table[WORD_BYTES][BYTE_VALUES];

void checksum_start(void)
{
    for (uint32_t byte = 0; byte < BYTE_VALUES; byte++) {
        uint32_t sum = byte;
        for (uint32_t bit = 0; bit < 8; bit++)
            sum = (sum >> 1) ^ ((sum & 1u) != 0 ? POLYNOMIAL : 0);
        table[0][byte] = sum;
    }
    for (uint32_t byte = 0; byte < BYTE_VALUES; byte++)
        for (uint32_t k = 1; k < WORD_BYTES; k++)
            table[k][byte] = (table[k - 1][byte] >> 8) ^ table[0][table[k - 1][byte] & 0xFFu];
}

uint32_t files_checksum(const void *block)
{
    const uint8_t *at = block;
    uint32_t sum = ~0u;
    for (const uint8_t *end = at + FILES_BLOCK_BYTES; at != end; at += WORD_BYTES) {
        sum ^= at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
        sum =
            table[3][sum & 0xFFu] ^ table[2][(sum >> 8) & 0xFFu] ^ table[1][(sum >> 16) & 0xFFu] ^ table[0][sum >> 24];
    }
    return ~sum;
}
