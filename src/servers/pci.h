/* PCI configuration space, by mechanism 1. The process needs ports 0xCF8+8. A function is a number: bus 8 bits, device 5,
 * function 3. */
#ifndef SERVERS_PCI_H
#define SERVERS_PCI_H

#include "servers/ports.h"
#include <stdbool.h>

#define PCI_FUNCTIONS 0x10000u

#define PCI_ID 0x00u      /* vendor, device in the upper half */
#define PCI_COMMAND 0x04u /* status in the upper half: writing zeros there changes nothing */
#define PCI_COMMAND_IO 0x1u
#define PCI_COMMAND_BUS_MASTER 0x4u
#define PCI_CLASS 0x08u /* class, subclass, interface, revision */
#define PCI_BAR(n) (0x10u + 4u * (n))
#define PCI_BAR_IO 0x1u
#define PCI_BAR_PORTS 0xFFFCu
#define PCI_INTERRUPT_LINE 0x3Cu /* the lowest byte, as the firmware wrote it */

#define PCI_PORT_ADDRESS 0xCF8u
#define PCI_PORT_DATA 0xCFCu
#define PCI_ENABLE 0x80000000u

static inline uint32_t pci_read(uint32_t function, uint32_t at)
{
    port_out32(PCI_PORT_ADDRESS, PCI_ENABLE | function << 8 | at);
    return port_in32(PCI_PORT_DATA);
}

static inline void pci_write(uint32_t function, uint32_t at, uint32_t value)
{
    port_out32(PCI_PORT_ADDRESS, PCI_ENABLE | function << 8 | at);
    port_out32(PCI_PORT_DATA, value);
}

/* Mechanism 1 remembers what is written to its address register; where there is no PCI bus, nobody does. */
static inline bool pci_is_there(void)
{
    port_out32(PCI_PORT_ADDRESS, PCI_ENABLE);
    return port_in32(PCI_PORT_ADDRESS) == PCI_ENABLE;
}

/* The first function from `function` on that is there; PCI_FUNCTIONS: none. */
static inline uint32_t pci_function_from(uint32_t function)
{
    for (; function < PCI_FUNCTIONS; function++) {
        if (pci_read(function, PCI_ID) != UINT32_MAX)
            return function;
        if (function % 8 == 0)
            function += 7; /* no device: none of its functions */
    }
    return PCI_FUNCTIONS;
}

/* It answers at its ports, and reads and writes memory. */
static inline void pci_enable(uint32_t function)
{
    uint32_t command = pci_read(function, PCI_COMMAND) & 0xFFFFu;
    pci_write(function, PCI_COMMAND, command | PCI_COMMAND_IO | PCI_COMMAND_BUS_MASTER);
}

#endif
