/* Frames of FILE pages: mapping one, dropping it, and how many are private. */
#include "kernel/ipc/ipc.h"
#include "kernel/pager/file.h"
#include "kernel/pager/lent.h"

#define PRIVATE_SHARE 4u /* private pages take no more than one frame in so many */

static uint32_t cap;
static struct list_node room_waiters = {&room_waiters, &room_waiters};

void pager_file_start(void)
{
    if (cap != 0)
        return;
    uint32_t limit = commit_limit(), used = commit_used();
    uint32_t share = frame_count_ram() / PRIVATE_SHARE, left = limit > used ? (limit - used) / 2 : 0;
    cap = share < left ? share : left + 1; /* what is promised already stays so */
    frames_changed = true;                 /* so has the commit limit, which is shown with them */
}

bool transit_is_file(frame_t frame) { return frame_is_file(frame); }

uint32_t file_private_cap(void) { return cap; }
bool file_private_fits(void) { return counters()->file_private < cap; }

static void privates_change(bool was, bool is)
{
    counters()->file_private += is;
    counters()->file_private -= was;
    if (was && !is)
        thread_wake_all(&room_waiters);
}

static void file_frame_owned(frame_t frame, enum frame_becomes becomes)
{
    struct frame_record *r = frame_record(frame);
    bool was = record_becomes(r) == BECOMES_FILE_PRIVATE;
    record_set_becomes(r, becomes);
    privates_change(was, becomes == BECOMES_FILE_PRIVATE);
}

void file_frame_owed(frame_t frame, bool owed)
{
    struct frame_record *r = frame_record(frame);
    bool was = record_has(r, FRAME_OWED);
    if (owed)
        record_raise(r, FRAME_OWED);
    else
        record_lower(r, FRAME_OWED);
    privates_change(was, owed);
}

void file_frame_goes(frame_t frame)
{
    if (file_out_unqueue(frame))
        frame_set_state(frame, FRAME_MAPPED);
    file_frame_owed(frame, false);
    file_frame_owned(frame, BECOMES_NORMAL);
}

void file_frame_name(frame_t frame, const struct space *space, page_t page, enum frame_becomes becomes)
{
    enum frame_becomes was = record_becomes(frame_record(frame));
    record_name(frame, space, page);
    record_set_becomes(frame_record(frame), was);
    file_frame_owned(frame, becomes);
}

pte_t file_page_map(struct space *space, page_t page, frame_t frame, bool write)
{
    struct protection p = space_protection(space, page);
    if (!write)
        p.write = false;
    space->resident++;
    return page_exchange(space, page, pte_make(ENTRY_FILE, frame, p));
}

pte_t file_page_insert(struct space *space, page_t page, frame_t frame, enum frame_becomes becomes, bool write)
{
    record_set_becomes(frame_record(frame), BECOMES_NORMAL); /* whatever the last page in it was */
    file_frame_name(frame, space, page, becomes);
    frame_set_state(frame, FRAME_MAPPED);
    pte_t was = file_page_map(space, page, frame, write);
    usage->inserted(frame, becomes == BECOMES_FILE ? USAGE_SWAPPED_IN : USAGE_COPIED, USAGE_DISTANCE_UNKNOWN);
    return was;
}

void file_page_unshow(frame_t frame)
{
    uint32_t most = LEND_NODES_MAX;
    viewer_end(frame);
    bool all = !frame_is_lent(frame) || lent_revoke(lend_first(lent_root(frame)), &most);
    assert(all && !frame_is_lent(frame));
}

void file_page_drop(frame_t frame)
{
    file_page_unshow(frame);
    struct space *space = record_owner(frame_record(frame));
    page_exchange(space, record_page(frame_record(frame)), pte_file_out());
    space->resident--;
    counters()->file_dropped++;
    pager_frame_free(frame);
}

/* ---- room for one more that is private ---- */

#define ROOM_LOOKS 4096u /* records looked at in one step */
static uint32_t hand, fruitless;

static bool private_out(frame_t frame)
{
    const struct frame_record *r = frame_record(frame);
    if (record_state(r) != FRAME_MAPPED || !file_record_is_private(r))
        return false;
    if (!place_age(frame))
        return page_out(frame);
    usage->sampled(frame, true, place_is_dirty(frame));
    return false;
}

/* The hand of a clock: those go that have not been used since it came by. */
static void privates_out(void)
{
    uint32_t out = 0;
    for (uint32_t looks = 0; looks < ROOM_LOOKS && out < CLUSTER_PAGES; looks++) {
        hand = hand + 1 < frame_end() ? hand + 1 : 0;
        bool goes = private_out((frame_t){hand});
        fruitless = goes ? 0 : fruitless + 1;
        out += goes;
    }
}

static err_t file_private_room(void)
{
    if (file_private_fits())
        return OK;
    privates_out();
    if (file_private_fits())
        return OK;
    if (file_out_is_busy())
        return thread_park_again(current, WAIT_MEMORY, &room_waiters);
    if (fruitless <= 2 * frame_end())
        return thread_again(current);
    fruitless = 0;
    return ERR_MEMORY;
}

void file_room_changed(bool hopeless)
{
    list_for_each(at, &room_waiters)
    {
        if (hopeless)
            file_ask_refused(list_member(at, struct thread, queue));
    }
    thread_wake_all(&room_waiters);
}

/* ---- a fault ---- */

/* Servers wait for nobody to their right: drivers, swap servers, and file servers themselves. */
bool file_may_wait(void)
{
    return current && !current->process->serves_files && !(current->process->flags & SPAWN_LOCKED);
}

err_t file_fault(struct space *space, page_t page, enum access access)
{
    struct process *process = space_process(space);
    if (!file_may_wait() || !process->file_port || process->file_port->dead)
        return ERR_FAULT;
    if (current->file.failed) { /* the call runs again that had asked */
        current->file.failed = false;
        return ERR_FAULT;
    }
    if (access == ACCESS_WRITE || current->file.crowded)
        TRY(file_private_room());
    counters()->faults_file++;
    const struct file_ask ask = {
        .process = process_number(process), .page = page, .access = access, .entry = space_entry(space, page, NULL)};
    return ipc_file_ask(process->file_port, &ask);
}
