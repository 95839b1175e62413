/* Inside arch only: the direct map of a processor without 4 MiB pages. */
#ifndef KERNEL_ARCH_X86_DIRECT_TABLES_H
#define KERNEL_ARCH_X86_DIRECT_TABLES_H

#include "abi/errors.h"
#include "kernel/frames/frames.h"

/* `count` consecutive frames of RAM below `end` that nobody has taken; marks them taken. ERR_MEMORY: there are none. */
MUST_USE err_t direct_tables_place(struct frame_map *map, uint32_t count, uint32_t end, frame_t *first);

#endif
