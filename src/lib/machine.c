/* Stubs of the calls that look at the machine, or end it. */
#include "lib/system_call.h"
#include <apteryx/machine.h>

err_t log_write(const char *text, uint32_t bytes)
{
    return system_call_plain(SYSCALL_log_write, (uintptr_t)text, bytes, 0, 0);
}

err_t log_read(uint32_t *from, uint32_t room, char *buffer, uint32_t *count)
{
    struct gate g = {*from, room, (uintptr_t)buffer, 0};
    TRY(system_call(SYSCALL_log_read, &g));
    *count = g.b;
    *from = g.d;
    return OK;
}

err_t boot_commands(uint32_t room, char *buffer, uint32_t *count)
{
    return system_call_result(SYSCALL_boot_commands, (struct gate){room, (uintptr_t)buffer, 0, 0}, count);
}

err_t boot_archive(uint32_t from, uint32_t room, void *buffer, uint32_t *count)
{
    return system_call_result(SYSCALL_boot_archive, (struct gate){from, room, (uintptr_t)buffer, 0}, count);
}

err_t entry_query(uint32_t pid, uintptr_t address, struct entry_info *entry)
{
    return system_call_plain(SYSCALL_entry_query, pid, address, (uintptr_t)entry, 0);
}

err_t machine_check(struct check_report *report)
{
    return system_call_plain(SYSCALL_check, (uintptr_t)report, 0, 0, 0);
}

err_t power(handle_t control, enum power how) { return system_call_plain(SYSCALL_power, control, how, 0, 0); }
