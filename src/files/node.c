/* Records in a node (files/node.h). A node is one block: a header, records in the order of their keys, zeros. */
#include "files/node.h"
#include "common/assert.h"

int key_compare(const void *a, uint32_t a_bytes, const void *b, uint32_t b_bytes)
{
    int difference = memcmp(a, b, a_bytes < b_bytes ? a_bytes : b_bytes);
    return difference != 0 ? difference : (a_bytes > b_bytes) - (a_bytes < b_bytes);
}

/* ---- what is lawful ---- */

static bool name_sane(const struct node_record *record)
{
    struct files_record_name name;
    if (record->value_bytes != sizeof name || record->key_bytes < 2)
        return false;
    memcpy(&name, record->value, sizeof name);
    char path[FILES_PATH_MAX + 1];
    memcpy(path, record->key + 1, record->key_bytes - 1);
    path[record->key_bytes - 1] = '\0';
    if (strlen(path) + 1 != record->key_bytes || path_check(path) != OK || path_depth(path) != record->key[0])
        return false;
    bool directory = name.id == 0 && name.newest == 0 && name.versions == 0;
    bool file = name.id != 0 && name.versions != 0 && name.versions <= name.newest;
    return name.kind == FILES_KIND_DIRECTORY ? directory : name.kind == FILES_KIND_FILE && file;
}

static bool version_sane(const struct node_record *record)
{
    struct files_record_version version;
    if (record->key_bytes != FILES_KEY_VERSION_BYTES || record->value_bytes != sizeof version)
        return false;
    memcpy(&version, record->value, sizeof version);
    uint64_t pages = files_pages(version.size);
    return pages <= FILES_PAGES_MAX && (pages != 0 || version.root.block == 0);
}

static bool record_sane(const struct node_record *record, uint32_t level, bool first)
{
    if (level > 0)
        return record->value_bytes == sizeof(struct files_pointer) && (record->key_bytes == 0) == first;
    if (record->key_bytes == 0)
        return false;
    return record->key[0] == FILES_KEY_VERSION ? version_sane(record) : name_sane(record);
}

bool node_sane(const void *node, uint32_t level)
{
    struct files_node header = node_header(node);
    if (header.level != level || header.count == 0 || header.reserved != 0 || header.bytes > FILES_BLOCK_BYTES)
        return false;
    struct node_record record, before = {.key = NULL};
    uint32_t offset = node_first(node);
    for (uint32_t i = 0; i < header.count; i++, offset = record.end, before = record) {
        if (offset + sizeof(struct files_record) > header.bytes)
            return false;
        record = node_record(node, offset);
        if (record.end > header.bytes || record.key_bytes > FILES_KEY_MAX || !record_sane(&record, level, i == 0))
            return false;
        if (i > 0 && key_compare(before.key, before.key_bytes, record.key, record.key_bytes) >= 0)
            return false;
    }
    return offset == header.bytes;
}

/* ---- searching ---- */

uint32_t node_find(const void *node, const struct tree_key *key)
{
    uint32_t offset = node_first(node);
    while (offset < node_end(node)) {
        struct node_record record = node_record(node, offset);
        if (key_compare(record.key, record.key_bytes, key->byte, key->bytes) >= 0)
            break;
        offset = record.end;
    }
    return offset;
}

uint32_t node_child(const void *node, const struct tree_key *key)
{
    uint32_t child = node_first(node);
    for (uint32_t offset = child; offset < node_end(node);) {
        struct node_record record = node_record(node, offset);
        if (key_compare(record.key, record.key_bytes, key->byte, key->bytes) > 0)
            break;
        child = offset;
        offset = record.end;
    }
    return child;
}

uint32_t node_before(const void *node, uint32_t offset)
{
    uint32_t before = node_first(node);
    assert(before < offset);
    for (uint32_t end = node_record(node, before).end; end != offset; end = node_record(node, before).end)
        before = end;
    return before;
}

/* ---- changing ---- */

static void set_header(void *edit, uint32_t level, uint32_t count, uint32_t bytes)
{
    struct files_node header = {(uint16_t)level, (uint16_t)count, (uint16_t)bytes, 0};
    memcpy(edit, &header, sizeof header);
}

void node_new(void *edit, uint32_t level) { set_header(edit, level, 0, sizeof(struct files_node)); }

void node_insert(void *edit, uint32_t offset, const struct node_record *record)
{
    struct files_record header = {(uint16_t)record->key_bytes, (uint16_t)record->value_bytes};
    uint32_t more = (uint32_t)sizeof header + record->key_bytes + record->value_bytes, end = node_end(edit);
    assert(end + more <= 2 * FILES_BLOCK_BYTES);
    uint8_t *at = (uint8_t *)edit + offset;
    memmove(at + more, at, end - offset);
    memcpy(at, &header, sizeof header);
    memcpy(at + sizeof header, record->key, record->key_bytes);
    memcpy(at + sizeof header + record->key_bytes, record->value, record->value_bytes);
    set_header(edit, node_header(edit).level, node_count(edit) + 1, end + more);
}

void node_erase(void *edit, uint32_t offset)
{
    uint32_t after = node_record(edit, offset).end, end = node_end(edit);
    memmove((uint8_t *)edit + offset, (uint8_t *)edit + after, end - after);
    set_header(edit, node_header(edit).level, node_count(edit) - 1, end - (after - offset));
}

void node_drop_first_key(void *edit)
{
    struct node_record first = node_record(edit, node_first(edit));
    struct files_pointer pointer = node_pointer(&first);
    node_erase(edit, node_first(edit));
    node_insert(edit, node_first(edit),
                &(struct node_record){.key = first.key, .value = (uint8_t *)&pointer, .value_bytes = sizeof pointer});
}

void node_set_pointer(void *edit, uint32_t offset, struct files_pointer pointer)
{
    struct node_record record = node_record(edit, offset);
    memcpy((uint8_t *)edit + (record.value - (uint8_t *)edit), &pointer, sizeof pointer);
}

/* Half and half; but where records come in their order, all but the new one stay, so that nodes are full. */
void node_split(void *edit, uint32_t changed, void *right)
{
    uint32_t end = node_end(edit), cut = node_first(edit), left = 0;
    bool at_end = node_record(edit, changed).end == end;
    while (at_end ? cut < changed : cut < end / 2) {
        cut = node_record(edit, cut).end;
        left++;
    }
    uint32_t level = node_header(edit).level, moved = node_count(edit) - left, first = node_first(right);
    assert(left > 0 && moved > 0 && first + (end - cut) <= FILES_BLOCK_BYTES);
    memcpy((uint8_t *)right + first, (uint8_t *)edit + cut, end - cut);
    set_header(right, level, moved, first + (end - cut));
    set_header(edit, level, left, cut);
}

void node_append(void *edit, const void *right, const struct node_record *key)
{
    for (uint32_t offset = node_first(right); offset < node_end(right);) {
        struct node_record record = node_record(right, offset);
        offset = record.end;
        if (record.key_bytes == 0) {
            record.key = key->key;
            record.key_bytes = key->key_bytes;
        }
        node_insert(edit, node_end(edit), &record);
    }
}
