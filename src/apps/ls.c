/* ls: what is in a directory, or what a file is: size of the newest version, and name. */
#include <apteryx/file.h>
#include <apteryx/options.h>
#include <apteryx/print.h>
#include <apteryx/string.h>

static void line(const struct file_status *status, const char *name)
{
    print("%12llu %s%s\n", (unsigned long long)status->size, name, status->kind == FILE_KIND_DIRECTORY ? "/" : "");
}

static err_t list(const char *path)
{
    static char name[FILE_PATH_MAX + 1], after[FILE_PATH_MAX + 1];
    struct file_status status;
    TRY(file_status(path, &status));
    if (status.kind != FILE_KIND_DIRECTORY) {
        line(&status, path);
        return OK;
    }
    err_t err;
    while ((err = file_list(path, after, name, &status)) == OK) {
        line(&status, name);
        memcpy(after, name, sizeof(after));
    }
    return err == ERR_NO_ENTRY ? OK : err;
}

int main(int argc, char **argv)
{
    const char *path = "/";
    (void)options_read(
        &(struct options){.usage = "ls [PATH]",
                          .about = "The names in a directory, with the sizes of files. / has the file systems.",
                          .words = &path,
                          .words_max = 1},
        argc, argv);
    err_t err = list(path);
    return err == OK ? 0 : file_say("ls", path, err);
}
