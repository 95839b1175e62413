/* sources: test/host/fake_boot.c */
#include "file_machine.h"
#include "fake_boot.h"
#include "fake_machine.h"
#include "fake_paging.h"
#include "host.h"
#include "kernel/pager/file.h"
#include "random.h"
#include <string.h>

struct client clients[CLIENTS], *runs;
struct process file_server;
struct file_doings doings;
static struct process swap_server;
static uint8_t memory[FRAMES][PAGE_BYTES] __attribute__((aligned(PAGE_BYTES)));
static uint8_t blocks[BLOCKS][PAGE_BYTES];
static struct frame_record records[FRAMES];
static uint32_t next_value;

uint32_t wanted(uint32_t page) { return runs->page[page].own ? runs->page[page].value : file_value(page); }

/* ---- the file server ---- */

static struct client *client_of(uint32_t process)
{
    for (uint32_t i = 0; i < CLIENTS; i++)
        if (process_number(&clients[i].process) == process)
            return &clients[i];
    return NULL;
}

err_t hold_try(page_t page, bool fresh, uint32_t *token)
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
    fake_page_fill(frame_pointer(frame), value);
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
        doings.granted++;
        fake_page_fill(frame_pointer(pte_frame(space_entry(&file_server.space, (page_t){SPARE}, NULL))),
                       client->page[page].kept);
        done = supply(client, ask, (page_t){SPARE}, 1, below(2) ? PAGE_GRANT : PAGE_COPY, FILE_COPY_PRIVATE, crowded);
        release((page_t){SPARE});
        return done;
    }
    while (!write && ahead < 6 && page + ahead < FILE_PAGES && !client->page[page + ahead].saved && below(4))
        ahead++;
    for (uint32_t i = 0; i < ahead; i++)
        hold((page_t){CACHE + page + i}, file_value(page + i));
    *(write ? &doings.copied : &doings.shown) += 1;
    done = supply(client, ask, (page_t){CACHE + page}, ahead, write ? PAGE_COPY : PAGE_MAP,
                  client->how == COPY ? FILE_COPY_NORMAL : FILE_COPY_PRIVATE, crowded);
    for (uint32_t i = 0; i < ahead; i++)
        release((page_t){CACHE + page + i});
    return done;
}

void page_write(uint32_t page, void *content)
{
    runs->page[page].own = true;
    runs->page[page].value = ++next_value;
    fake_page_fill(content, next_value);
}

/* What is written to the page while the server has it must not get lost. */
static err_t save(uint32_t process, page_t page, frame_t frame)
{
    struct client *client = client_of(process);
    const uint32_t *word = frame_pointer(frame);
    assert_non_null(client);
    assert_int_equal(word[0], word[PAGE_BYTES / 4 - 1]);
    if (doings.refuse_one_in && below(doings.refuse_one_in) == 0)
        return ERR_IO;
    client->page[page.n - FIRST].saved = true;
    client->page[page.n - FIRST].kept = word[0];
    doings.written++;
    if (!doings.disturbed || client != runs)
        return OK;
    assert_int_equal(pager_resolve(&client->process.space, page, ACCESS_WRITE), OK);
    assert_true(fake_access(page, true));
    page_write(page.n - FIRST, frame_pointer(frame));
    return OK;
}

/* ---- set-up ---- */

static const struct fake_files files = {&file_server, asked, save};

int machine_boot(void **state)
{
    (void)state;
    return fake_boot(memory, FRAMES, records, BLOCKS) ? 0 : 1;
}

void mark(struct space *space, uint32_t first, uint32_t pages, enum entry_kind kind)
{
    struct range_progress progress = {.phase = RANGE_SURVEY};
    const struct page_range range = {{first}, {first + pages}};
    (void)FINISH(pager_directory_ready(space));
    assert_int_equal(FINISH(pager_file_mark(space, range, kind, &progress)), OK);
}

void process_make(struct process *process)
{
    *process = (struct process){.listed = true};
    assert_int_equal(pager_space_open(&process->space, NULL), OK);
    process->file_port = fake_file_port();
}

int machine_start(void **state)
{
    (void)state;
    random_state = 3;
    next_value = 0;
    doings = (struct file_doings){0};
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

void machine_check(void)
{
    fake_check(0);
    for (uint32_t i = 0; i < CLIENTS; i++)
        fake_charge_check(&clients[i].process.space);
    assert_true(info_page()->file_private <= FRAMES / 4);
}

void machine_end(void)
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
