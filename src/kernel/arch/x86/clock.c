#include "kernel/arch/x86/clock.h"
#include "common/assert.h"
#include "kernel/arch/x86/apic.h"
#include "kernel/arch/x86/cpu.h"
#include "kernel/arch/x86/measure.h"
#include "kernel/arch/x86/paging.h"
#include "kernel/arch/x86/pic.h"
#include "kernel/arch/x86/pit.h"
#include "kernel/arch/x86/upcalls.h"
#include "kernel/debug/log.h"

#define US 1000000u          /* microseconds of a second */
#define MEASURE_TICKS 11932u /* 10 ms of the PIT */
#define APIC_TEST_TICKS 1000u
#define APIC_TEST_WAITS 10u /* of PIT_TICKS_MAX each: a host may let a machine stand still for longer than one */

/* us = ticks * scale / 2^32: exact to the last bit of a 32-bit factor, and monotonic. */
static struct {
    uint32_t scale;
    uint64_t start;
} tsc;
static struct {
    uint32_t scale;
    uint64_t before;
} pit; /* before: ticks up to the last pit_shoot */
static struct {
    uint32_t hz, us_max;
} apic; /* hz 0: not used */

static bool armed;
static uint64_t armed_until;
static bool testing; /* waiting for the APIC's first interrupt at boot */

static uint32_t scale_of(uint32_t hz) { return divide_wide(US, 0, hz); }

static uint64_t scaled(uint64_t ticks, uint32_t scale)
{
    return (ticks >> 32) * scale + (((ticks & 0xFFFFFFFFu) * scale) >> 32);
}

uint64_t clock_now_us(void)
{
    if (tsc.scale != 0)
        return scaled(tsc_read() - tsc.start, tsc.scale);
    return scaled(pit.before + pit_elapsed(), pit.scale);
}

/* ---- the timer hardware: at most so many microseconds ahead ---- */

static void pit_shoot_in(uint64_t us)
{
    uint32_t ticks = us < US / 20 ? (uint32_t)us * (PIT_HZ / 1000u) / 1000u + 1u : PIT_TICKS_MAX;
    pit.before += tsc.scale != 0 ? 0 : pit_elapsed();
    pit_shoot(ticks);
    pic_unmask(TIMER_LINE);
}

static void shoot_in(uint64_t us)
{
    if (apic.hz == 0) {
        pit_shoot_in(us);
        return;
    }
    uint64_t product = (us < apic.us_max ? us : apic.us_max) * apic.hz;
    apic_shoot(divide_wide((uint32_t)(product >> 32), (uint32_t)product, US) + 1u);
}

static void quiet(void)
{
    if (apic.hz != 0)
        apic_shoot(0);
    else if (tsc.scale != 0)
        pic_mask(TIMER_LINE);
    else
        pit_shoot_in(US); /* the PIT is the clock: it goes round */
}

void timer_arm(uint64_t until_us)
{
    if (armed && armed_until == until_us)
        return;
    uint64_t now = clock_now_us();
    armed = true;
    armed_until = until_us;
    shoot_in(until_us > now ? until_us - now : 0);
}

void timer_disarm(void)
{
    if (!armed)
        return;
    armed = false;
    quiet();
}

bool timer_interrupted(void)
{
    info_page()->timer_interrupts++;
    if (testing || !armed) {
        if (apic.hz == 0)
            quiet();
        testing = false;
        return false;
    }
    uint64_t now = clock_now_us();
    if (now < armed_until) {
        shoot_in(armed_until - now);
        return false;
    }
    armed = false;
    quiet();
    return true;
}

/* ---- measuring at boot ---- */

static uint64_t apic_elapsed(void) { return UINT32_MAX - apic_left(); }
static void wait_start(void) { pit_wait_start(MEASURE_TICKS); }

/* How fast a counter runs; UINT32_MAX: faster than 32 bits can say. */
static uint32_t per_second(uint64_t (*now)(void))
{
    const struct stopwatch watch = {now, wait_start, pit_wait_over};
    uint64_t product = measure(&watch).ticks * PIT_HZ;
    if (product >> 32 >= MEASURE_TICKS)
        return UINT32_MAX;
    return divide_wide((uint32_t)(product >> 32), (uint32_t)product, MEASURE_TICKS);
}

static uint32_t apic_measure(void)
{
    apic_shoot(UINT32_MAX);
    uint32_t hz = per_second(apic_elapsed);
    apic_shoot(0);
    return hz;
}

/* Does its interrupt arrive? Everything else is masked; channel 2 bounds the wait. */
static bool apic_interrupts(void)
{
    testing = true;
    apic_shoot(APIC_TEST_TICKS);
    for (uint32_t waits = 0; testing && waits < APIC_TEST_WAITS; waits++) {
        pit_wait_start(PIT_TICKS_MAX);
        while (testing && !pit_wait_over())
            interrupts_let_in();
    }
    bool arrived = !testing;
    testing = false;
    return arrived;
}

static void apic_timer_start(void)
{
    if (!apic_start())
        return;
    uint32_t hz = apic_measure();
    if (hz < US / 100u || !apic_interrupts())
        return;
    apic.hz = hz;
    apic.us_max = UINT32_MAX / (hz / US + 1u);
}

void clock_start(void)
{
    uint32_t hz = cpu_features()->tsc ? per_second(tsc_read) : 0;
    pit.scale = scale_of(PIT_HZ);
    if (hz > US) {
        tsc.scale = scale_of(hz);
        tsc.start = tsc_read();
        apic_timer_start();
    }
    info_page()->timer_interrupts = 0;
    if (tsc.scale == 0)
        pit_shoot_in(US);
    log_print("clock: %s, %u kHz; timer: %s\n", tsc.scale != 0 ? "TSC" : "PIT",
              tsc.scale != 0 ? hz / 1000u : PIT_HZ / 1000u, apic.hz != 0 ? "APIC" : "PIT");
}
