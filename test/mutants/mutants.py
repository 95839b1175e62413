"""The mutants: small faults, each in one place of one file, and the tests that must notice.

`old` stands exactly once in `file`. `host` names host tests (test/host/NAME.c), `boot` boot tests (FILE.NAME, as
test/boot/run_tests prints them)."""

from collections import namedtuple

Mutant = namedtuple("Mutant", "name file old new host boot", defaults=((), ()))

PAGER = ("test_pager",)
SHARE = ("test_share",)

MUTANTS = (
    # what the processor remembers, and what it says
    Mutant("the gate forgets to flush the TLB", "src/kernel/arch/x86/paging.c",
           "    if (live && pte_present(old))\n        tlb_forget(linear);\n    return old;",
           "    (void)live, (void)linear;\n    return old;", boot=("swap_servers.memswap",)),
    Mutant("no space is ever live", "src/kernel/linear/space.c",
           "return frame_same(current, space->directory) ||", "return frame_same(current, FRAME_NONE) ||",
           host=("test_linear",)),
    Mutant("a master is not live through own directories", "src/kernel/linear/space.c",
           " || frame_same(current, space->own_loaded);", ";", host=("test_thread_space",)),
    Mutant("own directories keep the copy of a table that is gone", "src/kernel/linear/space.c",
           "    if (!space->master)\n        space_copies_forget(space, page);", "    if (!space->master)\n        (void)page;",
           host=("test_thread_space",)),
    Mutant("a granted page's record names its old space", "src/kernel/pager/pass.c",
           "        record_name(pte_frame(entry), to, at);", "        (void)at;", boot=("grant.under_pressure",)),
    Mutant("a dirty bit is dropped at eviction", "src/kernel/pager/place.c",
           "if (pte_dirty(page_exchange(space, page, pte_transit(frame))))",
           "if (!pte_present(page_exchange(space, page, pte_transit(frame))))", host=PAGER),
    Mutant("the clean copy is believed unseen", "src/kernel/pager/evict.c",
           "if (!record_has(r, FRAME_DIRTY) && record_has_block(r)) {", "if (record_has_block(r)) {", host=PAGER),

    # frames and blocks
    Mutant("a block is freed while the frame keeps it", "src/kernel/pager/reclaim.c",
           "        block_return(record_block(r));\n    record_set_block(r, BLOCK_NONE);",
           "        block_return(record_block(r));", host=PAGER),
    Mutant("a block that is free may be freed again", "src/usage/core/blocks.c",
           "    if (!blocks_taken(block))\n        return false;\n", "", host=("test_usage_blocks",)),
    Mutant("an orphan is used again at once", "src/kernel/pager/reclaim.c",
           "if (state == FRAME_READING || state == FRAME_WRITING || record_has(r, FRAME_IN_FLIGHT)) {",
           "if (state == FRAME_READING) {", host=PAGER),
    Mutant("a standby frame is taken, its entry not told", "src/kernel/pager/place.c",
           "    page_exchange(space, page, to_swap ? pte_transit_to_swap(space_entry(space, page, NULL), block) :",
           "    if (!to_swap)\n        page_exchange(space, page,", host=PAGER),
    Mutant("a frame is not zeroed", "src/kernel/pager/reclaim.c",
           "if (want_zeroed && !zeroed)", "if (want_zeroed && zeroed)", host=PAGER),
    Mutant("a run of frames is one too long", "src/kernel/frames/frames_run.c",
           "for (uint32_t n = first + count; n > first; n--) {", "for (uint32_t n = first + count; n > first + 1; n--) {",
           host=("test_frames",)),
    Mutant("the last block is never found", "src/usage/core/blocks.c",
           "*first = bitmap_find(blocks.map, blocks.blocks, from, false);\n    return *first < blocks.blocks ?",
           "*first = bitmap_find(blocks.map, blocks.blocks, from, false);\n    return *first + 1 < blocks.blocks ?",
           host=("test_usage_blocks",)),

    # entries, verdicts, runs, commit
    Mutant("a run is a page too long", "src/kernel/linear/query.c",
           "last->bytes += pages * PAGE_BYTES;", "last->bytes += (pages + 1) * PAGE_BYTES;", host=("test_linear",)),
    Mutant("a block's number is off by one", "src/common/entry.h",
           "return word_number(block.n + ENTRY_SWAP_FIRST);", "return word_number(block.n + 1 + ENTRY_SWAP_FIRST);",
           host=("test_entry",)),
    Mutant("text may be written", "src/kernel/linear/verdict.c",
           "    if (write && !space_protection(space, page).write)\n        return VERDICT_FAULT;\n", "",
           host=("test_verdict",)),
    Mutant("a guard is allocated", "src/kernel/linear/verdict.c",
           "    case ENTRY_GUARD:\n        verdict = VERDICT_FAULT;",
           "    case ENTRY_GUARD:\n        verdict = write ? VERDICT_ZEROED : VERDICT_FAULT;", host=("test_verdict",)),
    Mutant("the zero page may be written", "src/kernel/linear/verdict.c",
           "verdict = write && !pte_writable(entry) ? VERDICT_COPY : VERDICT_PRESENT;", "verdict = VERDICT_PRESENT;", host=("test_verdict",)),
    Mutant("what is unmapped stays charged", "src/kernel/pager/range.c",
           "    pager_refund(space, refund);\n", "    (void)refund;\n", host=PAGER),
    Mutant("commit has no limit", "src/kernel/pager/commit.c",
           "if (used > limit || pages > limit - used)", "if (used > limit + 0x10000u || pages > limit + 0x10000u - used)",
           host=PAGER, boot=("promises.refused",)),

    # lent pages
    Mutant("rights grow on the way", "src/kernel/linear/lend.c",
           "may_write && lend_may_write(parent)", "may_write", host=("test_lend",)),
    Mutant("a dead node's number is used again", "src/kernel/linear/lend.c",
           "    if (keeps_number)\n        s->kind = SLOT_DEAD;", "    if (keeps_number && !s->may_write)\n        s->kind = SLOT_DEAD;",
           host=("test_lend",)),
    Mutant("who was copied goes on writing", "src/kernel/pager/pass.c",
           "    if (!maps)\n        lent_show_tree(lend_top(node));", "    if (maps)\n        lent_show_tree(lend_top(node));",
           host=SHARE),
    Mutant("a copy is only lent", "src/kernel/pager/pass.c",
           ": lend_copy(node, place);", ": lend_map(node, place, true);", host=SHARE),
    Mutant("a copy is not charged", "src/kernel/pager/pass.c",
           "        return pager_charge(p->to, pass_pages(p));", "        return OK;", host=SHARE),
    Mutant("pages land on those that lent them", "src/kernel/pager/pass.c",
           "place.page.n < to.end.n)\n            return true;", "place.page.n < to.end.n)\n            break;", host=SHARE),
    Mutant("what was lent onwards stays", "src/kernel/pager/lent.c",
           "    while (!node_is_none(lend_child(node)))", "    while (!node_is_none(lend_child(node)) && node.n % 8)",
           host=SHARE),
    Mutant("what a borrower wrote is not noticed", "src/kernel/pager/lent.c",
           "pte_dirty(was) ? FRAME_DIRTY : 0", "pte_dirty(was) && pte_kind(was) != ENTRY_SHARED ? FRAME_DIRTY : 0",
           host=SHARE),
    Mutant("eviction forgets a borrower", "src/kernel/pager/place.c",
           "        if (pte_present(node_entry(node)))\n            lent_show(node);",
           "        if (pte_present(node_entry(node)) && node.n % 8)\n            lent_show(node);", host=SHARE),
    Mutant("the last to go leaves the page", "src/kernel/pager/lent.c",
           "    if (last)\n        page_free(word);", "    if (last && node.n % 8)\n        page_free(word);\n    else if (last)\n        return;",
           host=SHARE),
    Mutant("who shares a copied page parts alone", "src/kernel/pager/lent_fault.c",
           "TRY(tree_copy(lend_top(node), pte_frame(entry)));", "TRY(tree_copy(node, pte_frame(entry)));", host=SHARE),

    # order of eviction
    Mutant("lru keeps the old and evicts the young", "src/usage/policy/lru.c",
           "    order_move_young(frame, youngest);\n", "    order_move_old(frame, oldest());\n",
           host=("test_refstring_model",)),
    Mutant("fifo moves what is used", "src/usage/policy/fifo.c",
           "static void soft_touched(frame_t frame) { order_move_old(frame, QUEUE); }",
           "static void soft_touched(frame_t frame) { order_move_young(frame, QUEUE); }", host=("test_usage_fifo",)),
    Mutant("a list loses its youngest", "src/usage/core/lists.c",
           "        lists[list].youngest = older;\n", "        lists[list].youngest = frame;\n", host=("test_usage_fifo",)),

    # swap and its servers
    Mutant("an error of the swap server is swallowed", "src/kernel/pager/swap.c",
           "i >= words || word[i] != OK", "i >= words || word[i] > 0xFFu", host=PAGER),
    Mutant("the wrong thread is woken", "src/kernel/pager/swap.c",
           "        if (!frame_same(thread->page_frame, frame))\n",
           "        if (frame_same(thread->page_frame, frame))\n", host=PAGER),
    Mutant("a disk transfer is a block too long", "src/servers/swap/batch.c",
           "words[2 * batch->order[from + length]] == first + length",
           "words[2 * batch->order[from + length]] >= first + length", host=("test_servers",)),

    # modules, messages, programs
    Mutant("a module of a foreign version is loaded", "src/kernel/usage/loader.c",
           "if (*module->version != USAGE_VERSION)", "if (*module->version > USAGE_VERSION + 0x10000000u)",
           boot=("boot.foreign_version",)),
    Mutant("a notification is lost", "src/kernel/ipc/port.c",
           "port->notified |= bits;", "port->notified = bits;", boot=("library.default",)),
    Mutant("the kernel writes where a program says", "src/kernel/arch/x86/user_copy.c",
           "return bytes <= KERNEL_SPACE && start <= KERNEL_SPACE - bytes;", "return bytes <= KERNEL_SPACE && start != 1;",
           boot=("library.default",)),
    Mutant("a program's segment leaves its file", "src/kernel/task/elf.c",
           "s->file_bytes > s->memory_bytes || !elf_within(s->offset, s->file_bytes, bytes))",
           "s->file_bytes > s->memory_bytes || !elf_within(s->offset, s->file_bytes, bytes + 0x10000u))",
           host=("test_inputs",)),
    Mutant("an archive's file leaves the archive", "src/kernel/task/archive.c",
           "            bytes > a->bytes - data)", "            bytes > a->bytes)", host=("test_archive",)),

    # what the entries are compared with
    Mutant("a tree with gaps overlooks one that just fits", "test/structures/gap_tree.c",
           "at.n + hole->pages > next.n", "at.n + hole->pages >= next.n", host=("test_structures",)),
    Mutant("a mirror counts what is gone", "test/structures/mirror_counts.c",
           "    m->counts[page_table_index(page)]--;\n", "", host=("test_structures",)),
)
