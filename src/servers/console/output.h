/* Where the console's text goes: the serial line, through the kernel, and the VGA text screen where there is one. */
#ifndef CONSOLE_OUTPUT_H
#define CONSOLE_OUTPUT_H

#include "abi/message.h"

/* Without a screen, or without the rights to it, the serial line alone is used. */
void output_open(handle_t screen_memory, handle_t cursor_ports);
void output_put(const char *text, uint32_t bytes);

#endif
