/* sources: src/kernel/arch/x86/measure.c */
#include "kernel/arch/x86/measure.h"
#include "host.h"

/* A machine: each instruction below takes STEP ticks, and before the one numbered stall[i].at it stands still. */
#define STEP 40u
#define WAIT 1000000u /* what the device measures out */
#define STALLS 2
#define INSTRUCTIONS (WAIT / STEP) /* of an undisturbed round, about */

static uint64_t time_now, wait_end, instructions;
static struct {
    uint64_t at, ticks;
} stall[STALLS];
static uint64_t stall_every; /* 0: only those listed */

static void step(void)
{
    instructions++;
    for (int i = 0; i < STALLS; i++)
        if (stall[i].at == instructions)
            time_now += stall[i].ticks;
    if (stall_every != 0 && instructions % stall_every == 0)
        time_now += WAIT / 2;
    time_now += STEP;
}

static uint64_t counter(void)
{
    step();
    return time_now;
}

static void device_start(void)
{
    step();
    wait_end = time_now + WAIT;
    step();
}

static bool device_over(void)
{
    step();
    bool over = time_now >= wait_end;
    step();
    return over;
}

static const struct stopwatch watch = {counter, device_start, device_over};

static struct measured measure_with(uint64_t at, uint64_t ticks, uint64_t at_too, uint64_t ticks_too, uint64_t every)
{
    time_now = instructions = 0;
    stall[0].at = at;
    stall[0].ticks = ticks;
    stall[1].at = at_too;
    stall[1].ticks = ticks_too;
    stall_every = every;
    struct measured m = measure(&watch);
    assert_in_range(WAIT, m.ticks - m.doubt, m.ticks + m.doubt); /* the law: whatever happened, the bounds are true */
    return m;
}

static void assert_good(struct measured m)
{
    assert_in_range(m.doubt, 1, WAIT / MEASURE_FINE);
    assert_in_range(m.ticks, WAIT - WAIT / MEASURE_FINE, WAIT + WAIT / MEASURE_FINE);
}

static void undisturbed(void **state)
{
    (void)state;
    assert_good(measure_with(0, 0, 0, 0, 0));
    assert_in_range(instructions, 1, 2 * INSTRUCTIONS); /* one round is enough */
}

static void one_stall_anywhere(void **state)
{
    (void)state;
    for (uint64_t at = 1; at < INSTRUCTIONS + 20; at += at < 20 || at > INSTRUCTIONS - 20 ? 1 : 97) {
        assert_good(measure_with(at, WAIT / 100, 0, 0, 0));
        assert_good(measure_with(at, WAIT / 2, 0, 0, 0));
        assert_good(measure_with(at, 100ull * WAIT, 0, 0, 0));
        assert_good(measure_with(at, 1ull << 40, 0, 0, 0));
    }
}

/* At its start and at its end: the two must not hide each other. */
static void two_stalls_in_one_round(void **state)
{
    (void)state;
    const uint64_t brief = WAIT / 50, ends[] = {INSTRUCTIONS, INSTRUCTIONS - brief / STEP};
    for (uint64_t at = 1; at < 12; at++)
        for (uint64_t near = 0; near < 48; near++) {
            uint64_t other = ends[near % 2] + near / 2 - 12;
            assert_good(measure_with(at, brief, other, brief, 0));
            assert_good(measure_with(at, brief, other, 3ull * WAIT, 0));
        }
}

/* Nothing can be measured well then, and the bounds say so. */
static void stalled_all_the_time(void **state)
{
    (void)state;
    for (uint64_t every = 1; every < 9; every++)
        assert_in_range(measure_with(0, 0, 0, 0, every).doubt, WAIT / MEASURE_FINE, 16ull * WAIT);
}

static uint64_t stopped_counter(void)
{
    step();
    return 7;
}

static void counter_that_does_not_count(void **state)
{
    (void)state;
    const struct stopwatch stopped = {stopped_counter, device_start, device_over};
    assert_int_equal(measure(&stopped).ticks, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(undisturbed),
        cmocka_unit_test(one_stall_anywhere),
        cmocka_unit_test(two_stalls_in_one_round),
        cmocka_unit_test(stalled_all_the_time),
        cmocka_unit_test(counter_that_does_not_count),
    };
    return cmocka_run_group_tests_name("measure", tests, NULL, NULL);
}
