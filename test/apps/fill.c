/* fill: promises so many pages, writes a word to each, reads all of them back, and with `hold` keeps them.
 *
 *   fill PAGES [hold] */
#include "common/number.h"
#include <apteryx/print.h>
#include <apteryx/time.h>
#include <apteryx/vm.h>

#define PAGE 4096u
#define START 0x10000000u
#define STAMP 0x9E3779B1u

static volatile uint32_t *word_of(uint32_t page)
{
    return (volatile uint32_t *)(START + page * PAGE + page % 1024 * 4);
}

int main(int argc, char **argv)
{
    uint32_t pages, lost = 0;
    if (argc < 2 || !number_any(argv[1], &pages))
        return 2;
    err_t err = vm_set(START, pages * PAGE, VM_ON_DEMAND);
    if (err != OK) {
        print("fill: %s\n", err_name(err));
        return 3;
    }
    for (uint32_t i = 0; i < pages; i++)
        *word_of(i) = i * STAMP + 1;
    for (uint32_t i = 0; i < pages; i++)
        lost += *word_of(i) != i * STAMP + 1;
    result("fill", "pages=%u lost=%u", pages, lost);
    print_flush();
    while (argc > 2)
        time_sleep_us(1000000000u);
    return lost != 0;
}
