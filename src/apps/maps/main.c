/* maps [PID]: the runs of a process's space, a picture of it, and pages by kind. */
#include "abi/layout.h"
#include "apps/maps/picture.h"
#include "common/number.h"
#include "common/units.h"
#include <apteryx/machine.h>
#include <apteryx/options.h>
#include <apteryx/print.h>
#include <apteryx/process.h>

#define AT_ONCE 64u
#define AT_DIRECTORY 1u
#define WRITABLE 2u

static uint32_t runs, pages[VM_KINDS];

static void run_tell(const struct vm_run *run)
{
    print("%08x-%08x %s %s %u %s\n", run->start, run->start + run->bytes, vm_kind_names[run->kind],
          run->at_directory & WRITABLE ? "rw" : "ro", run->bytes / PAGE_BYTES,
          run->at_directory & AT_DIRECTORY ? "pde" : "pte");
    picture_add(run);
    pages[run->kind] += run->bytes / PAGE_BYTES;
    runs++;
}

static err_t space_tell(uint32_t pid)
{
    static struct vm_run list[AT_ONCE];
    uintptr_t at = 0;
    while (at < KERNEL_SPACE) {
        uint32_t count = 0;
        TRY(space_query(pid, at, list, AT_ONCE, &count));
        if (count == 0)
            break;
        for (uint32_t i = 0; i < count; i++)
            run_tell(&list[i]);
        at = list[count - 1].start + list[count - 1].bytes;
    }
    return OK;
}

int main(int argc, char **argv)
{
    const char *word;
    uint32_t pid = process_id();
    const struct options options = {
        .usage = "maps [PID|%N]",
        .about = "Prints START-END KIND rw|ro PAGES LEVEL of every run, and a picture of the space.",
        .words = &word,
        .words_max = 1,
    };
    if (options_read(&options, argc, argv) == 1 && !number_decimal(word, &pid))
        usage_error(argv[0], "not a process", word);
    err_t err = space_tell(pid);
    if (err != OK) {
        print("maps: process %u: %s\n", pid, err_name(err));
        return 1;
    }
    picture_print();
    result("maps",
           "pid=%u runs=%u tables=%u none=%u on_demand=%u swap=%u normal=%u locked=%u dma=%u file=%u special=%u "
           "shared=%u cow=%u watched=%u transit=%u lent=%u guard=%u",
           pid, runs, picture_tables(), pages[VM_NONE], pages[VM_ON_DEMAND], pages[VM_SWAP], pages[VM_NORMAL],
           pages[VM_LOCKED], pages[VM_DMA], pages[VM_FILE], pages[VM_SPECIAL], pages[VM_SHARED], pages[VM_COW],
           pages[VM_WATCHED], pages[VM_TRANSIT], pages[VM_LENT], pages[VM_GUARD]);
    return 0;
}
