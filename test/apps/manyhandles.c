/* manyhandles: as many handles as a process can have, each of which names what it should; all come back. */
#include "expect.h"
#include <apteryx/info.h>
#include <apteryx/ipc.h>
#include <apteryx/memory.h>

#define HANDLES 0x7FFFu

static handle_t port, *copy;

static uint32_t take_all(void)
{
    uint32_t count = 0;
    err_t err;
    while ((err = handle_copy(port, RIGHT_SEND | RIGHT_RECEIVE, count + 1, &copy[count])) == OK)
        count++;
    EXPECT_ERROR(err, ERR_LIMIT);
    return count;
}

static void close_all(uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        EXPECT_ERROR(handle_close(copy[i]), OK);
}

/* By its badge: a message to itself is read by whoever receives. */
static void every_one_is_itself(uint32_t count)
{
    for (uint32_t i = 0; i < count; i += 499) {
        static struct message m;
        EXPECT_ERROR(ipc_notify(copy[i], 1u << i % 32), OK);
        EXPECT_ERROR(ipc_receive(copy[count - 1 - i], &m, NULL, NULL, 0), OK);
        EXPECT(m.word[0] == 1u << i % 32);
    }
}

int main(void)
{
    print_open();
    copy = malloc(HANDLES * sizeof(*copy));
    EXPECT(copy != NULL);
    EXPECT_ERROR(port_create(&port), OK);
    uint32_t before = info()->handles, count = take_all();
    EXPECT(count > HANDLES - 16 && info()->handles == before + count);
    every_one_is_itself(count);
    handle_t high = copy[count / 2];
    EXPECT_ERROR(handle_close(high), OK);
    EXPECT_ERROR(handle_close(high), ERR_HANDLE);
    EXPECT_ERROR(handle_copy(port, RIGHT_SEND | RIGHT_RECEIVE, 0, &copy[count / 2]), OK);
    EXPECT(copy[count / 2] == high);
    close_all(count);
    EXPECT(info()->handles == before);
    EXPECT(take_all() == count); /* places are used again; the process ends with all of them */
    return expect_end("manyhandles");
}
