#include "kernel/task/account.h"
#include "kernel/task/pool.h"

static struct pool accounts = POOL_OF(accounts, struct account);

/* Words of struct limits by their numbers. */
_Static_assert(sizeof(struct limits) == LIMIT_COUNT * sizeof(uint32_t), "each limit is a word, in the list's order");
static const uint32_t *words(const struct limits *limits) { return (const uint32_t *)(const void *)limits; }

err_t account_open(struct account *above, const struct limits *limits, struct account **result)
{
    struct account made = {.above = above, .references = 1};
    void *object;
    for (uint32_t i = 0; limits && i < LIMIT_COUNT; i++) {
        uint32_t most = above ? above->limit[i] : LIMIT_NONE, given = words(limits)[i];
        made.limit[i] = given == LIMIT_NONE ? most : given;
        if (made.limit[i] > most)
            return ERR_LIMIT;
    }
    *result = account_hold(above);
    if (!limits)
        return OK;
    err_t error = pool_take(&accounts, above, &object);
    if (error != OK) {
        account_release(above);
        return error;
    }
    *result = object;
    **result = made;
    return OK;
}

void account_release(struct account *account)
{
    while (account && --account->references == 0) {
        struct account *above = account->above;
        pool_return(&accounts, above, account);
        account = above;
    }
}

void account_report(const struct account *account, struct limits_report *report)
{
    uint32_t *limit = (uint32_t *)(void *)&report->limit, *used = (uint32_t *)(void *)&report->used;
    for (uint32_t i = 0; i < LIMIT_COUNT; i++) {
        limit[i] = account ? account->limit[i] : LIMIT_NONE;
        used[i] = account ? account_in_use(account, (enum limit)i) : 0;
    }
}
