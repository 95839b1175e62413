#include "common/format.h"
#include "common/assert.h"
#include "common/string.h"
#include <stdbool.h>
#include <stdint.h>

#define DIGITS_MAX 20 /* of 2^64 - 1 */

struct output {
    format_put put;
    void *sink;
    int count;
};

/* One conversion: what stands between % and its letter. */
struct conversion {
    bool zero, left;
    size_t width;
    size_t precision; /* SIZE_MAX: none given */
    unsigned longs;   /* l's: 0, 1, 2 */
};

static void put_char(struct output *out, char c)
{
    out->put(out->sink, c);
    out->count++;
}

static void put_repeated(struct output *out, char c, size_t times)
{
    for (; times > 0; times--)
        put_char(out, c);
}

static void put_bytes(struct output *out, const char *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        put_char(out, bytes[i]);
}

/* prefix (a sign, or 0x) and body to the conversion's width; zeros go between the two. */
static void put_field(struct output *out, const struct conversion *c, const char *prefix, const char *body,
                      size_t bytes)
{
    size_t prefix_bytes = strlen(prefix);
    size_t used = prefix_bytes + bytes;
    size_t fill = c->width > used ? c->width - used : 0;
    if (!c->left && !c->zero)
        put_repeated(out, ' ', fill);
    put_bytes(out, prefix, prefix_bytes);
    if (!c->left && c->zero)
        put_repeated(out, '0', fill);
    put_bytes(out, body, bytes);
    if (c->left)
        put_repeated(out, ' ', fill);
}

/* value / 10 without the compiler's 64-bit division, which freestanding programs lack: long division by 16-bit digits. */
static uint64_t divide(uint64_t value, uint32_t by, uint32_t *rest)
{
    uint64_t quotient = 0;
    uint32_t carry = 0;
    for (int shift = 48; shift >= 0; shift -= 16) {
        uint32_t part = carry << 16 | (uint32_t)((value >> shift) & 0xFFFFu);
        quotient |= (uint64_t)(part / by) << shift;
        carry = part % by;
    }
    *rest = carry;
    return quotient;
}

static void put_number(struct output *out, const struct conversion *c, const char *prefix, uint64_t value,
                       uint32_t base)
{
    char digits[DIGITS_MAX];
    size_t first = DIGITS_MAX;
    do {
        uint32_t digit;
        value = divide(value, base, &digit);
        digits[--first] = "0123456789abcdef"[digit];
    } while (value != 0);
    put_field(out, c, prefix, digits + first, DIGITS_MAX - first);
}

static void put_signed(struct output *out, const struct conversion *c, int64_t value)
{
    uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    put_number(out, c, value < 0 ? "-" : "", size, 10);
}

static void put_text(struct output *out, struct conversion *c, const char *text)
{
    if (text == NULL)
        text = "(null)";
    size_t bytes = 0;
    while (bytes < c->precision && text[bytes] != '\0')
        bytes++;
    c->zero = false;
    put_field(out, c, "", text, bytes);
}

static void put_pointer(struct output *out, struct conversion *c, const void *pointer)
{
    c->zero = true;
    c->left = false;
    c->width = 10;
    put_number(out, c, "0x", (uintptr_t)pointer, 16);
}

/* va_list is an array on some machines: travels in a struct so that functions can pass it on by address. */
struct arguments {
    va_list list;
};

static uint64_t take_unsigned(struct arguments *from, unsigned longs)
{
    if (longs >= 2)
        return va_arg(from->list, unsigned long long);
    return longs == 1 ? va_arg(from->list, unsigned long) : va_arg(from->list, unsigned);
}

static int64_t take_signed(struct arguments *from, unsigned longs)
{
    if (longs >= 2)
        return va_arg(from->list, long long);
    return longs == 1 ? va_arg(from->list, long) : va_arg(from->list, int);
}

static const char *read_number(const char *at, size_t *number, struct arguments *from)
{
    *number = 0;
    if (*at == '*') {
        int given = va_arg(from->list, int);
        *number = given > 0 ? (size_t)given : 0;
        return at + 1;
    }
    for (; *at >= '0' && *at <= '9'; at++)
        *number = *number * 10 + (size_t)(*at - '0');
    return at;
}

/* Reads flags, width, precision and l's. Returns where the conversion's letter stands. */
static const char *read_conversion(const char *at, struct conversion *c, struct arguments *from)
{
    *c = (struct conversion){.precision = SIZE_MAX};
    for (; *at == '0' || *at == '-'; at++) {
        c->zero = c->zero || *at == '0';
        c->left = c->left || *at == '-';
    }
    at = read_number(at, &c->width, from);
    if (*at == '.')
        at = read_number(at + 1, &c->precision, from);
    for (; *at == 'l'; at++)
        c->longs++;
    return at;
}

/* False: no conversion of ours. */
static bool put_conversion(struct output *out, char letter, struct conversion *c, struct arguments *from)
{
    char one;
    switch (letter) {
    case 'd':
        put_signed(out, c, take_signed(from, c->longs));
        return true;
    case 'u':
        put_number(out, c, "", take_unsigned(from, c->longs), 10);
        return true;
    case 'x':
        put_number(out, c, "", take_unsigned(from, c->longs), 16);
        return true;
    case 's':
        put_text(out, c, va_arg(from->list, const char *));
        return true;
    case 'p':
        put_pointer(out, c, va_arg(from->list, const void *));
        return true;
    case 'c':
        one = (char)va_arg(from->list, int);
        c->zero = false;
        put_field(out, c, "", &one, 1);
        return true;
    case '%':
        put_char(out, '%');
        return true;
    default:
        return false;
    }
}

int format(format_put put, void *sink, const char *text, va_list list)
{
    struct output out = {.put = put, .sink = sink};
    struct arguments from;
    va_copy(from.list, list);
    while (*text != '\0') {
        struct conversion c;
        const char *start = text++;
        if (*start != '%') {
            put_char(&out, *start);
            continue;
        }
        const char *letter = read_conversion(text, &c, &from);
        text = *letter == '\0' ? letter : letter + 1;
        if (!put_conversion(&out, *letter, &c, &from))
            put_bytes(&out, start, (size_t)(text - start));
    }
    va_end(from.list);
    return out.count;
}

struct room {
    char *next, *end; /* end: where the NUL goes at the latest */
};

static void put_in_room(void *sink, char c)
{
    struct room *room = sink;
    if (room->next < room->end)
        *room->next++ = c;
}

int format_text(char *to, size_t room, const char *text, ...)
{
    assert(room > 0);
    struct room left = {.next = to, .end = to + room - 1};
    va_list arguments;
    va_start(arguments, text);
    int length = format(put_in_room, &left, text, arguments);
    va_end(arguments);
    *left.next = '\0';
    return length;
}
