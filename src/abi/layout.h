/* The linear memory layout that kernel and programs agree on.
 *
 *   0x00000000  NONE for ever: a null pointer faults
 *   0x000F0000  first thread's stack, ON_DEMAND, grows down from STACK_TOP; GUARD page below it
 *   0x00100000  program: text and read-only data, then data; then free ("the rest")
 *   …           thread space, private to each thread, if the program asks for it: the last of what lies below
 *   0xC0000000  kernel space: direct map of low frames, then page-usage module, windows, fixed pages
 */
#ifndef ABI_LAYOUT_H
#define ABI_LAYOUT_H

#define STACK_GUARD 0x000EF000u
#define STACK_BOTTOM 0x000F0000u
#define STACK_TOP 0x00100000u
#define PROGRAM_BASE 0x00100000u

#define KERNEL_SPACE 0xC0000000u
#define DIRECT_MAP KERNEL_SPACE           /* physical 0 appears here */
#define DIRECT_MAP_BYTES 0x30000000u      /* 768 MiB of low frames */
#define KERNEL_LOAD 0x00100000u           /* physical; the kernel is linked at KERNEL_SPACE + this */
#define USAGE_MODULE 0xF0000000u          /* page-usage module: up to 4 MiB, linked for this address */
#define WINDOWS 0xF0400000u               /* fixed windows on any frame: one page table */
#define FIXED_PAGES 0xF0800000u           /* user-readable pages of the kernel: one page table */
#define INFO_PAGE (FIXED_PAGES + 0x0000u) /* struct info, read-only for programs */
#define GATE_PAGE (FIXED_PAGES + 0x1000u) /* system call gate: `call GATE_PAGE` */

#endif
