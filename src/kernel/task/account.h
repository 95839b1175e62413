/* An account: what a process and those that it starts may hold together, and what they hold.
 *
 * A process that is started with limits has an account of its own below that of its parent; one that is started without
 * shares its parent's. What is charged to an account is charged to every account above it, so that nobody gives away
 * more than he has. Kernel objects count as what they take of a page, as PAGES and as LOCKED.
 * NULL is an account, too: nobody's, without limits. A refund cannot fail. */
#ifndef KERNEL_TASK_ACCOUNT_H
#define KERNEL_TASK_ACCOUNT_H

#include "abi/errors.h"
#include "abi/process.h"
#include "common/assert.h"
#include "common/units.h"

struct account {
    struct account *above;
    uint32_t references;                            /* processes, ports, and accounts below */
    uint32_t limit[LIMIT_COUNT], used[LIMIT_COUNT]; /* used: without objects */
    uint32_t object_bytes;
};

static inline uint32_t account_in_use(const struct account *account, enum limit what)
{
    bool with_objects = what == LIMIT_PAGES || what == LIMIT_LOCKED;
    return account->used[what] + (with_objects ? pages_for(account->object_bytes) : 0);
}

static inline bool account_fits(const struct account *account, enum limit what, uint32_t amount)
{
    for (; account; account = account->above)
        if (amount > account->limit[what] - account_in_use(account, what))
            return false;
    return true;
}

/* ERR_LIMIT: nothing has changed. */
MUST_USE static inline err_t account_charge(struct account *account, enum limit what, uint32_t amount)
{
    if (!account_fits(account, what, amount))
        return ERR_LIMIT;
    for (; account; account = account->above)
        account->used[what] += amount;
    return OK;
}

static inline void account_refund(struct account *account, enum limit what, uint32_t amount)
{
    for (; account; account = account->above) {
        assert(amount <= account->used[what]);
        account->used[what] -= amount;
    }
}

static inline bool account_fits_object(const struct account *account, uint32_t bytes)
{
    for (; account; account = account->above) {
        uint32_t pages = pages_for(account->object_bytes + bytes);
        if (pages > account->limit[LIMIT_PAGES] - account->used[LIMIT_PAGES] ||
            pages > account->limit[LIMIT_LOCKED] - account->used[LIMIT_LOCKED])
            return false;
    }
    return true;
}

MUST_USE static inline err_t account_charge_object(struct account *account, uint32_t bytes)
{
    if (!account_fits_object(account, bytes))
        return ERR_LIMIT;
    for (; account; account = account->above)
        account->object_bytes += bytes;
    return OK;
}

static inline void account_refund_object(struct account *account, uint32_t bytes)
{
    for (; account; account = account->above) {
        assert(bytes <= account->object_bytes);
        account->object_bytes -= bytes;
    }
}

/* From one account to another: what both are below of is neither charged nor paid back twice. */
MUST_USE static inline err_t account_move(struct account *from, struct account *to, enum limit what, uint32_t amount)
{
    if (from == to)
        return OK;
    account_refund(from, what, amount);
    err_t error = account_charge(to, what, amount);
    for (; error != OK && from; from = from->above)
        from->used[what] += amount; /* as it was */
    return error;
}

/* account.c: objects. NULL limits: `above` itself, once more. The reference is the caller's.
 * ERR_LIMIT: more than `above` may hold; ERR_MEMORY, ERR_COMMIT, ERR_PARKED */
MUST_USE err_t account_open(struct account *above, const struct limits *limits, struct account **account);
void account_release(struct account *account); /* NULL: nothing */
static inline struct account *account_hold(struct account *account)
{
    if (account)
        account->references++;
    return account;
}
void account_report(const struct account *account, struct limits_report *report);

#endif
