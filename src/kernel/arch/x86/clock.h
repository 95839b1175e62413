/* One monotonic clock in microseconds since boot, and one one-shot timer. No tick when nobody waits.
 *
 * Time: the TSC, measured against the PIT at boot; without a TSC the PIT itself, which then never rests.
 * Timer: the local APIC's where there is a TSC and it works (one interrupt for any wait up to a minute), else the PIT, chained. */
#ifndef KERNEL_ARCH_X86_CLOCK_H
#define KERNEL_ARCH_X86_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

void clock_start(void);
uint64_t clock_now_us(void);

/* kernel_interrupt(TIMER_LINE) at or after that moment, once. A later arm replaces an earlier one; a moment in the
 * past comes at once. Early interrupts of the hardware are chained inside and do not reach the kernel. */
void timer_arm(uint64_t until_us);
void timer_disarm(void);

/* For trap.c: a timer interrupt arrived (and was acknowledged). True: the armed moment has come. */
bool timer_interrupted(void);

#endif
