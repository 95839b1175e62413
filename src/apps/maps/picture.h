/* A picture of process space: one letter for every 4 MiB. */
#ifndef MAPS_PICTURE_H
#define MAPS_PICTURE_H

#include <apteryx/vm.h>

#define VM_KINDS 14u
extern const char *const vm_kind_names[VM_KINDS];

void picture_add(const struct vm_run *run);
/* The lines, and what the letters mean. */
void picture_print(void);
/* 4 MiB parts that a page table describes. */
uint32_t picture_tables(void);

#endif
