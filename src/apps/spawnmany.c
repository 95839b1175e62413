/* spawnmany: starts programs one after the other, or all at once, and waits for each: processes, handles and frames
 * must all come back. */
#include <apteryx/info.h>
#include <apteryx/ipc.h>
#include <apteryx/options.h>
#include <apteryx/print.h>
#include <apteryx/process.h>
#include <apteryx/string.h>

#define AT_ONCE_MAX 256u
#define STATUS_WRONG 1
#define STATUS_REFUSED 3

#define CHILD_OPTION "--child"

static err_t child_start(handle_t *child)
{
    static char name[] = "spawnmany", option[] = CHILD_OPTION;
    return process_spawn(name, (char *[]){name, option, NULL}, child);
}

/* Waits for `count` children. False: one ended badly. */
static bool children_end(const handle_t *child, uint32_t count)
{
    bool right = true;
    for (uint32_t i = 0; i < count; i++) {
        int status = STATUS_WRONG;
        right = process_wait(child[i], &status) == OK && status == 0 && right;
        (void)handle_close(child[i]);
    }
    return right;
}

int main(int argc, char **argv)
{
    static handle_t child[AT_ONCE_MAX];
    uint32_t count = 100, at_once = 1, done = 0;
    if (argc == 2 && strcmp(argv[1], CHILD_OPTION) == 0)
        return 0;
    const struct option option[] = {
        {"--count", OPTION_NUMBER, {.number = &count}, "how many in all (100)"},
        {"--at-once", OPTION_NUMBER, {.number = &at_once}, "how many side by side (1)"},
    };
    (void)options_read(&(struct options){"spawnmany [--count N] [--at-once N]", "Starts processes and waits for them.",
                                         option, 2, NULL, 0},
                       argc, argv);
    if (at_once == 0 || at_once > AT_ONCE_MAX)
        usage_error(argv[0], "too many or too few", "--at-once");
    uint32_t handles = info()->handles, processes = info()->processes;
    while (done < count) {
        uint32_t started = 0;
        err_t error = OK;
        while (started < at_once && done + started < count && error == OK)
            if ((error = child_start(&child[started])) == OK)
                started++;
        bool right = children_end(child, started);
        done += started;
        if (error != OK || !right) {
            print("spawnmany: after %u: %s\n", done, error != OK ? err_name(error) : "a child ended badly");
            return error != OK ? STATUS_REFUSED : STATUS_WRONG;
        }
    }
    /* before the line is printed: the first one looks the console up, which is a handle */
    int handles_more = (int)(info()->handles - handles), processes_more = (int)(info()->processes - processes);
    result("spawnmany", "count=%u handles_more=%d processes_more=%d", done, handles_more, processes_more);
    return handles_more == 0 ? 0 : STATUS_WRONG;
}
