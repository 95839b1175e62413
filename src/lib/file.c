/* Files: each call is one message to the file server, or as many as its bytes need. */
#include "lib/file_inside.h"
#include "lib/lock.h"
#include "common/string.h"
#include "common/units.h"
#include <apteryx/file_server.h>
#include <apteryx/ipc.h>
#include <apteryx/time.h>
#include <apteryx/vm.h>

#define RETRY_PAUSE_US 1000u
#define MAPS_LOW 0x40000000u /* above program and heap */
#define HOLE_TRIES 16u       /* other threads may take the hole that was found */

static struct lock lock;
static handle_t server;

static err_t server_find(handle_t *to)
{
    lock_take(&lock);
    err_t err = server == 0 ? file_connect(&server) : OK;
    *to = server;
    lock_release(&lock);
    return err;
}

/* m->handles go along. */
static err_t ask_with_handles(struct message *m, uint32_t label, uint32_t words)
{
    handle_t port;
    TRY(server_find(&port));
    m->label = label;
    m->words = words;
    m->page.how = PAGE_NOTHING;
    err_t err = ipc_call(port, m);
    if (err != OK)
        return err == ERR_DEAD ? ERR_NO_ENTRY : err; /* there is no file server any more */
    message_drop(m);
    return (err_t)m->label;
}

err_t file_ask(struct message *m, uint32_t label, uint32_t words)
{
    m->handles = 0;
    return ask_with_handles(m, label, words);
}

/* The same, of `words` words; where something of it is still on its way to the server, until that has come. */
static err_t ask_again(struct message *m, uint32_t label, const uint32_t *word, uint32_t words)
{
    for (;;) {
        memcpy(m->word, word, words * 4u);
        err_t err = file_ask(m, label, words);
        if (err != ERR_RETRY)
            return err;
        time_sleep_us(RETRY_PAUSE_US);
    }
}

static uint64_t two_words(const uint32_t *word) { return word[0] | (uint64_t)word[1] << 32; }

err_t file_put_text(struct message *m, uint32_t at, const char *text, uint32_t *end)
{
    uint32_t bytes = (uint32_t)strlen(text), words = bytes / 4u + 1u;
    if (bytes > FILE_PATH_MAX)
        return ERR_TOO_LONG;
    m->word[at + words - 1u] = 0;
    memcpy(&m->word[at], text, bytes);
    *end = at + words;
    return OK;
}

err_t file_ask_path(struct message *m, uint32_t label, uint32_t at, const char *path)
{
    uint32_t end;
    TRY(file_put_text(m, at, path, &end));
    return file_ask(m, label, end);
}

err_t file_open(const char *path, enum file_mode mode, uint32_t version, struct file *file)
{
    struct message m;
    m.word[0] = mode;
    m.word[1] = version;
    TRY(file_ask_path(&m, FILE_OPEN, 2, path));
    *file = (struct file){.id = m.word[0], .version = m.word[3], .size = two_words(&m.word[1]), .mode = mode};
    return OK;
}

err_t file_close(struct file *file, bool publish, uint32_t *version)
{
    struct message m;
    const uint32_t word[] = {file->id, publish};
    TRY(ask_again(&m, FILE_CLOSE, word, 2));
    if (version != NULL)
        *version = m.word[0];
    return OK;
}

static err_t map_at(const struct file *file, uint32_t first, uint32_t bytes, enum file_how how, uintptr_t address)
{
    struct message m;
    const uint32_t word[] = {file->id, first, address, bytes, how};
    return ask_again(&m, FILE_MAP, word, 5);
}

err_t file_map_into(const struct file *file, uint32_t first, uint32_t bytes, enum file_how how, uintptr_t address,
                    handle_t process)
{
    struct message m = {.word = {file->id, first, address, bytes, how}, .handles = 1, .handle = {process}};
    return ask_with_handles(&m, FILE_MAP, 5);
}

/* Large ranges begin with a page directory's entry: whole ones are marked there. */
static err_t map_in_hole(const struct file *file, uint32_t first, uint32_t bytes, enum file_how how, uintptr_t *address)
{
    uintptr_t start, end, thread_end, hole = 0;
    err_t err = ERR_NO_ENTRY;
    if ((how == FILE_HOW_WRITE) != (file->mode == FILE_MODE_WRITE))
        return ERR_KIND;
    TRY(vm_space(&start, &end, &thread_end));
    for (uint32_t i = 0; i < HOLE_TRIES; i++) {
        TRY(vm_find_hole(bytes, bytes < TABLE_SPAN_BYTES ? 0 : TABLE_SPAN_BYTES, MAPS_LOW, end, &hole));
        err = map_at(file, first, bytes, how, hole);
        if (err != ERR_KIND)
            break;
    }
    if (err == OK)
        *address = hole;
    return err;
}

err_t file_map(const struct file *file, uint32_t first, uint32_t bytes, enum file_how how, uintptr_t *address)
{
    if (bytes == 0 || bytes % PAGE_BYTES != 0)
        return ERR_RANGE;
    return *address != 0 ? map_at(file, first, bytes, how, *address) : map_in_hole(file, first, bytes, how, address);
}

err_t file_unmap(uintptr_t address, uint32_t bytes)
{
    struct message m;
    m.word[0] = address;
    m.word[1] = bytes;
    return file_ask(&m, FILE_UNMAP, 2);
}

err_t file_read(const struct file *file, uint64_t offset, void *to, uint32_t bytes, uint32_t *got)
{
    *got = 0;
    while (*got < bytes) {
        struct message m;
        uint64_t at = offset + *got;
        uint32_t n = bytes - *got < FILE_BYTES_MAX ? bytes - *got : FILE_BYTES_MAX;
        m.word[0] = file->id;
        m.word[1] = (uint32_t)at;
        m.word[2] = (uint32_t)(at >> 32);
        m.word[3] = n;
        TRY(file_ask(&m, FILE_READ, 4));
        if (m.word[0] == 0 || m.word[0] > n)
            return OK;
        memcpy((uint8_t *)to + *got, &m.word[1], m.word[0]);
        *got += m.word[0];
    }
    return OK;
}

err_t file_write(struct file *file, uint64_t offset, const void *from, uint32_t bytes)
{
    for (uint32_t done = 0, n; done < bytes; done += n) {
        struct message m;
        uint64_t at = offset + done;
        n = bytes - done < FILE_BYTES_MAX ? bytes - done : FILE_BYTES_MAX;
        m.word[0] = file->id;
        m.word[1] = (uint32_t)at;
        m.word[2] = (uint32_t)(at >> 32);
        m.word[3] = n;
        m.word[4 + (n - 1) / 4] = 0;
        memcpy(&m.word[4], (const uint8_t *)from + done, n);
        TRY(file_ask(&m, FILE_WRITE, 4 + (n + 3) / 4));
        if (at + n > file->size)
            file->size = at + n;
    }
    return OK;
}

err_t file_set_size(struct file *file, uint64_t bytes)
{
    struct message m;
    m.word[0] = file->id;
    m.word[1] = (uint32_t)bytes;
    m.word[2] = (uint32_t)(bytes >> 32);
    TRY(file_ask(&m, FILE_SET_SIZE, 3));
    file->size = bytes;
    return OK;
}
