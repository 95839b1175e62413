/* The 8254: channel 0 as one-shot timer and, where there is no TSC, as the clock; channel 2 to measure others. */
#ifndef KERNEL_ARCH_X86_PIT_H
#define KERNEL_ARCH_X86_PIT_H

#include <stdbool.h>
#include <stdint.h>

#define PIT_HZ 1193182u
#define PIT_TICKS_MAX 0xFFFFu

void pit_shoot(uint32_t ticks); /* IRQ 0 once, after 1 … PIT_TICKS_MAX ticks */
uint32_t pit_elapsed(void);     /* ticks since pit_shoot, right until one round after the shot */

/* To measure others by: channel 2, without interrupts. */
void pit_wait_start(uint32_t ticks);
bool pit_wait_over(void);

#endif
