/* Paths, and the keys of records. A name's key is its depth and its path, so that all that is in one directory, and
 * nothing else, lies between two keys. */
#include "common/string.h"
#include "files/inside.h"

#define BYTE_BITS 8u
#define NUMBER_BYTES 4u

static bool name_good(const char *name, uint32_t bytes)
{
    bool dots = name[0] == '.' && (bytes == 1 || (bytes == 2 && name[1] == '.'));
    return bytes > 0 && !dots;
}

err_t path_check(const char *path)
{
    if (strlen(path) > FILES_PATH_MAX)
        return ERR_TOO_LONG;
    if (path[0] == '\0')
        return OK;
    for (const char *name = path, *at = path;; at++) {
        if (*at != '/' && *at != '\0')
            continue;
        if (!name_good(name, (uint32_t)(at - name)))
            return ERR_RANGE;
        if (*at == '\0')
            return OK;
        name = at + 1;
    }
}

uint32_t path_depth(const char *path)
{
    uint32_t depth = 0;
    for (; *path != '\0'; path++)
        depth += *path == '/';
    return depth;
}

struct tree_key key_of_path(const char *path)
{
    struct tree_key key = {.byte = {(uint8_t)path_depth(path)}, .bytes = 1 + (uint32_t)strlen(path)};
    memcpy(key.byte + 1, path, key.bytes - 1);
    return key;
}

struct tree_key key_of_directory(const char *path)
{
    if (path[0] == '\0')
        return (struct tree_key){.byte = {0}, .bytes = 1};
    struct tree_key key = key_of_path(path);
    key.byte[0]++;
    if (key.bytes < FILES_KEY_MAX) /* else nothing can be in it: no key is longer than this one */
        key.byte[key.bytes++] = '/';
    return key;
}

bool key_begins(const struct tree_key *key, const struct tree_key *with)
{
    return key->bytes > with->bytes && memcmp(key->byte, with->byte, with->bytes) == 0;
}

err_t key_append(struct tree_key *key, const uint8_t *bytes, uint32_t count)
{
    if (count > FILES_KEY_MAX - key->bytes)
        return ERR_TOO_LONG;
    memcpy(key->byte + key->bytes, bytes, count);
    key->bytes += count;
    return OK;
}

static void put_number(uint8_t *at, uint32_t number)
{
    for (uint32_t i = NUMBER_BYTES; i-- > 0; number >>= BYTE_BITS)
        at[i] = (uint8_t)number;
}

struct tree_key key_of_version(uint32_t id, uint32_t number)
{
    struct tree_key key = {.byte = {FILES_KEY_VERSION}, .bytes = FILES_KEY_VERSION_BYTES};
    put_number(key.byte + 1, id);
    put_number(key.byte + 1 + NUMBER_BYTES, number);
    return key;
}

bool key_is_version(const struct tree_key *key, uint32_t id)
{
    struct tree_key first = key_of_version(id, 0);
    return key->bytes == FILES_KEY_VERSION_BYTES && memcmp(key->byte, first.byte, 1 + NUMBER_BYTES) == 0;
}

uint32_t key_number(const struct tree_key *key)
{
    uint32_t number = 0;
    for (uint32_t i = 1 + NUMBER_BYTES; i < FILES_KEY_VERSION_BYTES; i++)
        number = number << BYTE_BITS | key->byte[i];
    return number;
}
