/* Inside arch only: trap 7, a thread wants the FPU that another one left its registers in. */
#ifndef KERNEL_ARCH_X86_FPU_DEMAND_H
#define KERNEL_ARCH_X86_FPU_DEMAND_H

#include <stdbool.h>

bool fpu_demand(void); /* false: there is no FPU, or no memory for the thread's state. It may be parked */

#endif
