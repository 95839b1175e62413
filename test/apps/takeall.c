/* takeall: takes every page that commit grants, then writes and reads each one. What was promised must be there, from
 * the first page that goes to swap on. */
#include <apteryx/print.h>
#include <apteryx/vm.h>

#define PAGE 4096u
#define START 0x40000000u
#define STAMP 0x9E3779B1u

static volatile unsigned *page_word(unsigned page) { return (volatile unsigned *)(START + page * PAGE); }

static unsigned take(void)
{
    unsigned pages = 0;
    for (unsigned step = 4096; step > 0; step /= 2)
        while (vm_set(START + pages * PAGE, step * PAGE, VM_ON_DEMAND) == OK)
            pages += step;
    return pages;
}

int main(void)
{
    unsigned pages = take(), lost = 0;
    for (unsigned i = 0; i < pages; i++)
        *page_word(i) = i * STAMP + 1;
    for (unsigned i = 0; i < pages; i++)
        lost += *page_word(i) != i * STAMP + 1;
    result("takeall", "pages=%u lost=%u", pages, lost);
    return lost != 0;
}
