/* Another name for a file, or for a directory and all below it. Files keep their number, so that their versions stay
 * where they are; of a directory every name below it is moved. */
#include "common/string.h"
#include "files/inside.h"

static err_t move(struct files_volume *v, const struct tree_record *record, const struct tree_key *to)
{
    struct tree_record moved = *record;
    moved.key = *to;
    TRY(space_check(v, 0));
    TRY(tree_erase(v, &record->key));
    return tree_put(v, &moved);
}

/* Names at one depth below from's; *count: how many. */
static err_t move_depth(struct files_volume *v, const struct tree_key *from, const struct tree_key *to, uint32_t *count)
{
    for (*count = 0;; ++*count) {
        struct tree_record record;
        err_t next = tree_next(v, from, &record);
        if (next == ERR_NO_ENTRY || (next == OK && !key_begins(&record.key, from)))
            return OK;
        TRY(next);
        struct tree_key key = *to;
        TRY(key_append(&key, record.key.byte + from->bytes, record.key.bytes - from->bytes));
        TRY(move(v, &record, &key));
    }
}

static err_t move_inside(struct files_volume *v, const char *from, const char *to)
{
    struct tree_key old = key_of_directory(from), new = key_of_directory(to);
    for (uint32_t count = 1; count != 0; old.byte[0]++, new.byte[0]++)
        TRY(move_depth(v, &old, &new, &count));
    return OK;
}

static bool is_below(const char *path, const char *directory)
{
    size_t length = strlen(directory);
    return strlen(path) > length && memcmp(path, directory, length) == 0 && path[length] == '/';
}

static err_t make_room(struct files_volume *v, const char *to, uint32_t kind)
{
    struct tree_record there;
    err_t got = name_get(v, to, 0, &there);
    if (got != OK)
        return got == ERR_NO_ENTRY ? OK : got;
    if (there.value.name.kind == FILES_KIND_DIRECTORY)
        return ERR_BUSY;
    if (kind == FILES_KIND_DIRECTORY)
        return ERR_KIND;
    return versions_erase_all(v, there.value.name.id);
}

static err_t rename_checked(struct files_volume *v, const char *from, const char *to)
{
    struct tree_record record;
    uint32_t keep;
    TRY(path_check(to));
    TRY(name_get(v, from, 0, &record));
    if (strcmp(from, to) == 0)
        return OK;
    uint32_t kind = record.value.name.kind;
    if (from[0] == '\0' || (kind == FILES_KIND_DIRECTORY && is_below(to, from)))
        return ERR_KIND;
    TRY(name_above(v, to, &keep));
    TRY(make_room(v, to, kind));
    TRY(space_check(v, TREE_GROWTH));
    struct tree_key key = key_of_path(to);
    TRY(move(v, &record, &key));
    return kind == FILES_KIND_DIRECTORY ? move_inside(v, from, to) : OK;
}

err_t files_rename(struct files_volume *v, const char *from, const char *to)
{
    struct change change;
    TRY(change_begin(v, &change));
    return change_end(v, &change, rename_checked(v, from, to));
}
