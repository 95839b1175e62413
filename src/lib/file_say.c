/* What commands say of files, and where they put them. */
#include "common/string.h"
#include <apteryx/file.h>
#include <apteryx/print.h>

#define STATUS_WRONG 1
#define STATUS_USAGE 2
#define STATUS_REFUSED 3

static const struct {
    const char *words;
    int status;
} errors[ERR_COUNT] = {
    [ERR_NO_ENTRY] = {"no such file, directory or version", STATUS_WRONG},
    [ERR_KIND] = {"not possible with that kind of file", STATUS_WRONG},
    [ERR_RIGHTS] = {"it can only be read", STATUS_WRONG},
    [ERR_BUSY] = {"it is there already, in use, or not empty", STATUS_WRONG},
    [ERR_IO] = {"the disk failed, or was changed", STATUS_WRONG},
    [ERR_HANDLE] = {"the file server was started again", STATUS_WRONG},
    [ERR_RANGE] = {"not a path such as /disk/NAME, or not to be read", STATUS_USAGE},
    [ERR_TOO_LONG] = {"the path is too long", STATUS_USAGE},
    [ERR_COMMIT] = {"the disk is full", STATUS_REFUSED},
    [ERR_LIMIT] = {"too much is open or mapped", STATUS_REFUSED},
    [ERR_MEMORY] = {"no memory", STATUS_REFUSED},
};

static int error_say(err_t err)
{
    const char *words = (uint32_t)err < ERR_COUNT ? errors[err].words : NULL;
    print("%s%s%s\n", err_name(err), words != NULL ? ": " : "", words != NULL ? words : "");
    return words != NULL ? errors[err].status : STATUS_WRONG;
}

int file_say(const char *program, const char *what, err_t err)
{
    print("%s: %s: ", program, what);
    return error_say(err);
}

int file_say_two(const char *program, const char *from, const char *to, err_t err)
{
    print("%s: %s to %s: ", program, from, to);
    return error_say(err);
}

int files_each(const char *program, const char *const *paths, uint32_t count, err_t (*one)(const char *path))
{
    int worst = 0;
    for (uint32_t i = 0; i < count; i++) {
        err_t err = one(paths[i]);
        int status = err != OK ? file_say(program, paths[i], err) : 0;
        worst = status > worst ? status : worst;
    }
    return worst;
}

err_t file_target(const char *from, const char *to, char path[FILE_PATH_MAX + 1])
{
    struct file_status status;
    const char *last = file_last_part(from);
    uint32_t bytes = (uint32_t)strlen(to);
    bool inside = file_status(to, &status) == OK && status.kind == FILE_KIND_DIRECTORY;
    uint32_t name = inside ? (uint32_t)strlen(last) + 1 : 0;
    if (bytes + name > FILE_PATH_MAX)
        return ERR_TOO_LONG;
    memcpy(path, to, bytes + 1);
    if (inside) {
        path[bytes] = '/';
        memcpy(path + bytes + 1, last, name);
    }
    return OK;
}
