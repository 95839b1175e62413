/* pagefiles: a file server of files that are made up. What clients write is theirs, and is kept in the server's memory
 * until they end. How a file is mapped, the client says: each of the kernel's questions is answered in every way. */
#include "pagefiles.h"
#include "common/units.h"
#include <apteryx/file_server.h>
#include <apteryx/hardware.h>
#include <apteryx/ipc.h>
#include <apteryx/print.h>
#include <apteryx/process.h>
#include <apteryx/string.h>
#include <apteryx/vm.h>

#define PAGER start_handle(2)
#define CACHE 0x40000000u  /* page n of file f at page f * FILE_PAGES + n */
#define SPARE 0x50000000u  /* cache pages for what is granted or taken */
#define WINDOW 0x58000000u /* where token_map shows pages */
#define STORE 0x60000000u
#define STORE_PAGES 8192u
#define MAPS 2000u
#define AHEAD 8u

static struct map {
    uint32_t pid, start, end, file, how;
} maps[MAPS];
static struct saved {
    uint32_t pid, page;
} saved[STORE_PAGES]; /* page 0: free */
static uint32_t faults, written, ended, lost;
static struct message m, answer;

static struct map *map_of(uint32_t pid, uint32_t address)
{
    static struct map always;
    for (uint32_t i = 0; i < MAPS; i++)
        if (maps[i].pid == pid && address >= maps[i].start && address < maps[i].end)
            return &maps[i];
    always = (struct map){pid, ALWAYS, ALWAYS + FILES * FILE_PAGES * PAGE_BYTES, 0, HOW_READ};
    return address >= always.start && address < always.end ? &always : NULL;
}

/* pid, page 0, 0: a free place. */
static uint32_t *store_of(uint32_t pid, uint32_t page, struct saved **place)
{
    for (uint32_t i = 0; i < STORE_PAGES; i++)
        if (saved[i].pid == pid && saved[i].page == page) {
            *place = &saved[i];
            return (uint32_t *)(STORE + i * PAGE_BYTES);
        }
    return NULL;
}

static void pattern_fill(uint32_t *word, uint32_t file, uint32_t page)
{
    for (uint32_t i = 0; i < PAGE_BYTES / 4; i++)
        word[i] = file_word(file, page, i);
}

/* ---- faults ---- */

static uint32_t cache_of(uint32_t file, uint32_t page) { return CACHE + (file * FILE_PAGES + page) * PAGE_BYTES; }

static err_t cache_hold(uint32_t file, uint32_t page)
{
    uint32_t token, at = cache_of(file, page);
    err_t err = file_hold(PAGER, at, false, &token);
    if (err != ERR_NO_ENTRY)
        return err;
    TRY(file_hold(PAGER, at, true, &token));
    pattern_fill((uint32_t *)at, file, page);
    return OK;
}

static err_t answer_cached(handle_t reply, const struct map *map, const struct file_fault *f)
{
    uint32_t file = map->file + (f->page - map->start) / PAGE_BYTES / FILE_PAGES;
    uint32_t page = (f->page - map->start) / PAGE_BYTES % FILE_PAGES, n = 1;
    bool copies = f->access == FAULT_WRITE;
    if (copies && map->how == HOW_READ) {
        file_fail(&answer);
        return ipc_reply(reply, &answer);
    }
    TRY(cache_hold(file, page));
    while (!copies && n < AHEAD && page + n < FILE_PAGES && f->page + n * PAGE_BYTES < map->end &&
           cache_hold(file, page + n) == OK)
        n++;
    file_supply(&answer, cache_of(file, page), n * PAGE_BYTES, copies ? PAGE_COPY : PAGE_MAP,
                map->how == HOW_COPY ? FILE_COPY_NORMAL : FILE_COPY_PRIVATE);
    err_t err = ipc_reply(reply, &answer);
    for (uint32_t i = 0; i < n; i++)
        lost += file_release(PAGER, cache_of(file, page + i), false) != OK;
    return err;
}

/* A page of its own, from the store or made up. */
static err_t answer_granted(handle_t reply, const struct map *map, const struct file_fault *f)
{
    struct saved *place;
    uint32_t token, page = (f->page - map->start) / PAGE_BYTES;
    const uint32_t *from = store_of(f->process, f->page, &place);
    TRY(file_hold(PAGER, SPARE, true, &token));
    if (from)
        memcpy((void *)SPARE, from, PAGE_BYTES);
    else
        pattern_fill((uint32_t *)SPARE, map->file, page);
    file_supply(&answer, SPARE, PAGE_BYTES, PAGE_GRANT, FILE_COPY_PRIVATE);
    err_t err = ipc_reply(reply, &answer);
    if (file_mark(PAGER, process_id(), SPARE, PAGE_BYTES, VM_NONE) == ERR_BUSY) /* nobody wanted it any more */
        lost += file_release(PAGER, SPARE, false) != OK;
    else
        TRY(file_mark(PAGER, process_id(), SPARE, PAGE_BYTES, VM_FILE));
    return err;
}

static void fault_serve(handle_t reply, const struct file_fault *f)
{
    struct saved *place;
    const struct map *map = map_of(f->process, f->page);
    err_t err = ERR_NO_ENTRY;
    faults++;
    if (map && map->how != HOW_FAIL) {
        bool own = map->how >= HOW_REFUSE || map->how == HOW_PRIVATE || store_of(f->process, f->page, &place);
        err = own ? answer_granted(reply, map, f) : answer_cached(reply, map, f);
    }
    if (err == OK || err == ERR_DEAD)
        return;
    file_fail(&answer);
    (void)ipc_reply(reply, &answer);
}

/* ---- what clients have written ---- */

static err_t page_save(uint32_t pid, uint32_t page, const uint32_t *content)
{
    struct saved *place;
    const struct map *map = map_of(pid, page);
    uint32_t *to = store_of(pid, page, &place);
    if (map && map->how == HOW_REFUSE)
        return ERR_IO;
    if (!to)
        to = store_of(0, 0, &place);
    if (!to)
        return ERR_LIMIT;
    *place = (struct saved){pid, page};
    memcpy(to, content, PAGE_BYTES);
    written++;
    return OK;
}

static handle_t late_reply; /* the answer is owed; 0: none is */
static uint32_t late_pages;

static uint32_t answer_late(void)
{
    static const err_t results[FILE_OUT_MAX];
    static struct message late;
    uint32_t n = late_reply ? late_pages : 0;
    if (late_reply) {
        file_out_done(&late, results, n);
        (void)ipc_reply(late_reply, &late);
    }
    late_reply = 0;
    return n;
}

static void outs_serve(handle_t reply)
{
    static err_t results[FILE_OUT_MAX];
    struct file_out out;
    uint32_t n = 0;
    bool is_late = false;
    for (; file_out_read(&m, n, &out); n++) {
        const struct map *map = map_of(out.process, out.page);
        is_late |= map && map->how == HOW_LATE;
        results[n] = token_map(PAGER, out.token, WINDOW + n * PAGE_BYTES);
        if (results[n] == OK)
            results[n] = page_save(out.process, out.page, (const uint32_t *)(WINDOW + n * PAGE_BYTES));
    }
    if (is_late && !late_reply) {
        late_reply = reply;
        late_pages = n;
        return;
    }
    file_out_done(&answer, results, n);
    (void)ipc_reply(reply, &answer);
}

static void client_forget(uint32_t pid)
{
    ended++;
    for (uint32_t i = 0; i < MAPS; i++)
        if (maps[i].pid == pid)
            maps[i] = (struct map){.pid = 0};
    for (uint32_t i = 0; i < STORE_PAGES; i++)
        if (saved[i].pid == pid)
            saved[i] = (struct saved){0, 0};
}

/* ---- clients' calls ---- */

static err_t map_add(uint32_t pid)
{
    for (uint32_t i = 0; i < MAPS; i++) {
        if (maps[i].pid)
            continue;
        TRY(file_mark(PAGER, pid, m.word[0], m.word[1], VM_FILE));
        if (m.word[0] != ALWAYS)
            maps[i] = (struct map){pid, m.word[0], m.word[0] + m.word[1], m.word[2], m.word[3]};
        return OK;
    }
    return ERR_LIMIT;
}

static err_t map_remove(uint32_t pid)
{
    for (uint32_t i = 0; i < MAPS; i++)
        if (maps[i].pid == pid && maps[i].start >= m.word[0] && maps[i].end <= m.word[0] + m.word[1])
            maps[i] = (struct map){.pid = 0};
    for (uint32_t i = 0; i < STORE_PAGES; i++)
        if (saved[i].pid == pid && saved[i].page - m.word[0] < m.word[1])
            saved[i] = (struct saved){0, 0};
    return file_mark(PAGER, pid, m.word[0], m.word[1], VM_NONE);
}

static err_t take(uint32_t pid)
{
    enum file_taken taken = FILE_TAKEN_NONE;
    uint32_t token;
    TRY(file_take(PAGER, pid, m.word[0], SPARE, &taken, &token));
    answer.word[1] = taken;
    if (taken != FILE_TAKEN_CLEAN && taken != FILE_TAKEN_DIRTY)
        return OK;
    answer.word[2] = *(uint32_t *)SPARE;
    TRY(file_release(PAGER, SPARE, false));
    TRY(file_mark(PAGER, process_id(), SPARE, PAGE_BYTES, VM_NONE));
    return file_mark(PAGER, process_id(), SPARE, PAGE_BYTES, VM_FILE);
}

static err_t release_dirty(uint32_t *released)
{
    for (uint32_t page = 0; page < FILES * FILE_PAGES; page++, ++*released) {
        TRY(cache_hold(page / FILE_PAGES, page % FILE_PAGES));
        err_t err = file_release(PAGER, CACHE + page * PAGE_BYTES, true);
        if (err != OK)
            lost += file_release(PAGER, CACHE + page * PAGE_BYTES, false) != OK; /* it is held still */
        TRY(err);
    }
    return OK;
}

static void call_serve(handle_t reply, uint32_t pid)
{
    answer = (struct message){.label = OK, .words = 4};
    if (m.label == FILES_MAP)
        answer.word[0] = map_add(pid);
    else if (m.label == FILES_UNMAP)
        answer.word[0] = map_remove(pid);
    else if (m.label == FILES_TAKE)
        answer.word[0] = take(pid);
    else if (m.label == FILES_ANSWER)
        answer.word[1] = answer_late();
    else if (m.label == FILES_DIRTY)
        answer.word[0] = release_dirty(&answer.word[1]);
    else if (m.label == FILES_COUNTS)
        memcpy(answer.word, (const uint32_t[]){faults, written, ended, lost}, 16);
    else
        answer.label = ERR_RANGE;
    (void)ipc_reply(reply, &answer);
}

static err_t prepare(void)
{
    TRY(file_mark(PAGER, process_id(), CACHE, FILES * FILE_PAGES * PAGE_BYTES, VM_FILE));
    TRY(file_mark(PAGER, process_id(), SPARE, PAGE_BYTES, VM_FILE));
    return vm_set(STORE, STORE_PAGES * PAGE_BYTES, VM_ON_DEMAND);
}

int main(void)
{
    err_t err = prepare();
    if (err != OK) {
        print("pagefiles: %s\n", err_name(err));
        return 3;
    }
    for (;;) {
        handle_t reply;
        uint32_t badge;
        struct file_fault fault;
        if (ipc_receive(start_handle(1), &m, &reply, &badge, 0) != OK)
            return 1;
        message_drop(&m);
        if (badge != 0 || reply == 0) {
            call_serve(reply, badge);
        } else if (file_fault_read(&m, &fault)) {
            fault_serve(reply, &fault);
        } else if (m.label == FILE_OUT) {
            outs_serve(reply);
        } else if (m.label == FILE_GONE) {
            client_forget(m.word[0]);
            answer = (struct message){.label = OK};
            (void)ipc_reply(reply, &answer);
        } else {
            call_serve(reply, 0);
        }
    }
}
