/* counters: makes each of the paging counters move, and says by how much.
 *
 * A quarter of the pages stays cold and dirty while the program sleeps: cleaned_ahead. All are sent out: those that are
 * clean by then, or hold zeroes, without a write: evicted_clean, evicted_zero. Touched at once, they are still there:
 * faults_soft. Frames of the pages given up are zeroed in the next sleep: zeroed_ahead. */
#include <apteryx/info.h>
#include <apteryx/print.h>
#include <apteryx/time.h>
#include <apteryx/vm.h>

#define START 0x10000000u
#define PAGE 4096u
#define PAGES 1024u
#define ZEROES 64u /* of the pages, the first: written, but with zeroes */
#define IDLE_US 500000u

static volatile uint32_t *page_at(uint32_t page) { return (volatile uint32_t *)(START + page * PAGE); }

static uint32_t lost(void)
{
    uint32_t wrong = 0;
    for (uint32_t i = 0; i < PAGES; i++)
        wrong += *page_at(i) != (i < ZEROES ? 0 : i);
    return wrong;
}

int main(void)
{
    const volatile struct info *i = info();
    if (vm_set(START, PAGES * PAGE, VM_ON_DEMAND) != OK)
        return 3;
    for (uint32_t page = 0; page < PAGES; page++)
        *page_at(page) = page < ZEROES ? 0 : page;
    uint32_t cleaned = i->cleaned_ahead, clean = i->evicted_clean, zero = i->evicted_zero;
    time_sleep_us(IDLE_US);
    cleaned = i->cleaned_ahead - cleaned;
    err_t err = vm_page_out(START, PAGES * PAGE);
    clean = i->evicted_clean - clean;
    zero = i->evicted_zero - zero;
    uint32_t soft = i->faults_soft, wrong = lost();
    soft = i->faults_soft - soft;
    if (err == OK)
        err = vm_set(START, PAGES * PAGE, VM_NONE);
    uint32_t zeroed = i->zeroed_ahead;
    for (uint32_t page = 0; page < ZEROES && err == OK; page++) {
        err = vm_set(START + page * PAGE, PAGE, VM_ON_DEMAND);
        *page_at(page) = 1; /* takes frames that are zeroed already: more are wanted */
    }
    time_sleep_us(IDLE_US);
    result("counters", "lost=%u cleaned_ahead=%u evicted_clean=%u evicted_zero=%u faults_soft=%u zeroed_ahead=%u",
           wrong, cleaned, clean, zero, soft, (uint32_t)i->zeroed_ahead - zeroed);
    return err == OK && wrong == 0 ? 0 : 1;
}
