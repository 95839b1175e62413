/* cp: a copy of a file's newest version, as a new version of another file; whole or not at all. Both are mapped. */
#include "common/units.h"
#include <apteryx/file.h>
#include <apteryx/options.h>
#include <apteryx/print.h>
#include <apteryx/string.h>

#define PIECE_BYTES 0x100000u /* mapped at a time */

static uint32_t version;

static err_t piece_copy(const struct file *from, const struct file *to, uint64_t at, uint32_t bytes)
{
    uintptr_t source = 0, target = 0;
    uint32_t page = (uint32_t)(at >> PAGE_SHIFT), whole = pages_for(bytes) * PAGE_BYTES;
    TRY(file_map(from, page, whole, FILE_HOW_READ, &source));
    err_t err = file_map(to, page, whole, FILE_HOW_WRITE, &target);
    if (err == OK) {
        memcpy((void *)target, (const void *)source, bytes);
        err = file_unmap(target, whole);
    }
    err_t unmapped = file_unmap(source, whole);
    return err != OK ? err : unmapped;
}

static err_t content_copy(const struct file *from, struct file *to)
{
    TRY(file_set_size(to, 0));
    TRY(file_set_size(to, from->size));
    for (uint64_t at = 0; at < from->size; at += PIECE_BYTES)
        TRY(piece_copy(from, to, at, from->size - at < PIECE_BYTES ? (uint32_t)(from->size - at) : PIECE_BYTES));
    return OK;
}

static err_t copy(const char *from_path, const char *to_path)
{
    struct file from, to;
    TRY(file_open(from_path, FILE_MODE_READ, version, &from));
    err_t err = file_open(to_path, FILE_MODE_WRITE, 0, &to);
    if (err == OK) {
        err = content_copy(&from, &to);
        err_t closed = file_close(&to, err == OK, NULL);
        err = err != OK ? err : closed;
    }
    err_t closed = file_close(&from, false, NULL);
    return err != OK ? err : closed;
}

int main(int argc, char **argv)
{
    static char path[FILE_PATH_MAX + 1];
    const char *word[2];
    const struct option option[] = {
        {"--version", OPTION_NUMBER, {.number = &version}, "that version of FROM, not the newest"}};
    uint32_t words = options_read(&(struct options){.usage = "cp [--version N] FROM TO",
                                                    .about = "Publishes a copy of FROM as a version of TO.",
                                                    .option = option,
                                                    .count = 1,
                                                    .words = word,
                                                    .words_max = 2},
                                  argc, argv);
    if (words < 2)
        usage_error("cp", "from where to where?", "FROM TO");
    err_t err = file_target(word[0], word[1], path);
    if (err == OK)
        err = copy(word[0], path);
    return err == OK ? 0 : file_say_two("cp", word[0], word[1], err);
}
