/* stress: more memory than there is, every page checked. The parent starts processes of the same program.
 *
 * What a process keeps for itself (counts, messages, stack) it locks, as far as the machine allows: it writes there
 * between rounds, and the machine's counters are to speak of the pages under test alone. */
#include "apps/stress/options.h"
#include "apps/stress/parent.h"
#include "apps/stress/worker.h"
#include <apteryx/process.h>

int main(int argc, char **argv)
{
    struct stress stress;
    stress_options_read(argc, argv, &stress);
    (void)process_lock_state(); /* refused: it is evicted and counted as any page */
    return stress.worker == NOBODY ? parent_run(&stress, argc, argv) : worker_run(&stress);
}
