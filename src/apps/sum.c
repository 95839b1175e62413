/* sum: SHA-256 of files, through a mapping: no byte is copied on the way. */
#include "common/units.h"
#include <apteryx/file.h>
#include <apteryx/options.h>
#include <apteryx/print.h>
#include <apteryx/sha256.h>

#define FILES_MAX 32u
#define PIECE_BYTES 0x4000000u /* mapped at a time */

/* The bytes from `at` on, at most a piece of them. */
static err_t piece_add(const struct file *file, uint64_t at, uint32_t bytes, struct sha256 *sum)
{
    uintptr_t start = 0;
    uint32_t whole = pages_for(bytes) * PAGE_BYTES;
    TRY(file_map(file, (uint32_t)(at >> PAGE_SHIFT), whole, FILE_HOW_READ, &start));
    sha256_add(sum, (const void *)start, bytes);
    return file_unmap(start, whole);
}

static err_t sum_file(const char *path)
{
    struct file file;
    struct sha256 sum;
    uint8_t digest[SHA256_BYTES];
    err_t err = OK;
    TRY(file_open(path, FILE_MODE_READ, 0, &file));
    sha256_start(&sum);
    for (uint64_t at = 0; err == OK && at < file.size; at += PIECE_BYTES)
        err = piece_add(&file, at, file.size - at < PIECE_BYTES ? (uint32_t)(file.size - at) : PIECE_BYTES, &sum);
    err_t closed = file_close(&file, false, NULL);
    if (err != OK || closed != OK)
        return err != OK ? err : closed;
    sha256_end(&sum, digest);
    for (uint32_t i = 0; i < SHA256_BYTES; i++)
        print("%02x", digest[i]);
    print(" %s\n", path);
    return OK;
}

int main(int argc, char **argv)
{
    const char *path[FILES_MAX];
    uint32_t files = options_read(&(struct options){.usage = "sum FILE...",
                                                    .about = "SHA-256 of files, each read through a mapping.",
                                                    .words = path,
                                                    .words_max = FILES_MAX},
                                  argc, argv);
    if (files == 0)
        usage_error("sum", "which file?", "FILE");
    return files_each("sum", path, files, sum_file);
}
