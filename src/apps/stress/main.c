/* stress: more memory than there is, every page checked. The parent starts processes of the same program.
 *
 * What a process keeps for itself (text, counts, messages, stack) it locks, as far as the machine allows: the machine's
 * counters are to speak of the pages under test alone. It writes to some of these between rounds; and its text, in use
 * until the process has to wait for the others, might go to swap for the first time in any round. */
#include "apps/stress/options.h"
#include "apps/stress/parent.h"
#include "apps/stress/worker.h"
#include <apteryx/process.h>

int main(int argc, char **argv)
{
    struct stress stress;
    stress_options_read(argc, argv, &stress);
    (void)process_lock_program(); /* refused: it is evicted and counted as any page */
    return stress.worker == NOBODY ? parent_run(&stress, argc, argv) : worker_run(&stress);
}
