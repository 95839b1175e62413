/* The handles that init.conf gives whoever serves "disk", in its order. */
#ifndef SERVERS_DISK_GIVEN_H
#define SERVERS_DISK_GIVEN_H

enum disk_given {
    GIVEN_PORT = 1,
    GIVEN_DMA,
    GIVEN_SWAP,
    GIVEN_PCI_PORTS,
    GIVEN_BAR_PORTS, /* where the firmware puts what PCI devices have for ports */
    GIVEN_ATA_COMMAND_PORTS,
    GIVEN_ATA_CONTROL_PORT,
    GIVEN_INTERRUPT_14, /* ATA's */
    GIVEN_INTERRUPT_10, /* PCI's */
    GIVEN_INTERRUPT_11
};

#define DISK_STATUS_NO_DRIVE 3 /* init: another driver may try */

#endif
