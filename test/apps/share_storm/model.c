/* Who has which page, and what it holds. */
#include "storm.h"

struct place places[PLACES_MAX];
struct cell cells[PLACES_MAX];
static uint16_t free_cell[PLACES_MAX];
static uint32_t free_cells;

void model_start(uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        free_cell[free_cells++] = (uint16_t)i;
        places[i] = (struct place){NOWHERE, NOWHERE, NOWHERE, NOWHERE, NOTHING, 0, 0};
    }
}

static uint16_t cell_new(const struct cell *like)
{
    uint16_t cell = free_cell[--free_cells];
    cells[cell] = *like;
    cells[cell].users = 1;
    return cell;
}

static void cell_leave(uint16_t cell)
{
    if (--cells[cell].users == 0)
        free_cell[free_cells++] = cell;
}

static void lender_forget(uint32_t borrower)
{
    uint16_t *at = &places[places[borrower].lender].borrower;
    while (*at != borrower)
        at = &places[*at].next;
    *at = places[borrower].next;
}

/* => it has lent nothing */
static void place_empty(uint32_t place)
{
    if (places[place].holds == LOAN)
        lender_forget(place);
    if (places[place].holds != NOTHING)
        cell_leave(places[place].cell);
    places[place] = (struct place){NOWHERE, NOWHERE, NOWHERE, NOWHERE, NOTHING, 0, 0};
}

void loans_end(uint32_t place)
{
    uint16_t at;
    while ((at = places[place].borrower) != NOWHERE) {
        while (places[at].borrower != NOWHERE)
            at = places[at].borrower;
        place_empty(at);
    }
}

void place_set(uint32_t place, enum holds holds)
{
    const struct cell never = {0, 0, 0};
    loans_end(place);
    place_empty(place);
    if (holds == OWN)
        places[place] = (struct place){NOWHERE, NOWHERE, NOWHERE, cell_new(&never), OWN, 1, 0};
}

void place_write(uint32_t place, uint32_t generation)
{
    cells[places[place].cell].writer = (uint16_t)place;
    cells[places[place].cell].generation = generation;
}

/* Lent, however often, from one of these places? */
static bool was_lent_from(uint32_t place, uint32_t first, uint32_t count)
{
    for (; place != NOWHERE; place = places[place].lender)
        if (place - first < count)
            return true;
    return false;
}

bool may_pass(uint32_t from, uint32_t to, uint32_t count, uint32_t how, bool *writable)
{
    bool may = true;
    for (uint32_t i = from; i < from + count; i++) {
        may &= places[i].holds != NOTHING && !was_lent_from(i, to, count);
        may &= how != PAGE_MAP || places[i].depth < 31;
        *writable &= places[i].may_write != 0;
    }
    *writable |= how != PAGE_MAP;
    return may;
}

static void place_move(uint32_t from, uint32_t to)
{
    struct place moved = places[from];
    if (moved.holds == LOAN)
        lender_forget(from);
    places[from] = (struct place){NOWHERE, NOWHERE, NOWHERE, NOWHERE, NOTHING, 0, 0};
    for (uint16_t at = moved.borrower; at != NOWHERE; at = places[at].next)
        places[at].lender = (uint16_t)to;
    if (moved.holds == LOAN) {
        moved.next = places[moved.lender].borrower;
        places[moved.lender].borrower = (uint16_t)to;
    }
    places[to] = moved;
}

/* => `to` holds NOTHING */
void place_pass(uint32_t from, uint32_t to, uint32_t how, bool writable)
{
    struct place *f = &places[from];
    if (how == PAGE_GRANT) {
        place_move(from, to);
    } else if (how == PAGE_COPY) {
        places[to] = (struct place){NOWHERE, NOWHERE, NOWHERE, cell_new(&cells[f->cell]), OWN, 1, 0};
    } else {
        places[to] =
            (struct place){(uint16_t)from, NOWHERE, f->borrower, f->cell, LOAN, writable, (uint8_t)(f->depth + 1u)};
        f->borrower = (uint16_t)to;
        cells[f->cell].users++;
    }
}
