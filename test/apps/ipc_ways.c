/* ipc_ways: the same exchanges by the kernel's two ways. Words to a waiting partner go straight there; with a handle
 * besides, or with another thread ready at the same priority, they go the ordinary way. What arrives, whose turn it is,
 * and what a peer's end brings must not differ. */
#include "expect.h"
#include <apteryx/ipc.h>
#include <apteryx/process.h>
#include <apteryx/time.h>

#define BADGE 7u
#define LABEL_ECHO 100u /* each word comes back, badge added */
#define LABEL_CLOSE 200u
#define LABEL_WAIT 300u /* answered when the caller may be gone already */
#define PAUSE_US 20000u
#define LOW 1u
#define MIDDLE 3u

static handle_t port, badged;
static volatile uint32_t notifications, spins, served;
static volatile bool spinning;

static void server(void *argument)
{
    (void)argument;
    struct message m;
    handle_t reply;
    uint32_t badge;
    err_t error = ipc_receive(port, &m, &reply, &badge, 0);
    while (error == OK) {
        if (m.label == IPC_NOTIFY)
            notifications++;
        else
            served++;
        for (uint32_t i = 0; i < m.words; i++)
            m.word[i] += badge;
        if (m.label == LABEL_WAIT)
            time_sleep_us((uint64_t)3 * PAUSE_US);
        if (m.label == LABEL_CLOSE) {
            EXPECT_ERROR(handle_close(reply), OK);
            reply = 0;
        }
        if (m.handles)
            EXPECT_ERROR(handle_close(m.handle[0]), OK);
        m.handles = 0;
        m.label++;
        error = ipc_reply_receive(reply, port, &m, &reply, &badge);
    }
}

/* Ready whenever nobody of a higher priority is. */
static void spinner(void *argument)
{
    (void)argument;
    while (spinning) {
        spins++;
        thread_yield();
    }
}

static void exchange_with(uint32_t words, uint32_t handles)
{
    struct message m = {.label = LABEL_ECHO, .words = words, .handles = handles, .handle = {badged}};
    for (uint32_t i = 0; i < words; i++)
        m.word[i] = 1000 * i + words;
    EXPECT_ERROR(ipc_call(badged, &m), OK);
    EXPECT(m.label == LABEL_ECHO + 1 && m.words == words && m.handles == 0 && m.page.how == PAGE_NOTHING);
    for (uint32_t i = 0; i < words; i++)
        EXPECT(m.word[i] == 1000 * i + words + BADGE);
}

static void exchange(uint32_t words)
{
    exchange_with(words, 0);
    exchange_with(words, 1);
}

static void drop(uint32_t words)
{
    struct message m = {.label = LABEL_CLOSE, .words = words};
    EXPECT_ERROR(ipc_call(badged, &m), ERR_DEAD);
}

static void caller(void *argument)
{
    struct message m = {.label = LABEL_WAIT, .words = *(const uint32_t *)argument};
    (void)ipc_call(badged, &m);
}

/* A process that is killed while its call is being served: the server goes on with the next. */
static void killed_caller(const char *name, const char *words)
{
    char *argv[] = {(char *)name, (char *)words, NULL};
    handle_t child;
    uint32_t before = served;
    EXPECT_ERROR(process_spawn_with(name, argv, &(struct spawn_options){.handle = &badged, .handles = 1}, &child), OK);
    time_sleep_us(PAUSE_US);
    EXPECT(served == before + 1);
    EXPECT_ERROR(process_kill(child), OK);
    EXPECT_ERROR(handle_close(child), OK);
    time_sleep_us((uint64_t)4 * PAUSE_US);
    exchange(4);
}

/* The server runs at its caller's priority, and at its own again once it has answered. */
static void turns(uint32_t words)
{
    handle_t thread;
    spinning = true;
    EXPECT_ERROR(thread_create(spinner, NULL, MIDDLE, &thread), OK);
    time_sleep_us(PAUSE_US);
    uint32_t spun = spins, seen = notifications;
    EXPECT(spun > 0);
    exchange(words);
    EXPECT(spins == spun);
    EXPECT_ERROR(ipc_notify(badged, 1), OK);
    time_sleep_us(PAUSE_US);
    EXPECT(spins > spun && notifications == seen);
    spinning = false;
    EXPECT_ERROR(thread_wait(thread), OK);
    EXPECT_ERROR(handle_close(thread), OK);
    time_sleep_us(PAUSE_US);
    EXPECT(notifications == seen + 1);
}

/* A receiver with a deadline that is met: the deadline is off. */
static void deadline(uint32_t words)
{
    handle_t thread, reply;
    struct message m;
    static uint32_t caller_words;
    caller_words = words;
    EXPECT_ERROR(thread_create(caller, &caller_words, PRIORITY_OWN, &thread), OK);
    EXPECT_ERROR(ipc_receive(port, &m, &reply, NULL, time_now_us() + (uint64_t)2 * PAUSE_US), OK);
    EXPECT(m.label == LABEL_WAIT && m.words == words);
    time_sleep_us((uint64_t)3 * PAUSE_US);
    EXPECT_ERROR(ipc_receive(port, &m, NULL, NULL, time_now_us() + PAUSE_US), ERR_TIME);
    EXPECT_ERROR(ipc_reply(reply, &m), OK);
    EXPECT_ERROR(thread_wait(thread), OK);
    EXPECT_ERROR(handle_close(thread), OK);
}

int main(int argc, char **argv)
{
    handle_t thread;
    if (argc > 1) { /* the caller that is killed */
        uint32_t words = argv[1][0] == 'l' ? 5 : 4;
        badged = start_handle(1);
        caller(&words);
        return 0;
    }
    EXPECT_ERROR(port_create(&port), OK);
    EXPECT_ERROR(handle_copy(port, RIGHT_SEND | RIGHT_PASS, BADGE, &badged), OK);
    deadline(4);
    deadline(5);
    EXPECT_ERROR(thread_create(server, NULL, LOW, &thread), OK);
    for (uint32_t round = 0; round < 2; round++) { /* the second time beside a thread of our own priority */
        handle_t rival;
        spinning = round == 1;
        if (spinning)
            EXPECT_ERROR(thread_create(spinner, NULL, PRIORITY_OWN, &rival), OK);
        for (uint32_t words = 0; words <= MESSAGE_WORDS; words += words < 8 ? 1 : 31)
            exchange(words);
        drop(4);
        drop(5);
        if (!spinning)
            continue;
        spinning = false;
        EXPECT_ERROR(thread_wait(rival), OK);
    }
    turns(4);
    turns(5);
    killed_caller(argv[0], "short");
    killed_caller(argv[0], "long");
    EXPECT_ERROR(handle_close(port), OK); /* the last that may receive */
    EXPECT_ERROR(thread_wait(thread), OK);
    EXPECT_ERROR(ipc_call(badged, &(struct message){.words = 4}), ERR_DEAD);
    EXPECT_ERROR(ipc_call(badged, &(struct message){.words = 5}), ERR_DEAD);
    return expect_end("ipc_ways");
}
