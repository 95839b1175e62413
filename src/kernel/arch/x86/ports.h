/* I/O port access. */
#ifndef KERNEL_ARCH_X86_PORTS_H
#define KERNEL_ARCH_X86_PORTS_H

#include <stdint.h>

static inline void port_out8(uint16_t port, uint8_t v) { asm volatile("outb %0, %1" : : "a"(v), "Nd"(port)); }
static inline void port_out16(uint16_t port, uint16_t v) { asm volatile("outw %0, %1" : : "a"(v), "Nd"(port)); }
static inline uint8_t port_in8(uint16_t port)
{
    uint8_t v;
    asm volatile("inb %1, %0" : "=a"(v) : "Nd"(port));
    return v;
}

#endif
