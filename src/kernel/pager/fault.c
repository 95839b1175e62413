/* Faults: carrying out the verdict. */
#include "common/string.h"
#include "kernel/pager/lent.h"

frame_t zero_page;
struct list_node page_waiters = {&page_waiters, &page_waiters};

void fault_start(void)
{
    bool zeroed;
    if (frame_take(FRAME_USE_LOW, FRAME_KERNEL, &zero_page, &zeroed) != OK)
        assert(!"there is a frame at boot");
    frame_clear(zero_page);
    table_reap_start();
}

static err_t zero_page_map(struct space *space, page_t page)
{
    struct protection p = space_protection(space, page);
    p.write = false;
    page_exchange(space, page, pte_make(ENTRY_COW, zero_page, p));
    counters()->faults_zero++;
    return OK;
}

err_t frame_get_for(const struct space *space, page_t page, enum frame_state as, frame_t *frame, bool zeroed)
{
    if (frame_at_hand(FRAME_USE_USER, as, frame, zeroed))
        return OK;
    bool was_pinned = table_pin(space, page, true);
    err_t error = pager_frame_get(FRAME_USE_USER, as, frame, zeroed);
    table_pin(space, page, was_pinned);
    return error;
}

static err_t zeroed_map(struct space *space, page_t page, uint32_t *counter)
{
    frame_t frame;
    TRY(pager_may_touch(space));
    TRY(frame_get_for(space, page, FRAME_MAPPED, &frame, true));
    page_insert(space, page, frame, USAGE_ZERO_FILL);
    (*counter)++;
    return OK;
}

/* The block of a page that is in swap, its own or lent; BLOCK_NONE: it is not there. */
static block_t block_of(pte_t entry)
{
    if (pte_kind(entry) == ENTRY_LENT)
        entry = pager_lent_page(entry);
    return kind_is_swapped(pte_kind(entry)) ? pte_block(entry) : BLOCK_NONE;
}

static void read_begin(struct space *space, page_t page, frame_t frame)
{
    struct frame_record *r = frame_record(frame);
    pte_t entry = space_entry(space, page, NULL);
    if (pte_kind(entry) == ENTRY_LENT) {
        lent_read_begin(lend_root((node_t){pte_node(entry)}), frame);
        return;
    }
    record_name(frame, space, page);
    record_set_block(r, pte_block(entry));
    record_set_becomes(r, pte_kind(entry) == ENTRY_SWAP_WATCHED ? BECOMES_WATCHED : BECOMES_NORMAL);
    page_exchange(space, page, pte_swap_to_transit(entry, frame));
    space->swapped--;
    space->resident++;
}

/* Neighbours above whose blocks follow come along, when the page below shows that somebody goes upwards. */
static void read_ahead(struct space *space, page_t page, block_t block)
{
    if (page_table_index(page) == 0 || !readahead_pages)
        return;
    pte_t below = space_entry(space, (page_t){page.n - 1}, NULL);
    if (!pte_present(below) && pte_kind(below) != ENTRY_TRANSIT)
        return;
    for (uint32_t i = 1; i < readahead_pages && page_table_index(page) + i < TABLE_ENTRIES; i++) {
        page_t next = {page.n + i};
        frame_t frame;
        bool zeroed;
        if (block_of(space_entry(space, next, NULL)).n != block.n + i || !memory_is_plenty())
            return;
        if (frame_take(FRAME_USE_USER, FRAME_READING, &frame, &zeroed) != OK)
            return;
        if (!swap_read_queue(frame)) {
            frame_return(frame);
            return;
        }
        read_begin(space, next, frame);
    }
}

bool read_has_failed(block_t block)
{
    bool failed = current && !block_same(block, BLOCK_NONE) && block_same(current->failed_block, block);
    if (failed)
        current->failed_block = BLOCK_NONE;
    return failed;
}

err_t page_await(frame_t frame)
{
    pager_thread_runs(current); /* of the two things that a call may wait for, the first is here, and youngest */
    current->failed_block = BLOCK_NONE;
    current->page_frame = frame;
    return thread_park_again(current, WAIT_PAGE, &page_waiters);
}

static err_t read_frame_get(frame_t *frame)
{
    TRY(pager_frame_get(FRAME_USE_USER, FRAME_READING, frame, false));
    if (swap_read_queue(*frame))
        return OK;
    frame_return(*frame);
    return memory_await(); /* every answer of the swap server wakes those, too */
}

err_t swap_in(struct space *space, page_t page)
{
    frame_t frame;
    block_t block = block_of(space_entry(space, page, NULL));
    if (read_has_failed(block))
        return ERR_IO;
    bool was_pinned = table_pin(space, page, true);
    err_t error = read_frame_get(&frame);
    table_pin(space, page, was_pinned);
    TRY(error);
    read_begin(space, page, frame);
    read_ahead(space, page, block);
    counters()->faults_swap++;
    return page_await(frame);
}

static err_t transit(struct space *space, page_t page)
{
    frame_t frame = pte_frame(space_entry(space, page, NULL));
    enum frame_state state = record_state(frame_record(frame));
    if (state == FRAME_READING)
        return page_await(frame);
    assert(state == FRAME_STANDBY || state == FRAME_WRITING);
    frame_remap(frame);
    counters()->faults_soft++;
    return OK;
}

static err_t copy(struct space *space, page_t page)
{
    if (frame_same(pte_frame(space_entry(space, page, NULL)), zero_page))
        return zeroed_map(space, page, &counters()->faults_cow);
    return lent_copy(space, page);
}

err_t pager_resolve(struct space *space, page_t page, enum access access)
{
    if (page.n >= USER_PAGES)
        return ERR_FAULT;
    TRY(pager_directory_ready(space));
    for (;;) {
        switch (space_verdict(space, page, access)) {
        case VERDICT_PRESENT:
            return OK;
        case VERDICT_TABLE:
            TRY(pager_table_make(space, page));
            continue;
        case VERDICT_ZERO_PAGE:
            return zero_page_map(space, page);
        case VERDICT_ZEROED:
            return zeroed_map(space, page, &counters()->faults_zero);
        case VERDICT_COPY:
            return copy(space, page);
        case VERDICT_LENT:
            TRY(lent_resolve(space, page));
            continue;
        case VERDICT_SWAP_IN:
            return swap_in(space, page);
        case VERDICT_TRANSIT:
            return transit(space, page);
        case VERDICT_FILE:
            return file_fault(space, page, access);
        case VERDICT_FAULT:
            return ERR_FAULT;
        }
    }
}

void *pager_page_content(struct space *space, page_t page, unsigned window, bool write)
{
    pte_t entry = space_entry(space, page, NULL);
    assert(pte_present(entry));
    if (write && !pte_dirty(entry))
        page_exchange(space, page, pte_as_dirty(entry));
    return window_open(window, pte_frame(entry));
}

void *pager_page_ready(struct space *space, page_t page, unsigned window, bool write)
{
    const pte_t *table = space_table(space, page);
    pte_t entry = table ? table[page_table_index(page)] : pte_none();
    if (!pte_present(entry) || (write && !(pte_writable(entry) && pte_dirty(entry))))
        return NULL;
    return window_open(window, pte_frame(entry));
}

void pager_page_pin(struct space *space, page_t page, bool pin)
{
    pte_t entry = space_entry(space, page, NULL);
    if (kind_may_go(pte_kind(entry)) && record_state(frame_record(pte_frame(entry))) == FRAME_MAPPED)
        record_pin(frame_record(pte_frame(entry)), pin);
    else
        table_pin(space, page, pin);
}

void pager_thread_runs(struct thread *thread)
{
    if (frame_same(thread->page_frame, FRAME_NONE))
        return;
    if (thread->page_frame.n < frame_end())
        record_lower(frame_record(thread->page_frame), FRAME_AWAITED);
    thread->page_frame = FRAME_NONE;
}

err_t pager_page_load(struct space *space, page_t page, const uint8_t *content, uint32_t bytes, bool locked)
{
    TRY(pager_table_make(space, page));
    enum entry_kind kind = pte_kind(space_entry(space, page, NULL));
    if (kind != ENTRY_NONE && kind != ENTRY_ON_DEMAND)
        return OK;
    if (bytes == 0 && !locked) {
        page_exchange(space, page, pte_on_demand());
        return OK;
    }
    frame_t frame;
    if (locked)
        TRY(pager_lock_charge(space, 1));
    err_t error = frame_get_for(space, page, locked ? FRAME_LOCKED : FRAME_MAPPED, &frame, bytes < PAGE_BYTES);
    if (error != OK && locked)
        pager_lock_refund(space, 1);
    TRY(error);
    memcpy(window_open(WINDOW_FILL, frame), content, bytes);
    if (!locked) {
        page_insert(space, page, frame, USAGE_COPIED);
        return OK;
    }
    record_name(frame, space, page);
    page_exchange(space, page, pte_make(ENTRY_LOCKED, frame, space_protection(space, page)));
    return OK;
}
