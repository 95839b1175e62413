/* Programs run from their files: the kernel makes a process of the file's head, and the file server maps the file into it. The
 * mappings hold the version for as long as the process lives, whatever becomes of the file. */
#include "common/elf.h"
#include "common/string.h"
#include "lib/file_inside.h"
#include "lib/spawn_inside.h"
#include "lib/system_call.h"
#include <apteryx/ipc.h>

#define TRIES 64u /* file servers that may end meanwhile */

static err_t segment_map(const struct file *file, const struct program_segment *segment, handle_t child)
{
    uint32_t bytes = segment_file_pages(segment) * PAGE_BYTES;
    enum file_how how = segment->writable ? FILE_HOW_COPY : FILE_HOW_READ;
    return bytes != 0
               ? file_map_into(file, segment->offset / PAGE_BYTES, bytes, how, page_address(segment->first), child)
               : OK;
}

/* A process of the file's head, into which the file is mapped; it does not run yet. *child 0: none was made. */
static err_t child_make(const struct file *file, struct spawn *spawn, handle_t *child)
{
    uint8_t head[PAGE_BYTES];
    struct program program;
    if (file->size > UINT32_MAX)
        return ERR_KIND;
    TRY(file_read(file, 0, head, sizeof(head), &spawn->head_bytes));
    spawn->head = head;
    spawn->file_bytes = (uint32_t)file->size;
    TRY(elf_read(&(struct program_image){head, spawn->head_bytes, spawn->file_bytes}, &program));
    TRY(spawn_call(spawn, child));
    for (uint32_t i = 0; i < program.segments; i++)
        TRY(segment_map(file, &program.segment[i], *child));
    return OK;
}

static void child_abandon(handle_t child)
{
    (void)process_kill(child); /* it may have been killed already */
    (void)process_wait(child, NULL);
    (void)handle_close(child);
}

/* What is mapped stays when the file is closed. If that finds the file not open, another file server serves than the one
 * that knew the mappings: ERR_RETRY. */
static err_t file_run(const char *path, struct spawn *spawn, handle_t *child)
{
    struct file file;
    *child = 0;
    TRY(file_open(path, FILE_MODE_READ, 0, &file));
    err_t err = child_make(&file, spawn, child);
    if (file_close(&file, false, NULL) == ERR_HANDLE)
        err = ERR_RETRY;
    if (err == OK)
        err = system_call_plain(SYSCALL_process_start, *child, 0, 0, 0);
    if (err != OK && *child != 0)
        child_abandon(*child);
    return err;
}

/* What the process is called: the last part of the path, as far as there is room. */
static void name_choose(struct spawn *spawn)
{
    const char *last = file_last_part(spawn->name);
    spawn->name_bytes -= (uint32_t)(last - spawn->name);
    spawn->name = last;
    if (spawn->name_bytes >= PROCESS_NAME_BYTES)
        spawn->name_bytes = PROCESS_NAME_BYTES - 1;
}

err_t spawn_file(struct spawn *spawn, handle_t *child)
{
    const char *path = spawn->name;
    handle_t made;
    err_t err = ERR_RETRY;
    name_choose(spawn);
    for (uint32_t i = 0; err == ERR_RETRY && i < TRIES; i++)
        err = file_run(path, spawn, &made);
    if (err == OK)
        *child = made;
    return err;
}
