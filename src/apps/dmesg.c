/* dmesg: what the kernel has said since boot. */
#include <apteryx/machine.h>
#include <apteryx/options.h>
#include <apteryx/print.h>

#define PIECE_BYTES 512u

int main(int argc, char **argv)
{
    static char piece[PIECE_BYTES];
    uint32_t from = 0, count;
    (void)options_read(&(struct options){"dmesg", "The kernel's log.", NULL, 0, NULL, 0}, argc, argv);
    for (;;) {
        err_t error = log_read(&from, PIECE_BYTES, piece, &count);
        if (error != OK) {
            print("dmesg: %s\n", err_name(error));
            return 1;
        }
        if (count == 0)
            return 0;
        print("%.*s", (int)count, piece);
    }
}
