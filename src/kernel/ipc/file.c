/* File ports: who is asked for the FILE pages of a process (abi/file.h). */
#include "kernel/ipc/inside.h"

void file_port_set(struct process *process, struct port *port)
{
    struct port *was = process->file_port;
    process->file_port = port;
    if (port)
        port->references++;
    if (was)
        port_release(was);
}
