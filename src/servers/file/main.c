/* file: the file server. It answers the kernel (abi/file.h), which asks for pages of clients and sends them back, and
 * clients (abi/file_client.h).
 *
 * Handles: 1 the service port, which is everybody's file port, 2 the pager right. It stands in the order disk driver <
 * swap server < file server < everybody else: it may be in swap, but for its messages; waits for a disk driver, and for
 * nobody else; what it serves it touches only while it holds it (cache.h). One request after the other. */
#include "servers/file/pages.h"
#include "servers/file/serve.h"
#include "abi/file.h"
#include "servers/help.h"
#include "servers/log.h"
#include <apteryx/file_server.h>
#include <apteryx/info.h>
#include <apteryx/ipc.h>
#include <apteryx/process.h>

#define SERVICE_PORT 1
#define PAGER_RIGHT 2
#define KERNEL_BADGE 0u
#define SLOTS_MAX 0x18000u /* 384 MiB of addresses */

static struct message m;
static struct cached shown; /* held until the answer that names it has been given */

/* Twice as many as there are frames: those that are taken again have mostly been evicted (cache.h). */
static uint32_t slots_choose(void)
{
    uint32_t slots = 2 * info()->ram_frames;
    return slots < SLOTS_MAX ? slots : SLOTS_MAX;
}

static void kernel_serve(void)
{
    switch (m.label) {
    case FILE_FAULT:
        pages_fault(&m, &shown);
        return;
    case FILE_OUT:
        pages_out(&m);
        return;
    case FILE_GONE:
        client_gone(m.words > 0 ? m.word[0] : 0);
        m = (struct message){.label = OK};
        return;
    default:
        m = (struct message){.label = ERR_RANGE};
    }
}

/* The answer, and what it showed is free again. An answer that cannot be carried out becomes one that can. */
static void answer(handle_t reply)
{
    err_t err = ipc_reply(reply, &m);
    if (err != OK && shown.pages > 0) {
        file_fail(&m);
        err = ipc_reply(reply, &m);
    }
    if (err != OK)
        (void)handle_close(reply); /* nobody waits for it any more */
    cache_release(&shown);
}

/* What is asked and answered stays in RAM, whatever becomes of the rest: a question never waits for a page. */
static err_t start(void)
{
    TRY(thread_lock_buffer());
    TRY(process_lock_object(&m, sizeof(m)));
    TRY(cache_start(start_handle(PAGER_RIGHT), slots_choose()));
    volumes_start();
    return OK;
}

int main(int argc, char **argv)
{
    if (help_asked(argc, argv, "file", "The file server."))
        return 0;
    handle_t port = start_handle(SERVICE_PORT), reply = 0;
    uint32_t badge = 0;
    err_t err = start();
    while (err == OK) {
        err = ipc_receive(port, &m, &reply, &badge, 0);
        if (err != OK)
            break;
        if (reply != 0 && badge == KERNEL_BADGE)
            kernel_serve();
        else if (reply != 0)
            serve(&m, badge);
        message_drop(&m); /* what came with it */
        m.page = shown.pages > 0 ? m.page : (struct page_item){.how = PAGE_NOTHING};
        if (reply != 0)
            answer(reply);
    }
    log_line("file: cannot serve: %s", err_name(err));
    return 1;
}
