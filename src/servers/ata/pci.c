#include "servers/ata/pci.h"
#include "servers/ports.h"

#define PORT_ADDRESS 0xCF8u
#define PORT_DATA 0xCFCu
#define ENABLE 0x80000000u
#define FUNCTIONS 0x10000u /* bus 8 bits, device 5, function 3 */

#define REGISTER_COMMAND 0x04u /* status in the upper half: writing zeros there changes nothing */
#define COMMAND_IO 0x1u
#define COMMAND_BUS_MASTER 0x4u
#define REGISTER_CLASS 0x08u /* class, subclass, interface, revision */
#define CLASS_IDE 0x0101u
#define INTERFACE_PRIMARY_NATIVE 0x01u
#define INTERFACE_BUS_MASTER 0x80u
#define REGISTER_BAR4 0x20u
#define BAR_IO 0x1u

static uint32_t config_read(uint32_t function, uint32_t at)
{
    port_out32(PORT_ADDRESS, ENABLE | function << 8 | at);
    return port_in32(PORT_DATA);
}

static void config_write(uint32_t function, uint32_t at, uint32_t value)
{
    port_out32(PORT_ADDRESS, ENABLE | function << 8 | at);
    port_out32(PORT_DATA, value);
}

static bool is_controller(uint32_t function)
{
    uint32_t class = config_read(function, REGISTER_CLASS);
    uint32_t interface = class >> 8 & 0xFFu;
    return class >> 16 == CLASS_IDE && (interface & INTERFACE_BUS_MASTER) && !(interface & INTERFACE_PRIMARY_NATIVE);
}

/* Configuration mechanism 1 remembers what is written to its address register; where there is no PCI bus, nobody does. */
static bool bus_is_there(void)
{
    port_out32(PORT_ADDRESS, ENABLE);
    return port_in32(PORT_ADDRESS) == ENABLE;
}

bool pci_bus_master(uint16_t *registers)
{
    if (!bus_is_there())
        return false;
    for (uint32_t function = 0; function < FUNCTIONS; function++) {
        if (function % 8 == 0 && config_read(function, 0) == UINT32_MAX) {
            function += 7; /* no device: none of its functions */
            continue;
        }
        if (!is_controller(function))
            continue;
        uint32_t bar = config_read(function, REGISTER_BAR4);
        *registers = (uint16_t)(bar & 0xFFF0u);
        if (!(bar & BAR_IO) || *registers == 0)
            return false;
        uint32_t command = config_read(function, REGISTER_COMMAND) & 0xFFFFu;
        config_write(function, REGISTER_COMMAND, command | COMMAND_IO | COMMAND_BUS_MASTER);
        return true;
    }
    return false;
}
