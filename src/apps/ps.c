/* ps: one line a process. */
#include <apteryx/options.h>
#include <apteryx/print.h>
#include <apteryx/process.h>

#define AT_ONCE 32u

static const char *const states[] = {
    [PROCESS_READY] = "ready", [PROCESS_WAITING] = "waiting", [PROCESS_PAGING] = "paging", [PROCESS_ENDED] = "ended"};

int main(int argc, char **argv)
{
    static struct process_info list[AT_ONCE];
    const struct options options = {.usage = "ps", .about = "PID PARENT THREADS STATE RESIDENT SWAPPED NAME (pages)"};
    uint32_t from = 0, processes = 0, count;
    (void)options_read(&options, argc, argv);
    do {
        err_t err = process_list(from, list, AT_ONCE, &count);
        if (err != OK) {
            print("ps: %s\n", err_name(err));
            return 1;
        }
        for (uint32_t i = 0; i < count; i++, processes++) {
            const struct process_info *p = &list[i];
            print("%u %u %u %s %u %u %s\n", p->pid, p->parent, p->threads, states[p->state], p->resident, p->swapped,
                  p->name);
            from = p->pid + 1;
        }
    } while (count > 0);
    result("ps", "processes=%u", processes);
    return 0;
}
