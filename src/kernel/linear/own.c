/* Threads' own directories: thread space is theirs, process space a set of copies of the master's entries. */
#include "kernel/arch/x86/paging.h"
#include "kernel/linear/inside.h"

static pde_t *copy_of(const struct space *own, page_t page)
{
    assert(own->master && page.n < own->process_end.n);
    return &((pde_t *)frame_pointer(space_directory(own)))[page_directory_index(page)];
}

void space_start_own(struct space *own, struct space *master, frame_t directory, uint32_t id)
{
    space_start(own, directory, id);
    own->master = master;
    own->process_end = master->process_end;
    own->allocate_by_default = master->allocate_by_default;
    own->overcommit = master->overcommit;
    own->account = master->account;
    list_push_back(&master->family, &own->family);
}

void space_end(struct space *space)
{
    assert(space->tables == 0 && (space->master || list_empty(&space->family)));
    list_remove(&space->family);
}

void space_load(struct space *space)
{
    assert(space_is_here(space));
    if (space->master)
        space->master->own_loaded = space_directory(space);
    directory_load(space_directory(space));
}

/* No TLB holds what was not present. */
void space_see_master(struct space *own, page_t page)
{
    if (!space_is_here(own)) /* it will see when it runs */
        return;
    pde_t *copy = copy_of(own, page), pde = space_directory_entry(own->master, page);
    if (pde_is_table(pde))
        pde_store(copy, pde, page_address(page), false);
}

void space_copies_forget(struct space *master, page_t page)
{
    list_for_each(at, &master->family)
    {
        const struct space *own = list_member(at, struct space, family);
        if (space_is_here(own))
            pde_store(copy_of(own, page), pde_none(), page_address(page), false);
    }
}

/* A directory that leaves shows nothing of its master: what is taken away meanwhile need not look for it. */
static void copies_clear(struct space *own)
{
    for (page_t page = {0}; page.n < own->process_end.n; page.n += TABLE_ENTRIES)
        pde_store(copy_of(own, page), pde_none(), page_address(page), false);
}

void space_hide(struct space *space, pde_t word)
{
    if (space_is_here(space)) {
        if (space->master)
            copies_clear(space);
        if (frame_same(directory_current(), space_directory(space)))
            directory_load(directory_kernel());
    }
    space->root = word;
}

void space_show(struct space *space, frame_t directory)
{
    space->root = root_make(ENTRY_NORMAL, directory);
    directory_fill_kernel(frame_pointer(directory));
}

bool space_copy_is_right(const struct space *own, page_t page)
{
    if (!space_is_here(own->master))
        return pde_same(*copy_of(own, page), pde_none());
    pde_t copy = *copy_of(own, page), pde = space_directory_entry(own->master, page);
    if (pde_is_table(copy))
        return pde_is_table(pde) && frame_same(pde_frame(copy), pde_frame(pde));
    return pde_same(copy, pde_none());
}
