/* The invariant checker's part that knows FILE pages. */
#include "kernel/pager/check.h"
#include "kernel/pager/file.h"

bool file_record_agrees(const struct frame_record *r, enum frame_state state)
{
    enum frame_becomes becomes = record_becomes(r);
    return record_state(r) == state && !record_has_block(r) &&
           (becomes == BECOMES_FILE || becomes == BECOMES_FILE_PRIVATE);
}

void file_check(struct tally *t)
{
    uint32_t privates = 0, held = 0;
    for (uint32_t n = 0; n < frame_end(); n++) {
        const struct frame_record *r = frame_record((frame_t){n});
        bool in_use = record_state(r) == FRAME_MAPPED || record_state(r) == FRAME_WRITING;
        privates += in_use && record_becomes(r) == BECOMES_FILE_PRIVATE;
        held += record_has(r, FRAME_HELD);
    }
    if (privates != counters()->file_private && ++t->report->errors)
        log_print("check: %u records are of private pages of files, %u are counted\n", privates,
                  counters()->file_private);
    if (held != holds_count() && ++t->report->errors)
        log_print("check: %u records say that they are held, %u pages are\n", held, holds_count());
}
