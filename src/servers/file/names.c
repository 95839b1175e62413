#include "servers/file/names.h"
#include "common/string.h"

err_t names_volume(const struct path *path, struct volume **volume)
{
    *volume = volume_named(path->name);
    return *volume != NULL ? OK : ERR_NO_ENTRY;
}

static err_t volume_path(const struct message *m, uint32_t *at, struct path *path, struct volume **volume)
{
    TRY(request_path(m, at, path));
    return names_volume(path, volume);
}

static void about_put(struct message *m, const struct file_about *about)
{
    memcpy(m->word, about, sizeof(*about));
    m->words = sizeof(*about) / 4;
}

static void root_put(struct message *m) { about_put(m, &(struct file_about){.kind = FILE_KIND_DIRECTORY}); }

static err_t status(struct message *m)
{
    struct path path;
    struct volume *volume;
    struct file_about about;
    uint32_t at = 0;
    TRY(request_path(m, &at, &path));
    if (path.name[0] == '\0') {
        root_put(m);
        return OK;
    }
    TRY(names_volume(&path, &volume));
    TRY(volume->kind->look(volume, path.rest, &about));
    about_put(m, &about);
    return OK;
}

/* The file systems, as a directory of directories. */
static err_t list_root(struct message *m, const char *after)
{
    const struct volume *next = volume_after(after);
    if (next == NULL)
        return ERR_NO_ENTRY;
    root_put(m);
    request_put_text(m, &m->words, next->name);
    return OK;
}

static err_t list(struct message *m)
{
    struct path path;
    struct volume *volume;
    struct file_about about;
    static char after[FILE_PATH_MAX + 1], name[FILE_PATH_MAX + 1];
    uint32_t at = 0;
    TRY(request_path(m, &at, &path));
    TRY(request_text(m, &at, after));
    if (path.name[0] == '\0')
        return list_root(m, after);
    TRY(names_volume(&path, &volume));
    TRY(volume->kind->list(volume, path.rest, after, name, &about));
    about_put(m, &about);
    request_put_text(m, &m->words, name);
    return OK;
}

static err_t versions(struct message *m)
{
    struct path path;
    struct volume *volume;
    struct file_version found[FILE_VERSIONS_A_MESSAGE];
    uint32_t at = 1, count = 0;
    TRY(volume_path(m, &at, &path, &volume));
    TRY(volume->kind->versions(volume, path.rest, m->word[0], found, FILE_VERSIONS_A_MESSAGE, &count));
    m->word[0] = count;
    memcpy(&m->word[1], found, count * sizeof(found[0]));
    m->words = 1 + count * (uint32_t)sizeof(found[0]) / 4;
    return OK;
}

/* The path of something that is to be changed. */
static err_t writable_path(const struct message *m, uint32_t *at, struct path *path, struct volume **volume)
{
    TRY(volume_path(m, at, path, volume));
    return (*volume)->files != NULL ? OK : ERR_RIGHTS;
}

/* A change of names is on the disk when it is answered. */
static err_t changed(struct message *m, struct volume *volume, err_t err)
{
    m->words = 0;
    return err == OK ? files_commit(volume->files) : err;
}

static err_t keep(struct message *m)
{
    struct path path;
    struct volume *volume;
    uint32_t at = 1;
    TRY(writable_path(m, &at, &path, &volume));
    return changed(m, volume, files_keep(volume->files, path.rest, m->word[0]));
}

static err_t change(struct message *m, err_t (*what)(struct files_volume *volume, const char *path))
{
    struct path path;
    struct volume *volume;
    uint32_t at = 0;
    TRY(writable_path(m, &at, &path, &volume));
    return changed(m, volume, what(volume->files, path.rest));
}

static err_t rename(struct message *m)
{
    struct path from, to;
    struct volume *volume, *there;
    uint32_t at = 0;
    TRY(writable_path(m, &at, &from, &volume));
    TRY(writable_path(m, &at, &to, &there));
    if (volume != there)
        return ERR_KIND;
    return changed(m, volume, files_rename(volume->files, from.rest, to.rest));
}

err_t names_serve(struct message *m)
{
    switch (m->label) {
    case FILE_STATUS:
        return status(m);
    case FILE_LIST:
        return list(m);
    case FILE_VERSIONS:
        return versions(m);
    case FILE_KEEP:
        return keep(m);
    case FILE_REMOVE:
        return change(m, files_remove);
    case FILE_RENAME:
        return rename(m);
    case FILE_MAKE_DIRECTORY:
        return change(m, files_make_directory);
    default:
        return ERR_RANGE;
    }
}
