/* Names and versions of files. */
#include "common/string.h"
#include "lib/file_inside.h"

static void status_take(const struct message *m, struct file_status *status)
{
    struct file_about about;
    memcpy(&about, m->word, sizeof(about));
    *status = (struct file_status){.kind = (enum file_kind)about.kind,
                                   .size = about.size_low | (uint64_t)about.size_high << 32,
                                   .newest = about.newest,
                                   .versions = about.versions,
                                   .keep = about.keep};
}

err_t file_status(const char *path, struct file_status *status)
{
    struct message m;
    TRY(file_ask_path(&m, FILE_STATUS, 0, path));
    status_take(&m, status);
    return OK;
}

err_t file_list(const char *path, const char *after, char name[FILE_PATH_MAX + 1], struct file_status *status)
{
    struct message m;
    uint32_t at = sizeof(struct file_about) / 4, end;
    TRY(file_put_text(&m, 0, path, &end));
    TRY(file_put_text(&m, end, after, &end));
    TRY(file_ask(&m, FILE_LIST, end));
    uint32_t room = m.words > at ? (m.words - at) * 4 : 0;
    if (room == 0 || room > FILE_PATH_MAX + 4)
        return ERR_RANGE;
    status_take(&m, status);
    memcpy(name, &m.word[at], room <= FILE_PATH_MAX ? room : FILE_PATH_MAX + 1);
    name[FILE_PATH_MAX] = '\0';
    return OK;
}

err_t file_versions(const char *path, uint32_t after, struct file_number versions[FILE_VERSIONS_A_MESSAGE],
                    uint32_t *count)
{
    struct message m;
    m.word[0] = after;
    TRY(file_ask_path(&m, FILE_VERSIONS, 1, path));
    *count = m.word[0] < FILE_VERSIONS_A_MESSAGE ? m.word[0] : FILE_VERSIONS_A_MESSAGE;
    for (uint32_t i = 0; i < *count; i++) {
        struct file_version one;
        memcpy(&one, &m.word[1 + i * sizeof(one) / 4], sizeof(one));
        versions[i] = (struct file_number){.number = one.number, .size = one.size_low | (uint64_t)one.size_high << 32};
    }
    return OK;
}

err_t file_keep(const char *path, uint32_t versions)
{
    struct message m;
    m.word[0] = versions;
    return file_ask_path(&m, FILE_KEEP, 1, path);
}

err_t file_remove(const char *path)
{
    struct message m;
    return file_ask_path(&m, FILE_REMOVE, 0, path);
}

err_t file_rename(const char *from, const char *to)
{
    struct message m;
    uint32_t end;
    TRY(file_put_text(&m, 0, from, &end));
    TRY(file_put_text(&m, end, to, &end));
    return file_ask(&m, FILE_RENAME, end);
}

err_t file_make_directory(const char *path)
{
    struct message m;
    return file_ask_path(&m, FILE_MAKE_DIRECTORY, 0, path);
}
