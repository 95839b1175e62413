/* granter CHUNKS PAGES ROUNDS: grants CHUNKS runs of PAGES pages to grantee and gets them back, in random order, then
 * gives them all away and takes them back untouched. Each page says whose it is, which, and of what generation; every
 * ninth one was never written and must stay zero. RESULT granter: pages verified lost left. */
#include "grant.h"
#include "number.h"
#include <apteryx/print.h>
#include <apteryx/process.h>
#include <apteryx/vm.h>

#define START 0x403E0000u /* chunks cross the edges of page tables */
#define ZERO_EACH 9u

static uint32_t chunks, pages, self, child_id, verified, lost;
static handle_t port;

static uint32_t chunk_bytes(void) { return pages * PAGE_BYTES; }
static uintptr_t chunk_start(uint32_t chunk) { return START + chunk * chunk_bytes(); }
static volatile uint32_t *page_at(uint32_t page) { return (volatile uint32_t *)(START + page * PAGE_BYTES); }

static void chunk_fill(uint32_t chunk, uint32_t generation, bool all)
{
    for (uint32_t i = chunk * pages; i < (chunk + 1) * pages; i++) {
        const struct page_key key = {self, i, generation};
        if (all || i % ZERO_EACH)
            page_fill(page_at(i), &key);
    }
}

static void chunk_check(uint32_t chunk, uint32_t owner, uint32_t generation, bool all)
{
    for (uint32_t i = chunk * pages; i < (chunk + 1) * pages; i++, verified++) {
        const struct page_key key = {owner, i, generation};
        lost += all || i % ZERO_EACH ? page_is_wrong(page_at(i), &key) : page_is_not_zero(page_at(i));
    }
}

static err_t call(enum grant_label label, uint32_t chunk, uint32_t first, uint32_t generation, bool grants)
{
    struct message m = {.label = label, .words = 2, .word = {first, generation}};
    if (grants)
        m.page = (struct page_item){chunk_start(chunk), chunk_bytes(), PAGE_GRANT, 0};
    TRY(ipc_window(chunk_start(chunk), chunk_bytes()));
    TRY(ipc_call(port, &m));
    bool landed = m.page.how == PAGE_GRANT && m.page.start == chunk_start(chunk) && m.page.bytes == chunk_bytes();
    if (label == GRANT_END)
        lost += m.word[0];
    else if (label != GRANT_KEEP && !(landed && m.page.writable))
        lost += pages;
    return OK;
}

/* Back and forth, each chunk once a round, in another order each time. */
static err_t flip_all(uint32_t rounds)
{
    for (uint32_t round = 0; round < rounds; round++) {
        uint32_t step = 2 * round + 1; /* chunks is a power of two: each chunk once */
        for (uint32_t i = 0; i < chunks; i++) {
            uint32_t chunk = (i * step + round) % chunks, generation = 2 * round + 2;
            TRY(call(GRANT_FLIP, chunk, chunk * pages, generation, true));
            chunk_check(chunk, child_id, generation + 1, true);
            chunk_fill(chunk, generation + 2, true);
        }
    }
    return OK;
}

/* Pages that are not NONE between the first and the last chunk. */
static uint32_t pages_left(void)
{
    struct vm_run runs[8];
    uint32_t count, left = 0;
    if (vm_query(START, chunks * chunk_bytes(), runs, 8, &count) != OK)
        return 1;
    for (uint32_t i = 0; i < count; i++)
        left += runs[i].kind == VM_NONE ? 0 : runs[i].bytes / PAGE_BYTES;
    return left;
}

static err_t give_and_take_all(uint32_t *left)
{
    volatile uint32_t seen = 0;
    for (uint32_t chunk = 0; chunk < chunks; chunk++) {
        chunk_fill(chunk, 1, false);
        for (uint32_t i = 0; i < pages; i += 2) /* some of the untouched are the zero page now */
            seen += *page_at(chunk * pages + i);
        TRY(call(GRANT_KEEP, chunk, chunk, 0, true));
    }
    *left = pages_left();
    for (uint32_t chunk = chunks; chunk-- > 0;)
        TRY(call(GRANT_RETURN, chunk, chunk, 0, false));
    for (uint32_t chunk = 0; chunk < chunks; chunk++) {
        chunk_check(chunk, self, 1, false);
        chunk_fill(chunk, 2, true);
    }
    return OK;
}

static err_t grantee_start(const char *chunk_pages, handle_t *child)
{
    char own[12];
    uint32_t at = sizeof own - 1;
    own[at] = 0;
    self = process_id();
    for (uint32_t n = self; n; n /= 10)
        own[--at] = (char)('0' + n % 10);
    char *argv[] = {"grantee", (char *)(uintptr_t)chunk_pages, own + at, NULL};
    handle_t both;
    TRY(port_create(&both));
    TRY(process_spawn_with("grantee", argv, &(struct spawn_options){.handle = &both, .handles = 1}, child));
    child_id = process_spawned_id();
    TRY(handle_copy(both, RIGHT_SEND, 0, &port)); /* the port is to die with its only receiver */
    return handle_close(both);
}

int main(int argc, char **argv)
{
    handle_t child;
    uint32_t left = 0;
    int status = 1;
    if (argc != 4)
        return 2;
    chunks = number(argv[1]);
    pages = number(argv[2]);
    err_t err = vm_set(START, chunks * chunk_bytes(), VM_ON_DEMAND);
    if (err == OK)
        err = grantee_start(argv[2], &child);
    if (err == OK)
        err = give_and_take_all(&left);
    if (err == OK) /* its window is behind the last slot now, where flipped pages land */
        err = flip_all(number(argv[3]));
    if (err == OK)
        err = call(GRANT_END, 0, 0, 0, false);
    if (err == OK)
        err = process_wait(child, &status);
    if (err != OK)
        print("granter: %s\n", err_name(err));
    result("granter", "pages=%u verified=%u lost=%u left=%u", chunks * pages, verified, lost, left);
    return err == OK && status == 0 && lost == 0 && left == 0 ? 0 : 1;
}
