/* The local APIC: its one-shot timer, and the PIC's interrupts passed through. */
#ifndef KERNEL_ARCH_X86_APIC_H
#define KERNEL_ARCH_X86_APIC_H

#include <stdbool.h>
#include <stdint.h>

bool apic_start(void);           /* false: there is none, or it is switched off. => paging is up */
void apic_shoot(uint32_t ticks); /* interrupt VECTOR_APIC_TIMER once; 0: never */
uint32_t apic_left(void);        /* ticks until the shot */
void apic_acknowledge(void);

#endif
