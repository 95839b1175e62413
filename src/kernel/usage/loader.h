/* Loads the page-usage module: checks the ELF file and the contract's version, copies it to USAGE_MODULE. */
#ifndef KERNEL_USAGE_LOADER_H
#define KERNEL_USAGE_LOADER_H

#include "kernel/boot/boot_info.h"
#include "kernel/usage/contract.h"

/* => frames and paging are up. Broken: REFUSED module; foreign version: REFUSED version. start() is not called yet. */
const struct usage_module *usage_load(const struct boot_info *boot);

#endif
