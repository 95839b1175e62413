/* try_ipc: ports, handles, badges, names, messages of every size, and what happens when the other side goes away. */
#include "expect.h"
#include <apteryx/ipc.h>
#include <apteryx/process.h>
#include <apteryx/string.h>
#include <apteryx/time.h>

#define LABEL_ADD 1u    /* each word comes back with one added */
#define LABEL_BADGE 2u  /* the badge comes back */
#define LABEL_HANDLE 3u /* the answer carries a handle to `second` */
#define LABEL_DROP 4u   /* the reply handle is closed unused */
#define LABEL_LATE 5u   /* another thread answers */
#define LABEL_STOP 6u
#define PRIORITY_SAME PRIORITY_OWN

static handle_t port, second, late;

static void late_thread(void *argument)
{
    (void)argument;
    struct message m = {.label = LABEL_LATE, .words = 1, .word = {77}};
    EXPECT_ERROR(ipc_reply(late, &m), OK);
    EXPECT_ERROR(ipc_reply(late, &m), ERR_HANDLE); /* once */
}

/* False: no answer now, or none at all. */
static bool serve(struct message *m, handle_t reply, uint32_t badge)
{
    handle_t thread;
    switch (m->label) {
    case LABEL_BADGE:
        m->words = 1;
        m->word[0] = badge;
        return true;
    case LABEL_HANDLE:
        m->handles = 1;
        m->handle[0] = second;
        return true;
    case LABEL_DROP:
        EXPECT_ERROR(handle_close(reply), OK);
        return false;
    case LABEL_LATE:
        late = reply;
        EXPECT_ERROR(thread_create(late_thread, NULL, PRIORITY_SAME, &thread), OK);
        EXPECT_ERROR(handle_close(thread), OK);
        return false;
    default:
        for (uint32_t i = 0; i < m->words; i++)
            m->word[i]++;
        return true;
    }
}

static void server_thread(void *argument)
{
    static struct message m;
    handle_t reply = 0;
    uint32_t badge;
    (void)argument;
    for (bool stop = false; !stop;) {
        if (ipc_reply_receive(reply, port, &m, &reply, &badge) != OK)
            return;
        stop = m.label == LABEL_STOP;
        if (!serve(&m, reply, badge))
            reply = 0;
    }
    m.handles = 0;
    EXPECT_ERROR(ipc_reply(reply, &m), OK);
}

static void try_sizes(handle_t to)
{
    static const uint32_t sizes[] = {0, 1, 3, 4, 5, 63, 64, 255, 256};
    static struct message m;
    for (uint32_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
        m = (struct message){.label = LABEL_ADD, .words = sizes[s]};
        for (uint32_t i = 0; i < sizes[s]; i++)
            m.word[i] = 0x1000u * s + i;
        EXPECT_ERROR(ipc_call(to, &m), OK);
        bool right = m.label == LABEL_ADD && m.words == sizes[s] && m.handles == 0 && m.page.how == PAGE_NOTHING;
        for (uint32_t i = 0; i < sizes[s]; i++)
            right = right && m.word[i] == 0x1000u * s + i + 1;
        EXPECT(right);
    }
    m.words = 257;
    EXPECT_ERROR(ipc_call(to, &m), ERR_TOO_LONG);
    m = (struct message){.handles = 5};
    EXPECT_ERROR(ipc_send(to, &m), ERR_TOO_LONG);
}

static uint32_t badge_seen(handle_t to)
{
    struct message m = {.label = LABEL_BADGE};
    EXPECT_ERROR(ipc_call(to, &m), OK);
    return m.words == 1 ? m.word[0] : 0xFFFFFFFFu;
}

static void try_handles(void)
{
    handle_t sender, badged, again, none;
    struct message m = {.label = LABEL_ADD};
    EXPECT_ERROR(handle_copy(port, RIGHT_SEND, 0, &sender), OK);
    EXPECT_ERROR(handle_copy(port, RIGHT_SEND | RIGHT_PASS, 42, &badged), OK);
    EXPECT(badge_seen(port) == 0 && badge_seen(badged) == 42);
    EXPECT(handle_copy(badged, RIGHT_SEND, 43, &again) != OK); /* it has one */
    EXPECT_ERROR(handle_copy(badged, RIGHT_SEND, 0, &again), OK);
    EXPECT(badge_seen(again) == 42);
    EXPECT_ERROR(handle_copy(sender, RIGHT_SEND | RIGHT_RECEIVE, 0, &none), ERR_RIGHTS);
    EXPECT_ERROR(ipc_receive(sender, &m, NULL, NULL, 0), ERR_RIGHTS);
    m = (struct message){.handles = 1, .handle = {sender}}; /* without RIGHT_PASS */
    EXPECT_ERROR(ipc_call(port, &m), ERR_RIGHTS);
    EXPECT_ERROR(ipc_call(0, &m), ERR_HANDLE);
    EXPECT_ERROR(ipc_call(12345, &m), ERR_HANDLE);
    EXPECT_ERROR(handle_close(again), OK);
    EXPECT_ERROR(handle_close(again), ERR_HANDLE);
    EXPECT_ERROR(handle_close(badged), OK);
    EXPECT_ERROR(handle_close(sender), OK);
}

static void try_passing(void)
{
    static struct message m;
    uint32_t badge = 1;
    handle_t reply = 1;
    m = (struct message){.label = LABEL_HANDLE};
    EXPECT_ERROR(ipc_call(port, &m), OK);
    EXPECT(m.handles == 1 && m.handle[0] != 0 && m.handle[0] != second);
    EXPECT_ERROR(ipc_notify(m.handle[0], 5), OK);
    EXPECT_ERROR(ipc_notify(m.handle[0], 10), OK);
    EXPECT_ERROR(handle_close(m.handle[0]), OK);
    EXPECT_ERROR(ipc_receive(second, &m, &reply, &badge, 0), OK);
    EXPECT(m.label == IPC_NOTIFY && m.words == 1 && m.word[0] == 15 && reply == 0 && badge == 0);
}

static void try_deadline(void)
{
    struct message m;
    uint64_t before = time_now_us();
    EXPECT_ERROR(ipc_receive(second, &m, NULL, NULL, before + 20000), ERR_TIME);
    EXPECT(time_now_us() >= before + 20000);
    EXPECT_ERROR(ipc_receive(second, &m, NULL, NULL, 1), ERR_TIME); /* long past */
}

static void try_replies(void)
{
    struct message m = {.label = LABEL_DROP};
    EXPECT_ERROR(ipc_call(port, &m), ERR_DEAD);
    m = (struct message){.label = LABEL_LATE};
    EXPECT_ERROR(ipc_call(port, &m), OK);
    EXPECT(m.words == 1 && m.word[0] == 77);
}

static void sender_thread(void *argument)
{
    struct message m = {.label = 9, .words = 4, .word = {1, 2, 3, 4}};
    *(err_t *)argument = ipc_send(second, &m);
}

static void try_send(void)
{
    handle_t thread, reply = 1;
    struct message m;
    err_t sent = ERR_IO;
    EXPECT_ERROR(thread_create(sender_thread, &sent, PRIORITY_SAME, &thread), OK);
    time_sleep_us(1000); /* it waits for a receiver */
    EXPECT(sent == ERR_IO);
    EXPECT_ERROR(ipc_receive(second, &m, &reply, NULL, 0), OK);
    EXPECT(m.label == 9 && m.words == 4 && m.word[3] == 4 && reply == 0);
    EXPECT_ERROR(thread_wait(thread), OK);
    EXPECT_ERROR(handle_close(thread), OK);
    EXPECT(sent == OK);
}

static void caller_thread(void *argument)
{
    struct message m = {.label = LABEL_ADD};
    *(err_t *)argument = ipc_call(second, &m);
}

static void try_port_goes(void)
{
    handle_t thread;
    err_t called = OK;
    EXPECT_ERROR(thread_create(caller_thread, &called, PRIORITY_SAME, &thread), OK);
    time_sleep_us(1000);
    EXPECT_ERROR(handle_close(second), OK); /* the last that can receive */
    EXPECT_ERROR(thread_wait(thread), OK);
    EXPECT_ERROR(handle_close(thread), OK);
    EXPECT_ERROR(called, ERR_DEAD);
}

/* It stays when the handle goes, and cannot be exchanged for another. */
static void try_name_with_badge(void)
{
    handle_t with, found, again;
    EXPECT_ERROR(handle_copy(port, RIGHT_SEND | RIGHT_RECEIVE, 77, &with), OK);
    EXPECT_ERROR(name_register("try_ipc.77", with), OK);
    EXPECT_ERROR(handle_close(with), OK);
    EXPECT_ERROR(name_lookup("try_ipc.77", &found), OK);
    EXPECT(badge_seen(found) == 77);
    EXPECT_ERROR(handle_copy(found, RIGHT_SEND, 78, &again), ERR_RIGHTS);
    EXPECT_ERROR(handle_close(found), OK);
}

static void try_names(void)
{
    handle_t found, other;
    EXPECT_ERROR(name_lookup("try_ipc.nobody", &found), ERR_NO_ENTRY);
    EXPECT_ERROR(name_register("try_ipc", port), OK);
    EXPECT_ERROR(port_create(&other), OK);
    EXPECT_ERROR(name_register("try_ipc", other), ERR_BUSY);
    EXPECT_ERROR(name_lookup("try_ipc", &found), OK);
    EXPECT(badge_seen(found) == 0);
    EXPECT_ERROR(handle_close(found), OK);
    try_name_with_badge();
    EXPECT_ERROR(name_register("try_ipc.other", other), OK);
    EXPECT_ERROR(handle_close(other), OK); /* and the name with it */
    EXPECT_ERROR(name_lookup("try_ipc.other", &found), ERR_NO_ENTRY);
}

/* In another process: the same messages through the name; what it finds wrong is its status. */
static int child_main(void)
{
    handle_t found;
    EXPECT_ERROR(name_lookup("try_ipc", &found), OK);
    try_sizes(found);
    struct message m = {.label = LABEL_DROP};
    EXPECT_ERROR(ipc_call(found, &m), ERR_DEAD);
    return (int)expect_wrong;
}

static void try_other_process(char *name)
{
    handle_t child;
    int status = -1;
    EXPECT_ERROR(process_spawn(name, (char *[]){name, (char[]){"child"}, NULL}, &child), OK);
    EXPECT_ERROR(process_wait(child, &status), OK);
    EXPECT(status == 0);
    EXPECT_ERROR(handle_close(child), OK);
}

int main(int argc, char **argv)
{
    handle_t thread;
    struct message m = {.label = LABEL_STOP};
    if (argc > 1)
        return child_main();
    EXPECT_ERROR(port_create(&port), OK);
    EXPECT_ERROR(port_create(&second), OK);
    EXPECT_ERROR(thread_create(server_thread, NULL, PRIORITY_SAME, &thread), OK);
    try_sizes(port);
    try_handles();
    try_passing();
    try_deadline();
    try_replies();
    try_send();
    try_names();
    try_other_process(argv[0]);
    try_port_goes();
    EXPECT_ERROR(ipc_call(port, &m), OK);
    EXPECT_ERROR(thread_wait(thread), OK);
    return expect_end("try_ipc");
}
