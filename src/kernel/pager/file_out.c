/* FILE pages go out: clean ones at once, dirty ones when their server has answered FILE_OUT.
 *
 * A page that waits to be sent is TRANSIT, WRITING and in the queue; sent, it is IN_FLIGHT besides. Touched meanwhile, it
 * is mapped again, at the cost of a soft fault, and stays. A message whose server died is sent again as it was. */
#include "kernel/ipc/ipc.h"
#include "kernel/pager/file.h"
#include "kernel/pager/inside.h"
#include "kernel/task/work.h"

#define QUEUE_FRAMES 256u

struct out {
    struct kernel_call call;
    struct port *port; /* a reference; NULL: not in flight */
    uint32_t generation, count;
    frame_t frame[FILE_OUT_MAX];
    struct showing showing[FILE_OUT_MAX];
    uint32_t word[FILE_OUT_MAX * FILE_OUT_WORDS];
};
static struct out outs[FILE_OUTS];

static frame_t queue[QUEUE_FRAMES]; /* in order */
static uint32_t queued;

bool file_out_is_busy(void)
{
    bool busy = queued > 0;
    for (uint32_t i = 0; i < FILE_OUTS; i++)
        busy |= outs[i].port != NULL;
    return busy;
}

bool file_out_helps(void) { return file_may_wait() && file_out_is_busy(); }

/* ---- into the queue, and out of it unsent ---- */

static struct port *port_of(frame_t frame)
{
    page_t page;
    struct port *port = space_process(place_owner(frame, &page))->file_port;
    return port && !port->dead ? port : NULL;
}

bool file_page_out(frame_t frame)
{
    if (!place_is_dirty(frame)) {
        file_page_drop(frame);
        return true;
    }
    if (queued == QUEUE_FRAMES || !port_of(frame))
        return false;
    file_page_unshow(frame);
    place_hide(frame);
    record_lower(frame_record(frame), FRAME_DIRTY | FRAME_REFERENCED);
    frame_set_state(frame, FRAME_WRITING);
    usage->evicted(frame);
    queue[queued++] = frame;
    work_raise(WORK_SUBMIT);
    return true;
}

static void queue_remove(uint32_t i)
{
    for (queued--; i < queued; i++)
        queue[i] = queue[i + 1];
}

bool file_out_unqueue(frame_t frame)
{
    struct frame_record *r = frame_record(frame);
    if (record_state(r) != FRAME_WRITING || !frame_is_file(frame) || record_has(r, FRAME_IN_FLIGHT))
        return false;
    uint32_t i = 0;
    while (i < queued && !frame_same(queue[i], frame))
        i++;
    assert(i < queued);
    queue_remove(i);
    record_raise(r, FRAME_DIRTY);
    return true;
}

/* ---- answers ---- */

void file_orphan_settle(frame_t frame)
{
    struct frame_record *r = frame_record(frame);
    if (record_state(r) != FRAME_ORPHAN || record_has(r, FRAME_IN_FLIGHT | FRAME_HELD))
        return;
    record_set_flags(r, 0);
    frame_return(frame);
    memory_freed();
}

static void page_written(frame_t frame, bool failed)
{
    struct frame_record *r = frame_record(frame);
    record_lower(r, FRAME_IN_FLIGHT);
    if (record_state(r) == FRAME_ORPHAN) {
        file_orphan_settle(frame);
        return;
    }
    counters()->file_out += !failed;
    if (failed)
        record_raise(r, FRAME_DIRTY);
    if (record_state(r) == FRAME_WRITING && failed) {
        place_show(frame);
        usage->soft_touched(frame);
    } else if (record_state(r) == FRAME_WRITING) {
        frame_set_state(frame, FRAME_MAPPED);
        file_page_drop(frame);
    }
}

static void out_send(struct out *out)
{
    out->call.label = FILE_OUT;
    out->call.words = FILE_OUT_WORDS * out->count;
    out->call.word = out->word;
    ipc_kernel_call(out->port, &out->call);
}

static void out_replied(struct kernel_call *call, err_t error, const uint32_t *word, uint32_t words)
{
    struct out *out = list_member(call, struct out, call);
    struct port *port = out->port;
    if (error != OK && !port->dead) { /* the server is gone: its successor is asked */
        out_send(out);
        return;
    }
    uint32_t failures = 0;
    for (uint32_t i = 0; i < out->count; i++) {
        bool failed = error != OK || i >= words || word[i] != OK;
        showing_end(&out->showing[i]);
        page_written(out->frame[i], failed);
        failures += failed;
    }
    out->port = NULL;
    port_release(port);
    work_raise(WORK_SUBMIT);
    memory_freed();
    file_room_changed(failures == out->count);
}

/* ---- sending ---- */

#define TOKEN_PLACES (FILE_OUTS * FILE_OUT_MAX)
_Static_assert(TOKEN_FILE_OUT % TOKEN_PLACES == 0, "a token's number is all below its first bit");

static uint32_t token_make(const struct out *out, uint32_t i)
{
    return TOKEN_FILE_OUT + out->generation * TOKEN_PLACES + (uint32_t)(out - outs) * FILE_OUT_MAX + i;
}

bool file_token_find(uint32_t token, struct token_page *found)
{
    struct out *out = &outs[token % TOKEN_PLACES / FILE_OUT_MAX];
    uint32_t i = token % FILE_OUT_MAX;
    *found = (struct token_page){out->frame[i], false, &out->showing[i]};
    return out->port && i < out->count && token == token_make(out, i);
}

static void page_add(struct out *out, frame_t frame)
{
    page_t page;
    const struct space *space = place_owner(frame, &page);
    uint32_t *word = &out->word[out->count * FILE_OUT_WORDS];
    record_raise(frame_record(frame), FRAME_IN_FLIGHT);
    out->frame[out->count] = frame;
    out->showing[out->count].in = NULL;
    word[0] = space->master ? space->master->id : space->id;
    word[1] = page_address(page);
    word[2] = token_make(out, out->count++);
}

/* Pages of one server. */
static void out_fill(struct out *out, struct port *port)
{
    static uint32_t last_generation;
    last_generation = (last_generation + 1) % (TOKEN_FILE_OUT / TOKEN_PLACES);
    out->generation = last_generation;
    out->count = 0;
    for (uint32_t i = 0; i < queued && out->count < FILE_OUT_MAX;) {
        frame_t frame = queue[i];
        if (port_of(frame) != port) {
            i++;
            continue;
        }
        queue_remove(i);
        page_add(out, frame);
    }
}

/* The first that somebody can be asked about; those of dead ports stay as they were. */
static struct port *port_next(void)
{
    while (queued) {
        struct port *port = port_of(queue[0]);
        if (port)
            return port;
        frame_remap(queue[0]);
    }
    return NULL;
}

void file_out_submit(void)
{
    for (uint32_t i = 0; i < FILE_OUTS; i++) {
        struct out *out = &outs[i];
        struct port *port = out->port ? NULL : port_next();
        if (!port)
            continue;
        out_fill(out, port);
        out->port = port;
        port->references++;
        out->call.replied = out_replied;
        counters()->file_writes++;
        out_send(out);
    }
}
