#include "servers/file/request.h"
#include "common/string.h"

err_t request_text(const struct message *m, uint32_t *at, char text[FILE_PATH_MAX + 1])
{
    uint32_t words = m->words <= MESSAGE_WORDS ? m->words : MESSAGE_WORDS;
    if (*at >= words)
        return ERR_RANGE;
    const char *from = (const char *)&m->word[*at];
    uint32_t room = (words - *at) * 4u, bytes = 0;
    while (bytes < room && from[bytes] != '\0')
        bytes++;
    if (bytes == room)
        return ERR_RANGE;
    if (bytes > FILE_PATH_MAX)
        return ERR_TOO_LONG;
    memcpy(text, from, bytes + 1u);
    *at += bytes / 4u + 1u;
    return OK;
}

void request_put_text(struct message *m, uint32_t *at, const char *text)
{
    uint32_t bytes = (uint32_t)strlen(text), words = bytes / 4u + 1u;
    m->word[*at + words - 1u] = 0;
    memcpy(&m->word[*at], text, bytes);
    *at += words;
}

/* One name, up to a slash or the end; answers what is behind it and its slashes. */
static const char *name_end(const char *text)
{
    while (*text != '/' && *text != '\0')
        text++;
    return text;
}
static const char *slashes_end(const char *text)
{
    while (*text == '/')
        text++;
    return text;
}

err_t path_read(const char *text, struct path *path)
{
    if (text[0] != '/')
        return ERR_RANGE;
    text = slashes_end(text);
    const char *end = name_end(text);
    uint32_t bytes = (uint32_t)(end - text), used = 0;
    if (bytes > PATH_NAME_MAX)
        return ERR_RANGE;
    memcpy(path->name, text, bytes);
    path->name[bytes] = '\0';
    for (text = slashes_end(end); *text != '\0'; text = slashes_end(end)) {
        end = name_end(text);
        if (used > 0)
            path->rest[used++] = '/';
        bytes = (uint32_t)(end - text);
        memcpy(path->rest + used, text, bytes); /* shorter than the text, which fits */
        used += bytes;
    }
    path->rest[used] = '\0';
    return OK;
}

err_t request_path(const struct message *m, uint32_t *at, struct path *path)
{
    char text[FILE_PATH_MAX + 1];
    TRY(request_text(m, at, text));
    return path_read(text, path);
}
