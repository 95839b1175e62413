#include "share_model.h"
#include "host.h"
#include "kernel/linear/lend.h"
#include <string.h>

#define NOWHERE PLACES

struct place_model model[PLACES];
static uint32_t value[PLACES]; /* of every word of a cell */

static uint32_t cell_new(uint32_t of)
{
    static bool taken[PLACES];
    memset(taken, 0, sizeof taken);
    for (uint32_t i = 0; i < PLACES; i++)
        if (place_shows(i))
            taken[model[i].cell] = true;
    for (uint32_t i = 0; i < PLACES; i++)
        if (!taken[i]) {
            value[i] = of;
            return i;
        }
    fail_msg("as many cells as places");
    return 0;
}

uint32_t *place_value(uint32_t i) { return &value[model[i].cell]; }

void loans_end(uint32_t lender)
{
    for (uint32_t i = 0; i < PLACES; i++)
        if (model[i].holds == LOAN && model[i].lender == lender) {
            loans_end(i);
            model[i] = (struct place_model){.holds = NOTHING};
        }
}

void place_set(uint32_t i, enum holds holds)
{
    loans_end(i);
    model[i] = (struct place_model){.holds = NOTHING};
    if (holds == OWN)
        model[i] = (struct place_model){OWN, NOWHERE, cell_new(0), true, false};
    model[i].holds = holds;
}

static uint32_t depth_of(uint32_t i)
{
    uint32_t depth = 0;
    for (; model[i].holds == LOAN; i = model[i].lender)
        depth++;
    return depth;
}

static bool owner_has_locked(uint32_t i)
{
    while (model[i].holds == LOAN)
        i = model[i].lender;
    return model[i].locked;
}

static bool lands_on_its_lender(uint32_t i, struct run to)
{
    for (; model[i].holds == LOAN; i = model[i].lender)
        if (model[i].lender >= place(to, 0) && model[i].lender < place(to, to.pages))
            return true;
    return i >= place(to, 0) && i < place(to, to.pages);
}

err_t pass_expected(struct run from, struct run to, uint32_t how, bool *writable)
{
    if (from.program == to.program && to.first < from.first + from.pages && from.first < to.first + to.pages)
        return ERR_RANGE;
    for (uint32_t i = 0; i < from.pages; i++) {
        uint32_t at = place(from, i);
        if (!place_shows(at))
            return ERR_KIND;
        if (how == PAGE_COPY && model[at].locked)
            return ERR_KIND;
        *writable &= model[at].may_write;
        if (lands_on_its_lender(at, to))
            return ERR_RANGE;
        if (how == PAGE_COPY && owner_has_locked(at))
            return ERR_KIND;
        if (how == PAGE_MAP && depth_of(at) == LEND_DEPTH_MAX)
            return ERR_LIMIT;
    }
    if (how != PAGE_MAP)
        *writable = true;
    return OK;
}

static void place_granted(uint32_t from, uint32_t to)
{
    model[to] = model[from];
    model[from] = (struct place_model){.holds = NOTHING};
    for (uint32_t i = 0; i < PLACES; i++)
        if (model[i].holds == LOAN && model[i].lender == from)
            model[i].lender = to;
}

void model_pass(struct run from, struct run to, uint32_t how, bool writable)
{
    for (uint32_t i = 0; i < to.pages; i++)
        place_set(place(to, i), NOTHING);
    for (uint32_t i = 0; i < from.pages; i++) {
        uint32_t at = place(from, i), there = place(to, i);
        if (how == PAGE_GRANT)
            place_granted(at, there);
        else if (how == PAGE_MAP)
            model[there] = (struct place_model){LOAN, at, model[at].cell, writable, false};
        else
            model[there] = (struct place_model){OWN, NOWHERE, cell_new(value[model[at].cell]), true, false};
    }
}
