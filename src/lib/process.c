/* Processes: stubs. */
#include "lib/system_call.h"
#include <apteryx/process.h>

err_t process_limits(struct limits_report *report)
{
    return system_call_plain(SYSCALL_process_limits, (uintptr_t)report, 0, 0, 0);
}

err_t process_wait(handle_t child, int *status)
{
    struct gate g = {child, 0, 0, 0};
    TRY(system_call(SYSCALL_process_wait, &g));
    if (status != NULL)
        *status = (int)g.b;
    return OK;
}

err_t process_kill(handle_t child) { return system_call_plain(SYSCALL_process_kill, child, 0, 0, 0); }

uint32_t process_id(void)
{
    struct gate g = {0, 0, 0, 0};
    (void)system_call(SYSCALL_process_id, &g);
    return g.b;
}

err_t process_open(handle_t control, uint32_t pid, handle_t *process)
{
    return system_call_result(SYSCALL_process_open, (struct gate){control, pid, 0, 0}, process);
}

err_t process_list(uint32_t from, struct process_info *list, uint32_t room, uint32_t *count)
{
    return system_call_result(SYSCALL_process_list, (struct gate){from, room, (uintptr_t)list, 0}, count);
}
