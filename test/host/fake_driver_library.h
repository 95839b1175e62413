/* What a driver asks the library for, on the host: its handles, a clock that only waiting moves, the interrupts of the
 * fake drive, and pages in flight, of which a window shows one. */
#ifndef FAKE_DRIVER_LIBRARY_H
#define FAKE_DRIVER_LIBRARY_H

#include <stdint.h>

#define FAKE_PAGES 64u /* in flight; tokens are 1 … this */

void fake_driver_library_start(void);
uint8_t *fake_page(uint32_t token); /* what that page holds */

#endif
