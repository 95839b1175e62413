/* cat: files' contents, to where print goes. */
#include <apteryx/file.h>
#include <apteryx/options.h>
#include <apteryx/print.h>

#define FILES_MAX 32u
#define PIECE_BYTES 4096u

static uint32_t version;

static err_t show(const char *path)
{
    static char piece[PIECE_BYTES];
    struct file file;
    uint32_t got = PIECE_BYTES;
    err_t err = OK;
    TRY(file_open(path, FILE_MODE_READ, version, &file));
    for (uint64_t at = 0; err == OK && got == PIECE_BYTES; at += got) {
        err = file_read(&file, at, piece, PIECE_BYTES, &got);
        print_bytes(piece, got);
    }
    err_t closed = file_close(&file, false, NULL);
    return err != OK ? err : closed;
}

int main(int argc, char **argv)
{
    const char *path[FILES_MAX];
    const struct option option[] = {{"--version", OPTION_NUMBER, {.number = &version}, "that version, not the newest"}};
    uint32_t files = options_read(&(struct options){.usage = "cat [--version N] FILE...",
                                                    .about = "Prints files.",
                                                    .option = option,
                                                    .count = 1,
                                                    .words = path,
                                                    .words_max = FILES_MAX},
                                  argc, argv);
    if (files == 0)
        usage_error("cat", "what?", "FILE");
    return files_each("cat", path, files, show);
}
