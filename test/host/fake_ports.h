/* Port instructions that a fake answers. A test whose flags say `-DSERVERS_PORTS_H -include test/host/fake_ports.h` gets
 * them in place of servers/ports.h. */
#ifndef FAKE_PORTS_H
#define FAKE_PORTS_H

#include <stdint.h>

uint8_t port_in8(uint16_t port);
uint32_t port_in32(uint16_t port);
void port_out8(uint16_t port, uint8_t value);
void port_out32(uint16_t port, uint32_t value);
void port_in_words(uint16_t port, void *to, uint32_t count);
void port_out_words(uint16_t port, const void *from, uint32_t count);

#endif
