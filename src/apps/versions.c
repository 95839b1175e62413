/* versions: the versions of a file, oldest first, and how many are kept. */
#include <apteryx/file.h>
#include <apteryx/options.h>
#include <apteryx/print.h>

#define KEEP_UNASKED 0xFFFFFFFFu

static err_t list(const char *path, uint32_t *count)
{
    static struct file_number versions[FILE_VERSIONS_A_MESSAGE];
    uint32_t after = 0, n;
    do {
        TRY(file_versions(path, after, versions, &n));
        for (uint32_t i = 0; i < n; i++) {
            after = versions[i].number;
            print("%6u %12llu\n", after, (unsigned long long)versions[i].size);
        }
        *count += n;
    } while (n > 0);
    return OK;
}

int main(int argc, char **argv)
{
    const char *path;
    uint32_t keep = KEEP_UNASKED, count = 0;
    const struct option option[] = {{"--keep",
                                     OPTION_NUMBER,
                                     {.number = &keep},
                                     "from now on keep the newest N, 0: all; of a directory: what is made in it"}};
    uint32_t words = options_read(&(struct options){.usage = "versions [--keep N] PATH",
                                                    .about = "The versions of a file: number and size.",
                                                    .option = option,
                                                    .count = 1,
                                                    .words = &path,
                                                    .words_max = 1},
                                  argc, argv);
    if (words == 0)
        usage_error("versions", "of what?", "PATH");
    struct file_status status;
    err_t err = keep != KEEP_UNASKED ? file_keep(path, keep) : OK;
    if (err == OK)
        err = file_status(path, &status);
    if (err == OK && status.kind == FILE_KIND_FILE)
        err = list(path, &count);
    if (err != OK)
        return file_say("versions", path, err);
    result("versions", "versions=%u newest=%u keep=%u", count, status.newest, status.keep);
    return 0;
}
