/* sources: test/host/fake_boot.c */
/* FILE pages against a plain model: two clients map a file that a server holds in its cache, to read it, to write private
 * versions, or copies; more is touched than there is memory. Whatever is evicted, asked for again, taken, marked anew or
 * refused meanwhile: each page holds what the model says, the machine's checker is content after each step, and at the
 * end everything is given back. */
#include "kernel/pager/file.h"

#include "fake_boot.h"
#include "fake_machine.h"
#include "fake_paging.h"
#include "host.h"
#include "random.h"
#include <string.h>

#define FRAMES 420u
#define BLOCKS 600u
#define FILE_PAGES 260u
#define CLIENTS 2u
#define FIRST (2 * TABLE_ENTRIES - 130u) /* of a mapping: across a page-directory entry */
#define OWN (8 * TABLE_ENTRIES)          /* NORMAL pages of a client */
#define OWN_PAGES 160u
#define CACHE (16 * TABLE_ENTRIES - 50u)
#define SPARE (20 * TABLE_ENTRIES) /* of the server: for what is granted or taken */
#define DATA (FIRST + 30u)         /* of one client: what is FILE there is charged */
#define DATA_PAGES 200u
#define OPERATIONS 40000u

enum how { NOT_MAPPED, READ, WRITE, COPY };
static struct client {
    struct process process;
    enum how how;
    struct {
        bool own;       /* written to: value, else the file's */
        bool normal;    /* copied for good */
        uint32_t value; /* of each word */
        bool saved;     /* the server has it, */
        uint32_t kept;  /* and this is what it has */
    } page[FILE_PAGES];
    uint32_t own[OWN_PAGES];
} clients[CLIENTS];
static struct process swap_server, file_server;
static uint8_t memory[FRAMES][PAGE_BYTES] __attribute__((aligned(PAGE_BYTES)));
static uint8_t blocks[BLOCKS][PAGE_BYTES];
static struct frame_record records[FRAMES];
static struct client *runs;
static bool disturbs; /* the program writes while the server does */
static uint32_t next_value, refuse_one_in, written, granted, shown, copied, taken_flying;

static uint32_t file_value(uint32_t page) { return 0xF11E0000u | page; }

static void fill(frame_t frame, uint32_t value)
{
    uint32_t *word = frame_pointer(frame);
    for (uint32_t i = 0; i < PAGE_BYTES / 4; i++)
        word[i] = value;
}

/* ---- the file server ---- */

static struct client *client_of(uint32_t process)
{
    for (uint32_t i = 0; i < CLIENTS; i++)
        if (process_number(&clients[i].process) == process)
            return &clients[i];
    return NULL;
}

static err_t hold_try(page_t page, bool fresh, uint32_t *token)
{
    err_t error;
    while ((error = pager_file_hold(&file_server.space, page, fresh, token)) == (err_t)ERR_PARKED)
        fake_files_wait();
    return error;
}

static void hold(page_t page, uint32_t value)
{
    uint32_t token;
    frame_t frame;
    err_t error = hold_try(page, false, &token);
    if (error == OK)
        return;
    assert_int_equal(error, ERR_NO_ENTRY);
    assert_int_equal(hold_try(page, true, &token), OK);
    assert_int_equal(pager_token_frame(token, (struct token_user){NULL, 0}, &frame), OK);
    fill(frame, value);
}

static bool supply(struct client *to, const struct file_ask *ask, page_t from, uint32_t pages, uint32_t how,
                   enum file_copy copy, bool *crowded)
{
    struct file_supply s = {.from = &file_server.space,
                            .to = &to->process.space,
                            .pages = {from, {from.n + pages}},
                            .at = ask->page,
                            .write = ask->access == ACCESS_WRITE,
                            .how = how,
                            .copy = copy};
    err_t error;
    while ((error = pager_file_supply(&s)) == (err_t)ERR_PARKED)
        fake_files_wait();
    *crowded = s.crowded;
    return error == OK;
}

static void release(page_t page)
{
    pte_t entry = space_entry(&file_server.space, page, NULL);
    if (pte_kind(entry) == ENTRY_FILE) /* else it was granted */
        assert_int_equal(pager_file_release(&file_server.space, page, false), OK);
}

static bool asked(const struct file_ask *ask, bool *crowded)
{
    struct client *client = client_of(ask->process);
    uint32_t page = ask->page.n - FIRST, ahead = 1;
    bool write = ask->access == ACCESS_WRITE, done;
    if (!client || page >= FILE_PAGES || client->how == NOT_MAPPED || (write && client->how == READ))
        return false;
    if (client->page[page].saved) {
        hold((page_t){SPARE}, client->page[page].kept);
        granted++;
        fill(pte_frame(space_entry(&file_server.space, (page_t){SPARE}, NULL)), client->page[page].kept);
        done = supply(client, ask, (page_t){SPARE}, 1, below(2) ? PAGE_GRANT : PAGE_COPY, FILE_COPY_PRIVATE, crowded);
        release((page_t){SPARE});
        return done;
    }
    while (!write && ahead < 6 && page + ahead < FILE_PAGES && !client->page[page + ahead].saved && below(4))
        ahead++;
    for (uint32_t i = 0; i < ahead; i++)
        hold((page_t){CACHE + page + i}, file_value(page + i));
    *(write ? &copied : &shown) += 1;
    done = supply(client, ask, (page_t){CACHE + page}, ahead, write ? PAGE_COPY : PAGE_MAP,
                  client->how == COPY ? FILE_COPY_NORMAL : FILE_COPY_PRIVATE, crowded);
    for (uint32_t i = 0; i < ahead; i++)
        release((page_t){CACHE + page + i});
    return done;
}

static void page_write(uint32_t page, uint32_t *word)
{
    runs->page[page].own = true;
    runs->page[page].value = ++next_value;
    for (uint32_t i = 0; i < PAGE_BYTES / 4; i++)
        word[i] = next_value;
}

/* What is written to the page while the server has it must not get lost. */
static err_t save(uint32_t process, page_t page, frame_t frame)
{
    struct client *client = client_of(process);
    const uint32_t *word = frame_pointer(frame);
    assert_non_null(client);
    assert_int_equal(word[0], word[PAGE_BYTES / 4 - 1]);
    if (refuse_one_in && below(refuse_one_in) == 0)
        return ERR_IO;
    client->page[page.n - FIRST].saved = true;
    client->page[page.n - FIRST].kept = word[0];
    written++;
    if (disturbs && client == runs && fake_access(page, true))
        page_write(page.n - FIRST, frame_pointer(frame));
    return OK;
}

/* ---- set-up ---- */

static const struct fake_files files = {&file_server, asked, save};

static int boot(void **state)
{
    (void)state;
    return fake_boot(memory, FRAMES, records, BLOCKS) ? 0 : 1;
}

static void mark(struct space *space, uint32_t first, uint32_t pages, enum entry_kind kind)
{
    struct range_progress progress = {.phase = RANGE_SURVEY};
    const struct page_range range = {{first}, {first + pages}};
    err_t error;
    while (pager_directory_ready(space) == (err_t)ERR_PARKED)
        fake_settle();
    while ((error = pager_file_mark(space, range, kind, &progress)) == (err_t)ERR_PARKED)
        fake_settle();
    assert_int_equal(error, OK);
}

static void process_make(struct process *process)
{
    *process = (struct process){.listed = true};
    assert_int_equal(pager_space_open(&process->space, NULL), OK);
    process->file_port = fake_file_port();
}

static int start(void **state)
{
    (void)state;
    random_state = 3;
    next_value = refuse_one_in = 0;
    memset(clients, 0, sizeof clients);
    for (uint32_t i = 0; i < CLIENTS; i++)
        process_make(&clients[i].process);
    clients[1].process.space.data = (struct page_range){{DATA}, {DATA + DATA_PAGES}};
    process_make(&swap_server);
    swap_server.flags = SPAWN_LOCKED;
    process_make(&file_server);
    file_server.serves_files = true;
    assert_int_equal(pager_table_make(&swap_server.space, fake_server_window()), OK);
    runs = &clients[0];
    fake_machine_start(&runs->process, &swap_server, blocks[0]);
    fake_files_start(&files);
    pager_file_start();
    mark(&file_server.space, CACHE, FILE_PAGES, ENTRY_FILE_OUT);
    mark(&file_server.space, SPARE, 1, ENTRY_FILE_OUT);
    for (uint32_t i = 0; i < CLIENTS; i++) {
        struct range_progress progress = {.phase = RANGE_SURVEY};
        const struct page_range own = {{OWN}, {OWN + OWN_PAGES}};
        assert_int_equal(pager_range_set(&clients[i].process.space, own, ENTRY_ON_DEMAND, &progress), OK);
    }
    return 0;
}

static void check(void)
{
    fake_check(0);
    for (uint32_t i = 0; i < CLIENTS; i++)
        fake_charge_check(&clients[i].process.space);
    assert_true(info_page()->file_private <= FRAMES / 4);
}

/* ---- operations ---- */

static void content_is(const uint32_t *word, uint32_t value)
{
    if (word[0] != value || word[700] != value || word[PAGE_BYTES / 4 - 1] != value)
        fail_msg("it holds 0x%08x, not 0x%08x", word[0], value);
}

static void content_set(uint32_t *word, uint32_t value)
{
    for (uint32_t i = 0; i < PAGE_BYTES / 4; i++)
        word[i] = value;
}

static uint32_t wanted(uint32_t page) { return runs->page[page].own ? runs->page[page].value : file_value(page); }

static void touch(uint32_t page, bool write)
{
    void *content;
    bool may = runs->how != NOT_MAPPED && (!write || runs->how != READ);
    if (runs->page[page].normal)
        may = true;
    bool can = fake_touch((page_t){FIRST + page}, write, &content);
    assert_int_equal(can, may);
    if (!can)
        return;
    content_is(content, wanted(page));
    if (!write)
        return;
    page_write(page, content);
    runs->page[page].normal = runs->how == COPY || runs->page[page].normal;
}

static void touch_some(void)
{
    uint32_t first = below(FILE_PAGES), pages = below(3) ? 1 + below(40) : 1;
    bool write = below(3) == 0;
    for (uint32_t page = first; page < first + pages && page < FILE_PAGES; page++)
        touch(page, write);
}

static void touch_own(void)
{
    uint32_t first = below(OWN_PAGES), pages = 1 + below(50);
    for (uint32_t page = first; page < first + pages && page < OWN_PAGES; page++) {
        void *content;
        assert_true(fake_touch((page_t){OWN + page}, true, &content));
        content_is(content, runs->own[page]);
        runs->own[page] = ++next_value;
        content_set(content, next_value);
    }
}

static void page_out_some(void)
{
    struct range_progress progress = {.phase = RANGE_SURVEY};
    uint32_t first = below(FILE_PAGES), end = first + 1 + below(80);
    const struct page_range range = {{FIRST + first}, {FIRST + (end < FILE_PAGES ? end : FILE_PAGES)}};
    assert_int_equal(pager_range_out(&runs->process.space, range, &progress), OK);
    if (below(2))
        fake_housekeeping();
}

static bool has_normal(void)
{
    for (uint32_t page = 0; page < FILE_PAGES; page++)
        if (runs->page[page].normal)
            return true;
    return false;
}

static void unmap(void)
{
    struct range_progress progress = {.phase = RANGE_SURVEY};
    const struct page_range range = {{FIRST}, {FIRST + FILE_PAGES}};
    mark(&runs->process.space, FIRST, FILE_PAGES, ENTRY_NONE);
    if (has_normal())
        while (pager_range_set(&runs->process.space, range, ENTRY_NONE, &progress) == (err_t)ERR_PARKED)
            fake_settle();
    memset(runs->page, 0, sizeof runs->page);
    runs->how = NOT_MAPPED;
}

static void map_again(void)
{
    fake_settle(); /* the server knows all that was sent */
    unmap();
    if (below(8) == 0)
        return;
    runs->how = (enum how)(READ + below(3));
    mark(&runs->process.space, FIRST, FILE_PAGES, ENTRY_FILE_OUT);
}

static err_t take(struct file_take *t)
{
    err_t error;
    while ((error = pager_file_take(t)) == (err_t)ERR_PARKED)
        fake_settle();
    return error;
}

static void page_out(page_t page)
{
    struct range_progress progress = {.phase = RANGE_SURVEY};
    const struct page_range range = {page, {page.n + 1}};
    assert_int_equal(pager_range_out(&runs->process.space, range, &progress), OK);
}

/* What the server is told of the page is what it holds; what it says is clean, the server has, or the file. */
static void take_one(void)
{
    uint32_t page = below(FILE_PAGES);
    struct file_take t = {
        .client = &runs->process.space, .server = &file_server.space, .page = {FIRST + page}, .to = {SPARE}};
    mark(&file_server.space, SPARE, 1, ENTRY_NONE); /* it may have been copied from */
    mark(&file_server.space, SPARE, 1, ENTRY_FILE_OUT);
    while (pager_directory_ready(t.client) == (err_t)ERR_PARKED)
        fake_settle();
    if (below(2) && runs->page[page].own) {
        page_out((page_t){FIRST + page});
        if (below(2))
            pager_submit(); /* sent, and not answered yet */
    }
    assert_int_equal(take(&t), OK);
    if (t.taken == FILE_TAKEN_NONE)
        return;
    if (t.taken == FILE_TAKEN_FLYING) {
        uint32_t refuse = refuse_one_in;
        taken_flying++;
        refuse_one_in = 0; /* nobody else has it now */
        fake_settle();
        refuse_one_in = refuse;
        assert_true(runs->page[page].saved && runs->page[page].kept == wanted(page));
    } else {
        pte_t entry = space_entry(&file_server.space, (page_t){SPARE}, NULL);
        content_is(frame_pointer(pte_frame(entry)), wanted(page));
        if (t.taken == FILE_TAKEN_CLEAN)
            assert_int_equal(runs->page[page].saved ? runs->page[page].kept : file_value(page), wanted(page));
        fake_settle();
        runs->page[page].saved = true;
        runs->page[page].kept = wanted(page);
        assert_int_equal(pager_file_release(&file_server.space, (page_t){SPARE}, false), OK);
    }
    mark(&runs->process.space, FIRST + page, 1, ENTRY_FILE_OUT);
}

/* Written, while what was in it before is on its way out. */
static void write_in_flight(void)
{
    uint32_t page = below(FILE_PAGES);
    if (runs->how != WRITE)
        return;
    fake_settle();
    touch(page, true);
    page_out((page_t){FIRST + page});
    disturbs = true;
    fake_housekeeping();
    disturbs = false;
}

static void idle(void)
{
    fake_settle();
    for (uint32_t steps = below(60); steps > 0 && pager_idle_step(); steps--)
        fake_housekeeping();
}

static void operate(void)
{
    uint32_t what = below(64);
    if (what < 30)
        touch_some();
    else if (what < 44)
        touch_own();
    else if (what < 50)
        page_out_some();
    else if (what < 54)
        take_one();
    else if (what < 56)
        map_again();
    else if (what < 57)
        idle();
    else if (what < 61)
        write_in_flight();
    else {
        runs = &clients[below(CLIENTS)];
        fake_machine_switch(&runs->process);
    }
}

static void end(void)
{
    fake_settle();
    for (uint32_t i = 0; i < CLIENTS; i++)
        fake_space_free(&clients[i].process.space);
    fake_space_free(&file_server.space);
    fake_space_free(&swap_server.space);
    fake_settle();
    fake_check(0);
    for (uint32_t i = 0; i < CLIENTS; i++)
        pager_space_close(&clients[i].process.space);
    pager_space_close(&file_server.space);
    pager_space_close(&swap_server.space);
    assert_int_equal(info_page()->file_private, 0);
    assert_int_equal(commit_used(), 0);
    assert_int_equal(frame_count(FRAME_ORPHAN), 0);
}

static void against_the_model(void **state)
{
    (void)state;
    map_again();
    for (uint32_t i = 0; i < OPERATIONS; i++) {
        refuse_one_in = i % 5000 < 500 ? 3 : 0;
        operate();
        check();
    }
    assert_true(written > 1000 && granted > 1000 && shown > 1000 && copied > 1000);
    assert_true(taken_flying > 5 && info_page()->tables_swapped > 100);
    assert_true(info_page()->file_dropped > 10000 && info_page()->swap_out > 1000);
    end();
}

/* A page of the cache that a driver is told of; the file server ends, and with `dies` the driver did so before. */
static frame_t held_by_the_dead(struct space *driver, uint32_t device, bool dies)
{
    uint32_t token;
    frame_t frame;
    assert_int_equal(hold_try((page_t){CACHE}, true, &token), OK);
    assert_int_equal(pager_token_frame(token, (struct token_user){driver, device}, &frame), OK);
    if (dies)
        pager_driver_ends(driver);
    fake_space_free(&file_server.space);
    assert_int_equal(record_state(frame_record(frame)), FRAME_ORPHAN);
    pager_space_close(&file_server.space);
    pager_file_holder_gone(&file_server.space);
    process_make(&file_server);
    mark(&file_server.space, CACHE, 1, ENTRY_FILE_OUT);
    return frame;
}

static void driver_starts(struct process *driver, uint32_t device)
{
    uint32_t physical;
    const struct page_range range = {{OWN}, {OWN + 1}};
    process_make(driver);
    assert_int_equal(pager_range_dma(&driver->space, range, (struct dma_wanted){0, device}, &physical), OK);
}

/* Their device may still write it: it is nobody's before that was reset. */
static void what_server_and_driver_leave_waits_for_a_reset(void **state)
{
    (void)state;
    static struct process driver, other, next;
    process_make(&driver);
    frame_t frame = held_by_the_dead(&driver.space, 7, true);
    driver_starts(&other, 8);
    assert_int_equal(record_state(frame_record(frame)), FRAME_ORPHAN);
    fake_check(0);
    driver_starts(&next, 7);
    assert_int_not_equal(record_state(frame_record(frame)), FRAME_ORPHAN);
    fake_check(0);
    frame = held_by_the_dead(&driver.space, 7, false); /* one that lives has answered */
    assert_int_not_equal(record_state(frame_record(frame)), FRAME_ORPHAN);
    struct process *const made[] = {&driver, &other, &next};
    for (uint32_t i = 0; i < sizeof(made) / sizeof(made[0]); i++) {
        fake_space_free(&made[i]->space);
        pager_space_close(&made[i]->space);
    }
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(against_the_model, start),
        cmocka_unit_test_setup(what_server_and_driver_leave_waits_for_a_reset, start),
    };
    return cmocka_run_group_tests(tests, boot, NULL);
}
