/* Finding the IDE controller and its bus-master registers. The process needs ports 0xCF8+8. */
#ifndef ATA_PCI_H
#define ATA_PCI_H

#include <stdbool.h>
#include <stdint.h>

/* Turns the bus master of the first IDE controller in compatibility mode on; *registers = its 16 ports (primary channel
 * first). False: there is no PCI bus, no such controller, or none with a bus master. */
bool pci_bus_master(uint16_t *registers);

#endif
