/* Speaking with the swap server: queues of frames to read and to write, batches of requests in flight, completions.
 *
 * A request's frame is READING, WRITING, MAPPED and IN_FLIGHT, or ORPHAN until its batch is answered. A batch whose
 * server died is sent again as it was: every write still has its content, every read its place. */
#include "kernel/pager/swap_inside.h"
#include "kernel/task/work.h"

#define QUEUE_FRAMES 256u
struct queue {
    frame_t frame[QUEUE_FRAMES];
    uint32_t first, count;
};

uint32_t swap_block_count;
struct block_tally swap_bad;
static struct queue reads, writes;
struct batch swap_batches[SWAP_BATCHES];
static struct port *server;

static bool queue_put(struct queue *queue, frame_t frame)
{
    if (queue->count == QUEUE_FRAMES)
        return false;
    queue->frame[(queue->first + queue->count++) % QUEUE_FRAMES] = frame;
    work_raise(WORK_SUBMIT);
    return true;
}

static frame_t queue_take(struct queue *queue)
{
    assert(queue->count > 0);
    frame_t frame = queue->frame[queue->first];
    queue->first = (queue->first + 1) % QUEUE_FRAMES;
    queue->count--;
    return frame;
}

bool swap_read_queue(frame_t frame) { return queue_put(&reads, frame); }
bool swap_write_queue(frame_t frame) { return queue_put(&writes, frame); }
uint32_t swap_write_room(void) { return server ? QUEUE_FRAMES - writes.count : 0; }

bool swap_is_busy(void)
{
    bool busy = reads.count || writes.count;
    for (uint32_t i = 0; i < SWAP_BATCHES; i++)
        busy |= swap_batches[i].in_flight;
    return busy;
}

uint32_t swap_blocks_used(void) { return swap_block_count ? usage->blocks_used() - discard_count : 0; }

/* ---- completions ---- */

/* True: somebody waited for it. */
static bool waiters_wake(frame_t frame, bool failed)
{
    bool awaited = false;
    list_for_each(at, &page_waiters)
    {
        struct thread *thread = list_member(at, struct thread, queue);
        if (!frame_same(thread->page_frame, frame))
            continue;
        if (failed) {
            thread->failed_block = record_block(frame_record(frame));
            thread->page_frame = FRAME_NONE;
        } else {
            record_raise(frame_record(frame), FRAME_AWAITED);
        }
        thread_wake(thread);
        awaited = true;
    }
    return awaited;
}

/* Freed in flight: only now may frame and block be used again. */
static void orphan_free(frame_t frame)
{
    struct frame_record *r = frame_record(frame);
    waiters_wake(frame, false);
    if (record_has_block(r))
        block_return(record_block(r));
    record_set_block(r, BLOCK_NONE);
    record_set_flags(r, 0);
    frame_return(frame);
    memory_freed();
}

static void read_done(frame_t frame, bool failed)
{
    struct frame_record *r = frame_record(frame);
    bool is_table = record_becomes(r) >= BECOMES_TABLE;
    *(is_table ? &counters()->tables_swapped_in : &counters()->swap_in) += !failed;
    if (!failed && place_is_believed(frame)) {
        place_show(frame);
        if (is_table && record_owner(r)->dying)
            work_raise(WORK_REAP);
        bool awaited = waiters_wake(frame, false);
        usage->inserted(frame, awaited ? USAGE_SWAPPED_IN : USAGE_READ_AHEAD, USAGE_DISTANCE_UNKNOWN);
        return;
    }
    place_swap(frame);
    if (is_table && record_owner(r)->dying)
        place_lose(frame);
    waiters_wake(frame, true);
    record_set_block(r, BLOCK_NONE);
    record_set_flags(r, 0);
    frame_return(frame);
}

static void write_done(frame_t frame, bool failed)
{
    struct frame_record *r = frame_record(frame);
    bool is_table = record_becomes(r) >= BECOMES_TABLE, was_mapped = record_state(r) != FRAME_WRITING;
    record_lower(r, FRAME_IN_FLIGHT);
    waiters_wake(frame, false);
    if (failed) { /* the page stays, as dirty as it was; that block is never handed out again */
        if (!was_mapped)
            frame_remap(frame);
        log_print("swap: block %u could not be written\n", record_block(r).n);
        swap_bad.blocks++;
        swap_bad.mix += block_mix(record_block(r));
        record_set_block(r, BLOCK_NONE);
        record_raise(r, FRAME_DIRTY);
        record_lower(r, FRAME_IN_FLIGHT);
        return;
    }
    *(is_table ? &counters()->tables_swapped : &counters()->swap_out) += 1;
    if (!was_mapped) {
        frame_set_state(frame, FRAME_STANDBY);
        usage->standby(frame);
        table_follow(frame);
    } else if (is_table) {
        record_block_drop(r); /* it has changed since */
    } else if (!place_is_dirty(frame)) {
        usage->cleaned(frame);
    }
}

static void request_done(struct request *request, bool failed)
{
    showing_end(&request->showing);
    if (request->operation == SWAP_DISCARD)
        discard_done(request->block);
    else if (record_state(frame_record(request->frame)) == FRAME_ORPHAN)
        orphan_free(request->frame);
    else if (request->operation == SWAP_READ)
        read_done(request->frame, failed);
    else
        write_done(request->frame, failed);
}

static void batch_send(struct batch *batch)
{
    batch->call.label = SWAP_BATCH;
    batch->call.words = 2 * batch->count;
    batch->call.word = batch->word;
    ipc_kernel_call(server, &batch->call);
}

static void batch_replied(struct kernel_call *call, err_t error, const uint32_t *word, uint32_t words)
{
    struct batch *batch = list_member(call, struct batch, call);
    if (error != OK) { /* the server is gone; a driver that works on still sees its page, which stays in flight */
        if (server)
            batch_send(batch);
        return;
    }
    for (uint32_t i = 0; i < batch->count; i++)
        request_done(&batch->request[i], i >= words || word[i] != OK);
    batch->in_flight = false;
    work_raise(WORK_SUBMIT);
    memory_freed();
}

/* ---- sending ---- */

static bool batch_fill(struct batch *batch, struct queue *queue, enum swap_operation operation)
{
    batch->count = 0;
    while (queue->count && batch->count < SWAP_BATCH_MAX) {
        frame_t frame = queue_take(queue);
        if (record_state(frame_record(frame)) == FRAME_ORPHAN)
            orphan_free(frame);
        else
            batch->request[batch->count++] =
                (struct request){operation, frame, record_block(frame_record(frame)), {.in = NULL}};
    }
    return batch->count > 0;
}

/* A token: generation, batch and place in it; never 0. */
#define TOKEN_PLACES (SWAP_BATCHES * SWAP_BATCH_MAX)
static uint32_t token_make(const struct batch *batch, uint32_t i)
{
    return batch->generation * TOKEN_PLACES + (uint32_t)(batch - swap_batches) * SWAP_BATCH_MAX + i;
}

bool swap_token_find(uint32_t token, struct token_page *found)
{
    struct batch *batch = &swap_batches[token % TOKEN_PLACES / SWAP_BATCH_MAX];
    uint32_t i = token % SWAP_BATCH_MAX;
    struct request *request = &batch->request[i];
    *found = (struct token_page){request->frame, request->operation == SWAP_READ, &request->showing};
    return batch->in_flight && i < batch->count && token == token_make(batch, i) && request->operation != SWAP_DISCARD;
}

static void batch_words(struct batch *batch)
{
    static uint32_t last_generation;
    last_generation = last_generation % 0xFFFFFu + 1;
    batch->generation = last_generation;
    for (uint32_t i = 0; i < batch->count; i++) {
        const struct request *request = &batch->request[i];
        batch->word[2 * i] = swap_request(request->operation, request->block.n);
        batch->word[2 * i + 1] = request->operation == SWAP_DISCARD ? 0 : token_make(batch, i);
    }
}

void batch_submit(struct batch *batch)
{
    assert(server && batch->count && !batch->in_flight);
    batch->call.replied = batch_replied;
    batch->in_flight = true;
    batch_words(batch);
    batch_send(batch);
}

/* Reads have every batch, writes all but the last, so that no page-in waits behind nothing but writes. */
void pager_submit(void)
{
    work_lower(WORK_SUBMIT);
    file_out_submit();
    for (uint32_t i = 0; server && i < SWAP_BATCHES; i++) {
        struct batch *batch = &swap_batches[i];
        if (batch->in_flight)
            continue;
        bool reading = batch_fill(batch, &reads, SWAP_READ);
        if (!reading && (i == SWAP_BATCHES - 1 || !batch_fill(batch, &writes, SWAP_WRITE)))
            continue;
        *(reading ? &counters()->swap_reads : &counters()->swap_writes) += 1;
        batch_submit(batch);
    }
}

/* ---- registration ---- */

static err_t block_map_make(uint32_t blocks)
{
    uint32_t frames = pages_for(usage->map_bytes(blocks));
    frame_t first;
    TRY(frame_take_run(frames, 1, frame_low_end(), FRAME_KERNEL, &first));
    for (uint32_t i = 0; i < frames; i++)
        frame_clear((frame_t){first.n + i});
    usage->map_start(blocks, frame_pointer(first));
    swap_block_count = blocks;
    counters()->swap_blocks = blocks;
    frames_changed = true; /* so has the commit limit, which is shown with them */
    return OK;
}

err_t pager_swap_register(struct port *port, uint32_t blocks)
{
    if (blocks == 0 || blocks >= BLOCK_COUNT_MAX - 1)
        return ERR_RANGE;
    if (server && server != port)
        return ERR_BUSY;
    if (swap_block_count && blocks < swap_block_count)
        return ERR_RANGE; /* a successor serves what its predecessor served */
    if (!swap_block_count)
        TRY(block_map_make(blocks));
    bool is_new = !server;
    server = port;
    work_raise(WORK_SUBMIT);
    for (uint32_t i = 0; is_new && i < SWAP_BATCHES; i++)
        if (swap_batches[i].in_flight)
            batch_send(&swap_batches[i]);
    return OK;
}

void pager_swap_port_gone(const struct port *port)
{
    if (server == port)
        server = NULL;
}
