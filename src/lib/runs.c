/* vm_query and space_query. One call of the kernel looks at a bounded number of entries; these go on until the range is
 * told or the room is full, and join what the bound has parted. */
#include "abi/layout.h"
#include "common/string.h"
#include "lib/system_call.h"
#include <apteryx/machine.h>
#include <apteryx/vm.h>

struct runs_question {
    enum syscall call;
    uint32_t pid; /* space_query only */
    uintptr_t at, end;
};

static err_t runs_ask(const struct runs_question *q, struct vm_run *runs, uint32_t room, uint32_t *count)
{
    if (q->call == SYSCALL_space_query)
        return system_call_result(q->call, (struct gate){q->pid, q->at, (uintptr_t)runs, room}, count);
    return system_call_result(q->call, (struct gate){q->at, q->end - q->at, (uintptr_t)runs, room}, count);
}

/* The first of the new runs goes on with the last of the old ones: they become one. */
static uint32_t runs_join(struct vm_run *last, struct vm_run *more, uint32_t count)
{
    if (last->kind != more->kind || last->at_directory != more->at_directory)
        return count;
    last->bytes += more->bytes;
    memmove(more, more + 1, (count - 1) * sizeof *more);
    return count - 1;
}

static err_t runs_gather(struct runs_question q, struct vm_run *runs, uint32_t room, uint32_t *count)
{
    struct vm_run next = {.kind = VM_NONE}; /* when there is no room: does the last run go on? */
    uint32_t filled = 0, got;
    do {
        bool full = filled == room && room > 0;
        struct vm_run *to = full ? &next : &runs[filled];
        TRY(runs_ask(&q, to, full ? 1 : room - filled, &got));
        if (got == 0)
            break;
        q.at = to[got - 1].start + to[got - 1].bytes;
        if (filled > 0)
            got = runs_join(&runs[filled - 1], to, got);
        if (full && got > 0)
            break;
        filled += got;
    } while (q.at < q.end);
    *count = filled;
    return OK;
}

err_t vm_query(uintptr_t start, uint32_t bytes, struct vm_run *runs, uint32_t room, uint32_t *count)
{
    return runs_gather((struct runs_question){SYSCALL_vm_query, 0, start, start + bytes}, runs, room, count);
}

err_t space_query(uint32_t pid, uintptr_t start, struct vm_run *runs, uint32_t room, uint32_t *count)
{
    return runs_gather((struct runs_question){SYSCALL_space_query, pid, start, KERNEL_SPACE}, runs, room, count);
}
