/* 64-bit division, which the compiler calls by these names, so that no program of the tree needs the compiler's own
 * library. A divisor of zero traps, as in 32 bits. */
#include <stdint.h>

uint64_t __udivdi3(uint64_t a, uint64_t b);
uint64_t __umoddi3(uint64_t a, uint64_t b);
int64_t __divdi3(int64_t a, int64_t b);
int64_t __moddi3(int64_t a, int64_t b);

/* high:low / by. => high < by */
static uint32_t divide_long(uint32_t high, uint32_t low, uint32_t by, uint32_t *rest)
{
    uint32_t quotient;
    asm("divl %4" : "=a"(quotient), "=d"(*rest) : "0"(low), "1"(high), "rm"(by) : "cc");
    return quotient;
}

/* Digit by digit for a divisor that fits 32 bits; else the quotient does, and is built bit by bit. */
static uint64_t divide(uint64_t a, uint64_t b, uint64_t *rest)
{
    uint32_t high = (uint32_t)(a >> 32), part;
    if (b >> 32 == 0) {
        uint32_t first = divide_long(0, high, (uint32_t)b, &part);
        uint32_t second = divide_long(part, (uint32_t)a, (uint32_t)b, &part);
        *rest = part;
        return (uint64_t)first << 32 | second;
    }
    uint32_t quotient = 0;
    uint64_t remainder = high;
    for (uint32_t bit = 1u << 31; bit != 0; bit >>= 1) {
        uint32_t carry = (uint32_t)(remainder >> 63);
        remainder = remainder << 1 | (((uint32_t)a & bit) != 0);
        if (carry != 0 || remainder >= b) {
            remainder -= b;
            quotient |= bit;
        }
    }
    *rest = remainder;
    return quotient;
}

uint64_t __udivdi3(uint64_t a, uint64_t b)
{
    uint64_t rest;
    return divide(a, b, &rest);
}

uint64_t __umoddi3(uint64_t a, uint64_t b)
{
    uint64_t rest;
    (void)divide(a, b, &rest);
    return rest;
}

static uint64_t magnitude(int64_t a) { return a < 0 ? 0u - (uint64_t)a : (uint64_t)a; }

int64_t __divdi3(int64_t a, int64_t b)
{
    uint64_t rest, quotient = divide(magnitude(a), magnitude(b), &rest);
    return (int64_t)((a < 0) != (b < 0) ? 0u - quotient : quotient);
}

int64_t __moddi3(int64_t a, int64_t b)
{
    uint64_t rest;
    (void)divide(magnitude(a), magnitude(b), &rest);
    return (int64_t)(a < 0 ? 0u - rest : rest);
}
