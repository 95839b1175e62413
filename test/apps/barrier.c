/* barrier PAGES ROUNDS [STEP]: a garbage collector's write barrier. Between two collections the program writes some objects; the
 * collector has to look at those pages only. All of the heap is watched, the first write to each page is noted by the
 * handler, and the pages that it noted must be those that were written. At last the watch is ended: then nothing is noted.
 * The heap's pages lie STEP pages apart (1). RESULT barrier: pages rounds written noted wrong. */
#include <apteryx/fault.h>
#include <apteryx/ipc.h>
#include <apteryx/memory.h>
#include <apteryx/options.h>
#include <apteryx/print.h>
#include <apteryx/process.h>
#include <apteryx/random.h>
#include <apteryx/string.h>
#include <apteryx/vm.h>

#define PAGE 4096u

PROGRAM_OVERCOMMIT; /* pages far apart are watched with all that lies between */
#define HEAP 0x40000000u

static uint32_t pages, rounds, step = 1, written, noted, wrong;
static uint8_t *is_written, *is_noted; /* a byte a page; the handler's own memory is not watched */
static uint32_t *generation;           /* what each page holds */

static volatile uint32_t *word_of(uint32_t page) { return (volatile uint32_t *)(HEAP + page * step * PAGE); }

static err_t heap_set(enum vm_kind kind) { return vm_set(HEAP, pages * step * PAGE, kind); }

/* The barrier: note the page, let it be written from now on. */
static void handler(void *port)
{
    struct message m;
    struct fault fault;
    handle_t reply = 0;
    while (ipc_reply_receive(reply, (handle_t)(uintptr_t)port, &m, &reply, NULL) == OK) {
        if (!fault_read(&m, &fault) || fault.address - HEAP >= pages * step * PAGE || fault.access != FAULT_WRITE) {
            fault_kill(&m);
            continue;
        }
        uint32_t page = (fault.address - HEAP) / PAGE / step;
        wrong += is_noted[page]; /* once is enough */
        is_noted[page] = 1;
        noted++;
        fault_retry(&m, FAULT_UNWATCH);
    }
}

/* The program between two collections. */
static void mutate(uint32_t *random)
{
    for (uint32_t i = 0; i < pages; i++) {
        uint32_t page = random_below(random, pages);
        wrong += *word_of(page) != generation[page];
        if (random_below(random, 3) != 0)
            continue;
        *word_of(page) = ++generation[page];
        written += !is_written[page];
        is_written[page] = 1;
    }
}

/* What a collector would do with the pages that were noted. */
static void compare(void)
{
    for (uint32_t page = 0; page < pages; page++)
        wrong += is_written[page] != is_noted[page];
    memset(is_written, 0, pages);
    memset(is_noted, 0, pages);
}

static err_t heap_make(void)
{
    is_written = calloc(pages, 1);
    is_noted = calloc(pages, 1);
    generation = calloc(pages, sizeof *generation);
    if (!is_written || !is_noted || !generation)
        return ERR_MEMORY;
    TRY(heap_set(VM_ON_DEMAND));
    for (uint32_t page = 0; page < pages; page++)
        *word_of(page) = generation[page] = 1000 * page + 1;
    return OK;
}

int main(int argc, char **argv)
{
    handle_t port, thread;
    if (argc < 3 || !options_number(argv[1], &pages) || !options_number(argv[2], &rounds) ||
        (argc > 3 && !options_number(argv[3], &step)))
        return 2;
    uint32_t random = random_start(1, 1);
    err_t error = heap_make();
    if (error == OK)
        error = port_create(&port);
    if (error == OK)
        error = fault_handler(port);
    if (error == OK)
        error = thread_create(handler, (void *)(uintptr_t)port, PRIORITY_OWN, &thread);
    for (uint32_t round = 0; error == OK && round < rounds; round++) {
        error = heap_set(VM_WATCHED);
        if (error != OK)
            break;
        mutate(&random);
        compare();
    }
    if (error == OK)
        error = heap_set(VM_NORMAL);
    uint32_t noted_before = noted, written_before = written;
    if (error == OK)
        mutate(&random);
    wrong += noted - noted_before;
    written = written_before;
    if (error != OK)
        print("barrier: %s\n", err_name(error));
    result("barrier", "pages=%u rounds=%u written=%u noted=%u wrong=%u", pages, rounds, written, noted, wrong);
    return error == OK && wrong == 0 && written == noted ? 0 : 1;
}
