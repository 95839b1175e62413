#include "apps/shell/redirection.h"
#include "abi/console.h"
#include <apteryx/file.h>
#include <apteryx/ipc.h>
#include <apteryx/process.h>

#define REDIRECTIONS_MAX 16u
#define END 0x454E444Fu /* the shell's own message: nothing more comes */

static struct redirection {
    bool taken;
    handle_t port, thread;
    struct file file;
    err_t err; /* the first of file_write */
    struct message m;
} redirections[REDIRECTIONS_MAX];

static void text_write(struct redirection *to)
{
    uint32_t bytes = to->m.word[0];
    err_t err = ERR_RANGE;
    if (to->m.words > 0 && bytes <= CONSOLE_BYTES_MAX && to->m.words >= 1 + (bytes + 3) / 4)
        err = file_write(&to->file, to->file.size, &to->m.word[1], bytes);
    if (to->err == OK)
        to->err = err;
}

/* Until the shell says that the job has ended. What can't be written is dropped, as it is where the console is gone. */
static void gather(void *argument)
{
    struct redirection *to = argument;
    handle_t reply = 0;
    for (;;) {
        if (ipc_reply_receive(reply, to->port, &to->m, &reply, NULL) != OK)
            return;
        message_drop(&to->m);
        bool end = to->m.label == END;
        err_t answer = to->m.label == CONSOLE_WRITE || end ? OK : ERR_RANGE;
        if (to->m.label == CONSOLE_WRITE)
            text_write(to);
        to->m = (struct message){.label = answer};
        if (end) {
            (void)ipc_reply(reply, &to->m);
            return;
        }
    }
}

static err_t port_open(struct redirection *to, handle_t *output)
{
    TRY(port_create(&to->port));
    err_t err = handle_copy(to->port, RIGHT_SEND | RIGHT_PASS, 0, output);
    if (err == OK) {
        err = thread_create(gather, to, PRIORITY_OWN, &to->thread);
        if (err != OK)
            (void)handle_close(*output);
    }
    if (err != OK)
        (void)handle_close(to->port);
    return err;
}

err_t redirection_begin(const char *path, struct redirection **redirection, handle_t *output)
{
    struct redirection *to = redirections;
    while (to < redirections + REDIRECTIONS_MAX && to->taken)
        to++;
    if (to == redirections + REDIRECTIONS_MAX)
        return ERR_LIMIT;
    to->err = OK;
    TRY(file_open(path, FILE_MODE_WRITE, 0, &to->file));
    err_t err = file_set_size(&to->file, 0);
    if (err == OK)
        err = port_open(to, output);
    if (err != OK) {
        (void)file_close(&to->file, false, NULL);
        return err;
    }
    to->taken = true;
    *redirection = to;
    return OK;
}

err_t redirection_end(struct redirection *redirection, bool publish)
{
    static struct message end;
    end = (struct message){.label = END};
    err_t err = ipc_call(redirection->port, &end);
    if (err == OK)
        err = thread_wait(redirection->thread);
    (void)handle_close(redirection->thread);
    (void)handle_close(redirection->port);
    if (err == OK)
        err = redirection->err;
    err_t closed = file_close(&redirection->file, err == OK && publish, NULL);
    redirection->taken = false;
    return err != OK ? err : closed;
}
