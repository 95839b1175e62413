/* Files and directories by their names. */
#include "common/string.h"
#include "files/inside.h"

err_t name_get(struct files_volume *v, const char *path, uint32_t kind, struct tree_record *record)
{
    TRY(path_check(path));
    if (path[0] == '\0') {
        *record = (struct tree_record){.value.name = {.kind = FILES_KIND_DIRECTORY, .keep = v->keep}};
    } else {
        struct tree_key key = key_of_path(path);
        TRY(tree_get(v, &key, record));
    }
    return kind == 0 || kind == record->value.name.kind ? OK : ERR_KIND;
}

err_t name_above(struct files_volume *v, const char *path, uint32_t *keep)
{
    char above[FILES_PATH_MAX + 1];
    struct tree_record record;
    TRY(path_check(path));
    uint32_t length = (uint32_t)strlen(path);
    memcpy(above, path, length + 1);
    while (length > 0 && above[length] != '/')
        length--;
    above[length] = '\0';
    TRY(name_get(v, above, FILES_KIND_DIRECTORY, &record));
    *keep = record.value.name.keep;
    return OK;
}

static err_t fill_entry(struct files_volume *v, const struct files_record_name *name, struct files_entry *entry)
{
    *entry = (struct files_entry){name->kind, name->id, name->keep, name->newest, name->versions, 0, 0};
    if (name->kind == FILES_KIND_DIRECTORY)
        return OK;
    struct files_record_version newest;
    TRY(version_get(v, name->id, name->newest, &newest));
    entry->size = newest.size;
    entry->time = newest.time;
    return OK;
}

err_t files_look(struct files_volume *v, const char *path, struct files_entry *entry)
{
    struct tree_record record;
    TRY(name_get(v, path, 0, &record));
    return fill_entry(v, &record.value.name, entry);
}

err_t files_list(struct files_volume *v, const char *path, const char *after, struct files_listed *listed)
{
    struct tree_record record;
    TRY(name_get(v, path, FILES_KIND_DIRECTORY, &record));
    struct tree_key key = key_of_directory(path), directory = key;
    TRY(key_append(&key, (const uint8_t *)after, (uint32_t)strlen(after)));
    TRY(tree_next(v, &key, &record));
    if (!key_begins(&record.key, &directory))
        return ERR_NO_ENTRY;
    uint32_t length = record.key.bytes - directory.bytes;
    memcpy(listed->name, record.key.byte + directory.bytes, length);
    listed->name[length] = '\0';
    return fill_entry(v, &record.value.name, &listed->entry);
}

static err_t make_directory(struct files_volume *v, const char *path)
{
    struct tree_record record = {.key = {.bytes = 0}};
    uint32_t keep;
    TRY(name_above(v, path, &keep));
    err_t there = name_get(v, path, 0, &record);
    if (there != ERR_NO_ENTRY)
        return there == OK ? ERR_BUSY : there;
    TRY(space_check(v, TREE_GROWTH));
    record.key = key_of_path(path);
    record.value.name = (struct files_record_name){.kind = FILES_KIND_DIRECTORY, .keep = keep};
    return tree_put(v, &record);
}

err_t files_make_directory(struct files_volume *v, const char *path)
{
    struct change change;
    TRY(change_begin(v, &change));
    return change_end(v, &change, make_directory(v, path));
}

static err_t remove_name(struct files_volume *v, const char *path)
{
    struct tree_record record, inside;
    TRY(name_get(v, path, 0, &record));
    if (record.value.name.kind == FILES_KIND_DIRECTORY) {
        struct tree_key directory = key_of_directory(path);
        err_t next = tree_next(v, &directory, &inside);
        if (path[0] == '\0' || (next == OK && key_begins(&inside.key, &directory)))
            return ERR_BUSY;
        if (next != OK && next != ERR_NO_ENTRY)
            return next;
    } else {
        TRY(versions_erase_all(v, record.value.name.id));
    }
    return tree_erase(v, &record.key);
}

err_t files_remove(struct files_volume *v, const char *path)
{
    struct change change;
    TRY(change_begin(v, &change));
    return change_end(v, &change, remove_name(v, path));
}

static err_t set_keep(struct files_volume *v, const char *path, uint32_t keep)
{
    struct tree_record record;
    TRY(name_get(v, path, 0, &record));
    record.value.name.keep = keep;
    if (path[0] != '\0')
        return record.value.name.kind == FILES_KIND_FILE ? versions_prune(v, &record) : tree_put(v, &record);
    v->keep = keep;
    return OK;
}

err_t files_keep(struct files_volume *v, const char *path, uint32_t keep)
{
    struct change change;
    TRY(change_begin(v, &change));
    return change_end(v, &change, set_keep(v, path, keep));
}
