#include "fake_machine.h"
#include "common/assert.h"
#include "fake_paging.h"
#include "abi/file.h"
#include "kernel/debug/log.h"
#include "kernel/task/work.h"
#include <string.h>

#define SERVER_WINDOW 0x80000000u /* lib/swap_serve.c */

struct thread *current;
uint32_t work_pending;
static struct thread program_thread, server_thread, files_thread;
static struct list_node calls = {&calls, &calls}, file_calls = {&file_calls, &file_calls};
static struct list_node askers = {&askers, &askers};
static const struct fake_files *files;
static struct port file_port = {.references = 1};
static uint8_t *store;
static bool held;
static uint32_t fail_one_in[SWAP_DISCARD + 1], failures_asked, log_lines;

/* ---- threads: one that may be parked ---- */

static void thread_start(struct thread *thread, struct process *process)
{
    *thread = (struct thread){.process = process, .page_frame = FRAME_NONE, .failed_block = BLOCK_NONE};
    list_start(&thread->queue);
}

err_t thread_park_again(struct thread *thread, enum wait_reason why, struct list_node *queue)
{
    assert((thread == &program_thread || thread == &files_thread) && thread->wait == WAIT_NONE);
    thread->wait = why;
    list_push_back(queue, &thread->queue);
    return (err_t)ERR_PARKED;
}

void thread_wake(struct thread *thread)
{
    assert(thread->wait != WAIT_NONE);
    list_remove(&thread->queue);
    thread->wait = WAIT_NONE;
}

void thread_wake_all(struct list_node *queue)
{
    for (struct list_node *node; (node = list_first(queue)) != NULL;)
        thread_wake(list_member(node, struct thread, queue));
}

void thread_yield(struct thread *thread) { (void)thread; }

err_t thread_again(struct thread *thread)
{
    (void)thread;
    return (err_t)ERR_PARKED;
}

/* ---- the swap server ---- */

struct port *fake_swap_port(void) { return (struct port *)(void *)&calls; }

void ipc_kernel_call(struct port *port, struct kernel_call *call)
{
    assert(port == fake_swap_port() || port == &file_port);
    list_start(&call->queue);
    list_push_back(port == &file_port ? &file_calls : &calls, &call->queue);
}

static void step(void)
{
    if (work_pending & WORK_RECLAIM)
        pager_balance();
    if (work_pending & WORK_SUBMIT)
        pager_submit();
}

page_t fake_server_window(void) { return address_page(SERVER_WINDOW); }
void fake_server_hold(bool hold) { held = hold; }
void fake_server_fail(enum swap_operation operation, uint32_t one_in) { fail_one_in[operation] = one_in; }

#define DISCARDED 0xDB

static bool fails(enum swap_operation operation)
{
    return fail_one_in[operation] != 0 && ++failures_asked % fail_one_in[operation] == 0;
}

static err_t request_serve(uint32_t request, uint32_t token, page_t at)
{
    struct space *space = &server_thread.process->space;
    uint8_t *block = store + (size_t)swap_request_block(request) * PAGE_BYTES;
    if (swap_request_operation(request) == SWAP_DISCARD) {
        memset(block, DISCARDED, PAGE_BYTES); /* whoever still needs it will notice */
        return OK;
    }
    err_t shown = pager_token_map(space, token, at);
    assert(shown == OK);
    if (fails(swap_request_operation(request)))
        return ERR_IO;
    void *page = frame_pointer(pte_frame(space_entry(space, at, NULL)));
    if (swap_request_operation(request) == SWAP_READ)
        memcpy(page, block, PAGE_BYTES);
    else
        memcpy(block, page, PAGE_BYTES);
    return OK;
}

static void call_serve(struct kernel_call *call)
{
    static uint32_t answer[SWAP_BATCH_MAX];
    uint32_t count = call->words / 2;
    current = &server_thread;
    for (uint32_t i = 0; i < count; i++) {
        page_t at = {fake_server_window().n + i};
        answer[i] = request_serve(call->word[2 * i], call->word[2 * i + 1], at);
        step();
    }
    call->replied(call, OK, answer, count);
}

/* ---- the file server ---- */

struct port *fake_file_port(void) { return &file_port; }

void fake_files_start(const struct fake_files *server)
{
    files = server;
    thread_start(&files_thread, server->process);
}

void port_release(struct port *port) { port->references--; }

err_t ipc_file_ask(struct port *port, const struct file_ask *ask)
{
    assert(port == &file_port && current == &program_thread);
    program_thread.file = *ask;
    return thread_park_again(current, WAIT_FILE, &askers);
}

void file_ask_refused(struct thread *thread) { thread->file.failed = true; }

static void outs_serve(struct kernel_call *call)
{
    uint32_t answer[FILE_OUT_MAX] = {0}, count = call->words / FILE_OUT_WORDS;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t *word = &call->word[i * FILE_OUT_WORDS];
        frame_t frame;
        err_t found = pager_token_frame(word[2], (struct token_user){NULL, 0}, &frame);
        assert(found == OK);
        answer[i] = files->written(word[0], address_page(word[1]), frame);
    }
    call->replied(call, OK, answer, count);
}

static void ask_serve(void)
{
    const struct file_ask ask = program_thread.file;
    if (!files->asked(&ask, &program_thread.file.crowded))
        program_thread.file.failed = true;
    thread_wake(&program_thread);
}

/* False: nobody asks it for anything. */
static bool files_serve(void)
{
    struct list_node *call = list_pop_front(&file_calls);
    current = &files_thread;
    if (call)
        outs_serve(list_member(call, struct kernel_call, queue));
    else if (program_thread.wait == WAIT_FILE)
        ask_serve();
    else
        return false;
    return true;
}

/* Woken, the server receives in one step of the kernel and runs after the next; a call that waits already when it
 * replies it gets at once. */
static void swap_serve(void)
{
    step();
    while (!list_empty(&calls) && (!held || program_thread.wait != WAIT_NONE || files_thread.wait != WAIT_NONE)) {
        struct list_node *next = list_pop_front(&calls);
        while (next != NULL) {
            step();
            call_serve(list_member(next, struct kernel_call, queue));
            next = list_pop_front(&calls);
        }
        step();
    }
}

void fake_housekeeping(void)
{
    do
        swap_serve();
    while (files_serve());
    current = &program_thread;
}

void fake_files_wait(void)
{
    held = false;
    while (files_thread.wait != WAIT_NONE)
        swap_serve();
    current = &files_thread;
}

void fake_settle(void)
{
    fake_server_hold(false);
    fake_housekeeping();
}

/* ---- the program ---- */

void fake_machine_start(struct process *program, struct process *server, uint8_t *blocks)
{
    thread_start(&program_thread, program);
    thread_start(&server_thread, server);
    current = &program_thread;
    store = blocks;
    held = false;
    work_pending = 0;
    failures_asked = log_lines = 0;
    memset(fail_one_in, 0, sizeof fail_one_in);
    directory_load(space_directory(&program->space));
}

/* The program's directory may be in swap. */
static void program_load(void)
{
    struct space *space = &program_thread.process->space;
    while (pager_directory_ready(space) == (err_t)ERR_PARKED)
        fake_housekeeping();
    space_load(space);
}

void fake_machine_switch(struct process *program)
{
    program_thread.process = program;
    program_load();
}

static bool fault(page_t page, bool write)
{
    struct thread *thread = &program_thread;
    struct space *space = &thread->process->space;
    err_t error = pager_table_await(space, page);
    if (error == OK)
        error = pager_resolve(space, page, write ? ACCESS_WRITE : ACCESS_READ);
    if (error != OK && error != (err_t)ERR_PARKED)
        return false;
    fake_housekeeping();
    assert(thread->wait == WAIT_NONE);
    pager_thread_runs(thread);
    return true;
}

bool fake_touch(page_t page, bool write, void **content)
{
    while (program_load(), !fake_access(page, write))
        if (!fault(page, write))
            return false;
    *content = frame_pointer(pte_frame(space_entry(&program_thread.process->space, page, NULL)));
    return true;
}

/* The reaper is nobody: it waits for nothing, and is asked again. */
void fake_space_free(struct space *space)
{
    err_t error = ERR_MORE;
    for (page_t next = {0}; error != OK; fake_housekeeping()) {
        held = false;
        current = NULL;
        error = pager_space_free_step(space, &next, true);
    }
}

static uint32_t tables_out(const struct space *space)
{
    uint32_t out = 0;
    for (page_t page = {0}; page.n < USER_PAGES; page.n += TABLE_ENTRIES) {
        enum entry_kind kind = pde_kind(space_directory_entry(space, page));
        out += kind == ENTRY_SWAP || kind == ENTRY_TRANSIT;
    }
    return out;
}

/* The pages of tables that are out are not seen. */
void fake_charge_check(const struct space *space)
{
    const struct page_range all = {{0}, {USER_PAGES}};
    if (!space_is_here(space))
        return;
    struct survey survey = space_survey(space, all);
    assert(space->charged >= survey.pages + survey.tables);
    assert(tables_out(space) || space->charged == survey.pages + survey.tables);
}

/* ---- the rest ---- */

void log_print(const char *format, ...)
{
    (void)format;
    log_lines++;
}

uint32_t fake_log_lines(void) { return log_lines; }
