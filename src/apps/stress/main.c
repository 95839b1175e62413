/* stress: more memory than there is, every page checked. The parent starts processes of the same program. */
#include "apps/stress/options.h"
#include "apps/stress/parent.h"
#include "apps/stress/worker.h"

int main(int argc, char **argv)
{
    struct stress stress;
    stress_options_read(argc, argv, &stress);
    return stress.worker == NOBODY ? parent_run(&stress, argc, argv) : worker_run(&stress);
}
