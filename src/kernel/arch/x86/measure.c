#include "kernel/arch/x86/measure.h"

static struct measured round_measure(const struct stopwatch *watch)
{
    uint64_t before_start = watch->now();
    watch->start();
    uint64_t after_start = watch->now();
    uint64_t not_over = after_start, look = after_start;
    while (!watch->over()) {
        not_over = look;
        look = watch->now();
    }
    uint64_t least = not_over - after_start, most = watch->now() - before_start;
    return (struct measured){(least + most) / 2, (most - least + 1) / 2};
}

static bool is_fine(const struct measured *m) { return m->doubt <= m->ticks / MEASURE_FINE; }

struct measured measure(const struct stopwatch *watch)
{
    struct measured best = round_measure(watch);
    for (int round = 1; round < MEASURE_ROUNDS && !is_fine(&best); round++) {
        struct measured m = round_measure(watch);
        if (m.doubt < best.doubt)
            best = m;
    }
    return best;
}
