/* The bus-master registers of the primary channel (Intel 82371SB, 2.7), as offsets from what BAR 4 says. */
#ifndef ATA_BUS_MASTER_H
#define ATA_BUS_MASTER_H

#define BUS_MASTER_BAR_PORTS 0xFFF0u

#define BUS_MASTER_COMMAND 0u
#define BUS_MASTER_STATUS 2u
#define BUS_MASTER_TABLE 4u

#define BUS_MASTER_START 0x01u
#define BUS_MASTER_TO_MEMORY 0x08u

#define BUS_MASTER_ACTIVE 0x01u
#define BUS_MASTER_ERROR 0x02u     /* cleared by writing 1 */
#define BUS_MASTER_INTERRUPT 0x04u /* cleared by writing 1 */
#define BUS_MASTER_DRIVES 0x60u    /* the firmware's notes on the drives; kept */

#endif
