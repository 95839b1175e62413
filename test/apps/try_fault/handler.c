#include "try_fault.h"

handle_t port;
volatile enum script script;
struct fault seen;
volatile uint32_t asked;
uint32_t seen_badge;

/* An answer that can't be carried out is refused, and another can be given. */
static void refused_answers(handle_t reply)
{
    struct message m;
    fault_retry(&m, (enum fault_then)7);
    EXPECT_ERROR(ipc_reply(reply, &m), ERR_RANGE);
    fault_kill(&m);
    m.label = 4711;
    EXPECT_ERROR(ipc_reply(reply, &m), ERR_RANGE);
    fault_retry(&m, FAULT_AS_IT_IS);
    m.page = (struct page_item){SUPPLY, PAGE, PAGE_GRANT, 1};
    EXPECT_ERROR(ipc_reply(reply, &m), ERR_KIND);
    fault_supply(&m, SUPPLY + PAGE, PAGE, PAGE_GRANT, true); /* NONE */
    EXPECT_ERROR(ipc_reply(reply, &m), ERR_KIND);
    fault_supply(&m, SUPPLY + 1, PAGE, PAGE_GRANT, true);
    EXPECT_ERROR(ipc_reply(reply, &m), ERR_RANGE);
    m.page.how = PAGE_NOTHING;
    EXPECT_ERROR(ipc_reply(reply, &m), ERR_KIND);
    EXPECT_ERROR(vm_set(seen.address & ~(PAGE - 1u), PAGE, VM_ON_DEMAND), OK);
    fault_retry(&m, FAULT_AS_IT_IS);
    EXPECT_ERROR(ipc_reply(reply, &m), OK);
}

static void answer(handle_t reply)
{
    struct message m;
    uintptr_t page = seen.address & ~(PAGE - 1u);
    switch (script) {
    case RETRY:
        (void)vm_set(page, PAGE, VM_NORMAL);
        fault_retry(&m, FAULT_AS_IT_IS);
        break;
    case UNWATCH:
        fault_retry(&m, FAULT_UNWATCH);
        break;
    case GIVE:
    case MAP:
        EXPECT_ERROR(vm_set(SUPPLY, PAGE, VM_ON_DEMAND), OK);
        *at(SUPPLY) = page + 1;
        fault_supply(&m, SUPPLY, PAGE, script == GIVE ? PAGE_GRANT : PAGE_MAP, true);
        break;
    case KILL:
        fault_kill(&m);
        break;
    case CLOSE:
        EXPECT_ERROR(handle_close(reply), OK);
        return;
    case WRONG:
        refused_answers(reply);
        return;
    case NEVER:
        return;
    }
    EXPECT_ERROR(ipc_reply(reply, &m), OK);
}

void handler(void *unused)
{
    static struct message m;
    handle_t reply;
    (void)unused;
    while (ipc_receive(port, &m, &reply, &seen_badge, 0) == OK) {
        EXPECT(fault_read(&m, &seen));
        asked++;
        answer(reply);
    }
}

bool was_asked(uint32_t times, uintptr_t address, enum fault_access access)
{
    bool right = asked == times && (times == 0 || (seen.address == address && seen.access == access));
    asked = 0;
    return right;
}

enum vm_kind kind_of(uintptr_t page)
{
    struct vm_run run;
    uint32_t count;
    return vm_query(page, PAGE, &run, 1, &count) == OK ? run.kind : VM_LENT;
}

void watched(uintptr_t page, uint32_t value)
{
    EXPECT_ERROR(vm_set(page, PAGE, VM_ON_DEMAND), OK);
    *at(page) = value;
    EXPECT_ERROR(vm_set(page, PAGE, VM_WATCHED), OK);
}
