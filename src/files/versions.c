/* The versions of a file: records under its number, one behind the other. */
#include "files/inside.h"

err_t version_get(struct files_volume *v, uint32_t id, uint32_t number, struct files_record_version *version)
{
    struct tree_key key = key_of_version(id, number);
    struct tree_record record;
    TRY(tree_get(v, &key, &record));
    *version = record.value.version;
    return OK;
}

/* The next version behind a key. => ERR_NO_ENTRY */
static err_t next_version(struct files_volume *v, uint32_t id, const struct tree_key *behind,
                          struct tree_record *record)
{
    TRY(tree_next(v, behind, record));
    return key_is_version(&record->key, id) ? OK : ERR_NO_ENTRY;
}

static bool is_open(const struct files_volume *v, uint32_t id, uint32_t number)
{
    for (const struct files_version *open = v->open; open != NULL; open = open->next)
        if (!open->unfinished && open->id == id && open->number == number)
            return true;
    return false;
}

err_t versions_prune(struct files_volume *v, struct tree_record *name)
{
    struct files_record_name *file = &name->value.name;
    uint32_t excess = file->keep != 0 && file->versions > file->keep ? file->versions - file->keep : 0;
    struct tree_key key = key_of_version(file->id, 0);
    for (; excess > 0; excess--) {
        struct tree_record record;
        err_t next = next_version(v, file->id, &key, &record);
        if (next != OK)
            return next == ERR_NO_ENTRY ? ERR_IO : next; /* the name promised more */
        key = record.key;
        if (is_open(v, file->id, key_number(&key)))
            continue;
        TRY(tree_erase(v, &key));
        file->versions--;
    }
    return tree_put(v, name);
}

err_t versions_erase_all(struct files_volume *v, uint32_t id)
{
    struct tree_key first = key_of_version(id, 0);
    struct tree_record record;
    err_t next;
    while ((next = next_version(v, id, &first, &record)) == OK)
        TRY(tree_erase(v, &record.key));
    return next == ERR_NO_ENTRY ? OK : next;
}

err_t files_prune(struct files_volume *v, const char *path)
{
    struct tree_record name;
    struct change change;
    TRY(name_get(v, path, FILES_KIND_FILE, &name));
    if (name.value.name.keep == 0 || name.value.name.versions <= name.value.name.keep)
        return OK;
    TRY(change_begin(v, &change));
    return change_end(v, &change, versions_prune(v, &name));
}

err_t files_versions(struct files_volume *v, const char *path, uint32_t after, struct files_published *versions,
                     uint32_t room, uint32_t *count)
{
    struct tree_record name, record;
    TRY(name_get(v, path, FILES_KIND_FILE, &name));
    uint32_t id = name.value.name.id;
    record.key = key_of_version(id, after);
    for (*count = 0; *count < room; ++*count) {
        struct tree_key behind = record.key;
        err_t next = next_version(v, id, &behind, &record);
        if (next != OK)
            return next == ERR_NO_ENTRY ? OK : next;
        versions[*count] =
            (struct files_published){key_number(&record.key), record.value.version.size, record.value.version.time};
    }
    return OK;
}
