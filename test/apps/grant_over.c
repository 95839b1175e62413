/* grant_over: an overcommitted process grants promises that nobody made. An ordinary receiver takes them until commit is
 * used up; then the sender is told, and keeps its pages. RESULT grant_over: granted error kept. */
#include "grant.h"
#include <apteryx/print.h>
#include <apteryx/process.h>
#include <apteryx/vm.h>

PROGRAM_OVERCOMMIT;

#define START 0x40000000u
#define CHUNK_PAGES 256u
#define CHUNK_BYTES (CHUNK_PAGES * PAGE_BYTES)
#define CHUNKS 256u

int main(void)
{
    handle_t port, child;
    err_t err = port_create(&port);
    char *argv[] = {"grantee", "256", "0", NULL};
    if (err == OK)
        err = process_spawn_with("grantee", argv, &(struct spawn_options){.handle = &port, .handles = 1}, &child);
    uint32_t granted = 0, kept = 0, count = 0;
    for (; err == OK && granted < CHUNKS; granted++) {
        struct message m = {.label = GRANT_KEEP, .words = 1, .word = {granted}};
        m.page = (struct page_item){START, CHUNK_BYTES, PAGE_GRANT, 0};
        err = vm_set(START, CHUNK_BYTES, VM_ON_DEMAND);
        if (err == OK)
            err = ipc_call(port, &m);
    }
    struct vm_run run;
    if (vm_query(START, CHUNK_BYTES, &run, 1, &count) == OK && count == 1 && run.kind == VM_ON_DEMAND)
        kept = run.bytes / PAGE_BYTES;
    result("grant_over", "granted=%u error=%s kept=%u", granted - (err != OK), err_name(err), kept);
    return process_kill(child) == OK ? 0 : 1;
}
