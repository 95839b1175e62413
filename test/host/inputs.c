#include "inputs.h"
#include "random.h"
#include <stdlib.h>
#include <string.h>

int inputs_start(void **state)
{
    (void)state;
    random_state = 20;
    return 0;
}

void mutate(uint8_t *bytes, uint32_t length)
{
    static const uint32_t edges[] = {0,      1,          2,          0x7F,       0xFF,      0xFFF,
                                     0x1000, 0x7FFFFFFF, 0x80000000, 0xFFFFF000, 0xFFFFFFFF};
    uint32_t at = below(length), word = edges[below(11)] + below(3) - 1;
    uint32_t room = length - at < 4 ? length - at : 4, from = below(length);
    switch (below(5)) {
    case 0:
        bytes[at] ^= (uint8_t)(1u << below(8));
        break;
    case 1:
        bytes[at] = (uint8_t)below(256);
        break;
    case 2: /* a field on its boundary */
        at &= ~3u;
        memcpy(bytes + at, &word, length - at < 4 ? length - at : 4);
        break;
    case 3:
        memcpy(bytes + at, &word, room);
        break;
    default: /* a piece moved elsewhere */
        memmove(bytes + at, bytes + from, below(1 + (length - (at > from ? at : from))));
    }
}

uint8_t *mutant_of(const void *right, uint32_t length, uint32_t *bytes)
{
    *bytes = below(8) ? length : 1 + below(length);
    uint8_t *copy = malloc(*bytes);
    memcpy(copy, right, *bytes);
    for (uint32_t n = below(6); n > 0; n--)
        mutate(copy, *bytes);
    return copy;
}

char *text_mutant_of(const char *right)
{
    static const char *const words[] = {";", "&", "!", "'",  "\"", "$?", "=",  ",",
                                        "+", ":", "#", "\n", " ",  "0x", "-1", "4294967296"};
    uint32_t bytes;
    uint8_t *raw = mutant_of(right, (uint32_t)strlen(right), &bytes);
    char *text = malloc(bytes + 1);
    memcpy(text, raw, bytes);
    text[bytes] = '\0';
    free(raw);
    for (uint32_t n = below(4); n > 0; n--) {
        const char *word = words[below(16)];
        uint32_t at = below(bytes), room = bytes - at;
        memcpy(text + at, word, strlen(word) < room ? strlen(word) : room);
    }
    return text;
}
