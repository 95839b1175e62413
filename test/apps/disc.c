/* disc NAME: tells the console "DISC NAME", for which test/boot/qemu_disc changes the disc in the drive, and waits for the
 * line that it answers. Nothing here looks at the drive. */
#include "abi/console.h"
#include <apteryx/ipc.h>
#include <apteryx/print.h>

int main(int argc, char **argv)
{
    static struct message m;
    handle_t console;
    if (argc != 2 || name_lookup("console", &console) != OK)
        return 2;
    print("DISC %s\n", argv[1]);
    print_flush();
    message_start(&m, CONSOLE_READ);
    m.words = 1;
    m.word[0] = 0; /* no prompt */
    return ipc_call(console, &m) == OK && m.label == OK ? 0 : 1;
}
