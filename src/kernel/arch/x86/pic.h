/* The two 8259 interrupt controllers: lines 0 … 15 on vectors PIC_VECTOR … PIC_VECTOR + 15. */
#ifndef KERNEL_ARCH_X86_PIC_H
#define KERNEL_ARCH_X86_PIC_H

#include <stdbool.h>
#include <stdint.h>

#define PIC_VECTOR 0x20u
#define PIC_LINES 16u

void pic_start(void); /* everything masked but the cascade */
void pic_mask(uint32_t line);
void pic_unmask(uint32_t line);
bool pic_is_spurious(uint32_t line); /* line 7 or 15 without a request; then only the master is acknowledged */
void pic_acknowledge(uint32_t line);

#endif
