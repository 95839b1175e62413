/* Programs run from their files: the kernel makes a process of the file's head, and the file server maps the file into it. The
 * mappings hold the version for as long as the process lives, whatever becomes of the file. */
#include "common/elf.h"
#include "common/string.h"
#include "lib/file_inside.h"
#include "lib/spawn_inside.h"
#include "lib/system_call.h"
#include <apteryx/ipc.h>

static err_t segment_map(const struct file *file, const struct program_segment *segment, handle_t child)
{
    uint32_t bytes = segment_file_pages(segment) * PAGE_BYTES;
    enum file_how how = segment->writable ? FILE_HOW_COPY : FILE_HOW_READ;
    return bytes != 0
               ? file_map_into(file, segment->offset / PAGE_BYTES, bytes, how, page_address(segment->first), child)
               : OK;
}

static err_t child_start(const struct file *file, const struct program *program, handle_t child)
{
    for (uint32_t i = 0; i < program->segments; i++)
        TRY(segment_map(file, &program->segment[i], child));
    return system_call_plain(SYSCALL_process_start, child, 0, 0, 0);
}

static err_t file_run(const struct file *file, struct spawn *spawn, handle_t *child)
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
    err_t err = child_start(file, &program, *child);
    if (err == OK)
        return OK;
    (void)process_kill(*child); /* it may have been killed already */
    (void)process_wait(*child, NULL);
    (void)handle_close(*child);
    return err;
}

/* What the process is called: the last part of the path, as far as there is room. */
static void name_choose(struct spawn *spawn)
{
    for (uint32_t i = spawn->name_bytes; i > 0; i--)
        if (spawn->name[i - 1] == '/') {
            spawn->name += i;
            spawn->name_bytes -= i;
            break;
        }
    if (spawn->name_bytes >= PROCESS_NAME_BYTES)
        spawn->name_bytes = PROCESS_NAME_BYTES - 1;
}

err_t spawn_file(struct spawn *spawn, handle_t *child)
{
    struct file file;
    TRY(file_open(spawn->name, FILE_MODE_READ, 0, &file));
    name_choose(spawn);
    err_t err = file_run(&file, spawn, child);
    (void)file_close(&file, false, NULL); /* what is mapped stays */
    return err;
}
