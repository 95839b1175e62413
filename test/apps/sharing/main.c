/* sharing: what the documentation says of page items that map and copy, and of vm_unmap, sentence by sentence.
 * RESULT sharing: checks wrong. */
#include "common/entry.h"
#include "expect.h"
#include "puppet.h"
#include <apteryx/info.h>
#include <apteryx/machine.h>
#include <apteryx/time.h>

#define HERE 0x40000000u   /* our pages */
#define WINDOW 0x50000000u /* where pages land, here and in puppets */
#define ONWARD 0x60000000u /* where puppets' pages land in other puppets */
#define PAGES 16u
#define BYTES (PAGES * PAGE_BYTES)

static struct puppet a, b;

static volatile uint32_t *word(uint32_t page) { return (volatile uint32_t *)(HERE + page * PAGE_BYTES); }
static struct page_item item(uint32_t how, uint32_t writable) { return (struct page_item){HERE, BYTES, how, writable}; }
static uint32_t load(const struct puppet *p, uintptr_t at) { return puppet_ask(p, PUPPET_LOAD, at, 0, 0); }
static void store(const struct puppet *p, uintptr_t at, uint32_t value)
{
    EXPECT(puppet_ask(p, PUPPET_STORE, at, value, 0) == OK);
}
static enum vm_kind kind(const struct puppet *p, uintptr_t at) { return puppet_ask(p, PUPPET_KIND, at, 0, 0); }
static void window(const struct puppet *p, uintptr_t at) { EXPECT(puppet_ask(p, PUPPET_WINDOW, at, BYTES, 0) == OK); }

/* Pages of our own, each with its number in its first word. */
static void own(uint32_t salt)
{
    EXPECT_ERROR(vm_set(HERE, BYTES, VM_ON_DEMAND), OK);
    for (uint32_t i = 0; i < PAGES; i++)
        *word(i) = salt + i;
}

static void mapped_pages_are_the_same(void)
{
    uint32_t writable = 9, charged;
    own(100);
    charged = info()->commit_used;
    EXPECT_ERROR(pages_pass(&a, item(PAGE_MAP, 1), &writable), OK);
    EXPECT(writable == 1 && info()->commit_used <= charged + 1); /* a table, perhaps */
    EXPECT(kind(&a, WINDOW) == VM_SHARED && kind_at(HERE) == VM_NORMAL);
    EXPECT(load(&a, WINDOW + 3 * PAGE_BYTES) == 103);
    store(&a, WINDOW + 3 * PAGE_BYTES, 7);
    EXPECT(*word(3) == 7);
    *word(3) = 8;
    EXPECT(load(&a, WINDOW + 3 * PAGE_BYTES) == 8);
    EXPECT_ERROR(vm_unmap(HERE, PAGE_BYTES), OK);
    EXPECT(kind(&a, WINDOW) == VM_NONE && kind(&a, WINDOW + PAGE_BYTES) == VM_SHARED);
    EXPECT(kind_at(HERE) == VM_NORMAL && *word(0) == 100);
    EXPECT_ERROR(vm_unmap(HERE, BYTES), OK);
    EXPECT(kind(&a, WINDOW + 3 * PAGE_BYTES) == VM_NONE && *word(3) == 8);
}

static void rights_do_not_grow(void)
{
    uint32_t writable = 9;
    own(200);
    EXPECT_ERROR(pages_pass(&a, item(PAGE_MAP, 0), &writable), OK);
    EXPECT(writable == 0);
    EXPECT_ERROR(puppet_pass(&a, &b, (struct page_item){WINDOW, BYTES, PAGE_MAP, 1}, &writable), OK);
    EXPECT(writable == 0 && load(&b, ONWARD) == 200);
    *word(0) = 201;
    EXPECT(load(&b, ONWARD) == 201);
    EXPECT(puppet_ask(&b, PUPPET_STORE, ONWARD, 1, 0) == ERR_DEAD); /* it ends by the fault */
    EXPECT(puppet_wait(&b) == (int)STATUS_FAULT);
    EXPECT(*word(0) == 201 && load(&a, WINDOW) == 201);
    b = puppet_start();
    window(&b, ONWARD);
    EXPECT_ERROR(puppet_pass(&a, &b, (struct page_item){WINDOW, BYTES, PAGE_COPY, 0}, &writable), OK);
    EXPECT(writable == 1); /* a copy is its receiver's own */
    store(&b, ONWARD, 5);
    EXPECT(*word(0) == 201 && load(&a, WINDOW) == 201);
}

static void taken_back_recursively(void)
{
    own(300);
    EXPECT_ERROR(pages_pass(&a, item(PAGE_MAP, 1), NULL), OK);
    EXPECT_ERROR(puppet_pass(&a, &b, (struct page_item){WINDOW, BYTES, PAGE_MAP, 1}, NULL), OK);
    store(&b, ONWARD, 301);
    EXPECT(*word(0) == 301 && load(&a, WINDOW) == 301);
    EXPECT(puppet_ask(&a, PUPPET_UNMAP, WINDOW, PAGE_BYTES, 0) == OK);
    EXPECT(kind(&b, ONWARD) == VM_NONE && kind(&a, WINDOW) == VM_SHARED);
    EXPECT_ERROR(vm_unmap(HERE, BYTES), OK);
    EXPECT(kind(&b, ONWARD + PAGE_BYTES) == VM_NONE && kind(&a, WINDOW) == VM_NONE);
    EXPECT_ERROR(pages_pass(&a, item(PAGE_MAP, 1), NULL), OK);
    EXPECT_ERROR(puppet_pass(&a, &b, (struct page_item){WINDOW, BYTES, PAGE_GRANT, 0}, NULL), OK);
    EXPECT(kind(&a, WINDOW) == VM_NONE && kind(&b, ONWARD) == VM_SHARED);
    EXPECT_ERROR(vm_unmap(HERE, BYTES), OK);
    EXPECT(kind(&b, ONWARD) == VM_NONE);
    EXPECT_ERROR(vm_unmap(HERE + 1, BYTES), ERR_RANGE);
    EXPECT_ERROR(vm_unmap(0xBFFFF000u, BYTES), ERR_RANGE);
    EXPECT_ERROR(vm_unmap(0x70000000u, BYTES), OK); /* nothing is there */
}

static void copies_part_when_written(void)
{
    uint32_t charged, copied;
    own(400);
    EXPECT_ERROR(vm_set(HERE, PAGE_BYTES, VM_ON_DEMAND), OK);
    charged = info()->commit_used;
    EXPECT_ERROR(pages_pass(&a, item(PAGE_COPY, 0), NULL), OK);
    EXPECT(info()->commit_used >= charged + PAGES); /* in full, now */
    EXPECT(kind(&a, WINDOW) == VM_ON_DEMAND && kind(&a, WINDOW + PAGE_BYTES) == VM_COW &&
           kind_at(HERE + PAGE_BYTES) == VM_COW);
    copied = info()->faults_cow;
    *word(1) = 1;
    EXPECT(info()->faults_cow == copied + 1 && kind_at(HERE + PAGE_BYTES) == VM_NORMAL);
    EXPECT(load(&a, WINDOW + PAGE_BYTES) == 401 && kind(&a, WINDOW + PAGE_BYTES) == VM_NORMAL); /* it took it over */
    store(&a, WINDOW + 2 * PAGE_BYTES, 2);
    EXPECT(*word(2) == 402 && kind_at(HERE + 2 * PAGE_BYTES) == VM_NORMAL);
    EXPECT_ERROR(vm_unmap(HERE, BYTES), OK);
    EXPECT(load(&a, WINDOW + 3 * PAGE_BYTES) == 403); /* a copy is not taken back */
    EXPECT_ERROR(vm_set(HERE, BYTES, VM_NONE), OK);
    EXPECT(load(&a, WINDOW + 3 * PAGE_BYTES) == 403 && load(&a, WINDOW) == 0);
}

static void a_copy_of_what_is_shared(void)
{
    own(500);
    EXPECT_ERROR(pages_pass(&a, item(PAGE_MAP, 1), NULL), OK);
    EXPECT_ERROR(puppet_pass(&a, &b, (struct page_item){WINDOW, BYTES, PAGE_COPY, 0}, NULL), OK);
    store(&a, WINDOW, 501); /* those who share it go on sharing it */
    EXPECT(*word(0) == 501 && load(&b, ONWARD) == 500);
    *word(1) = 7;
    EXPECT(load(&a, WINDOW + PAGE_BYTES) == 7 && load(&b, ONWARD + PAGE_BYTES) == 501);
    store(&b, ONWARD + 2 * PAGE_BYTES, 9);
    EXPECT(*word(2) == 502 && load(&a, WINDOW + 2 * PAGE_BYTES) == 502);
    store(&a, WINDOW + 2 * PAGE_BYTES, 8);
    EXPECT(*word(2) == 8);
}

static void discarded_or_ended_it_is_gone(void)
{
    struct page_item landed;
    struct puppet c = puppet_start();
    own(600);
    EXPECT_ERROR(pages_pass(&a, item(PAGE_MAP, 1), NULL), OK);
    EXPECT_ERROR(vm_set(HERE, PAGE_BYTES, VM_ON_DEMAND), OK);
    EXPECT(kind(&a, WINDOW) == VM_NONE && *word(0) == 0);
    EXPECT(puppet_ask(&a, PUPPET_SET, WINDOW + PAGE_BYTES, PAGE_BYTES, VM_GUARD) == OK);
    EXPECT(*word(1) == 601 && kind_at(HERE + PAGE_BYTES) == VM_NORMAL);
    EXPECT_ERROR(ipc_window(WINDOW, BYTES), OK);
    EXPECT(puppet_ask(&c, PUPPET_SET, WINDOW, BYTES, VM_ON_DEMAND) == OK);
    store(&c, WINDOW, 1);
    EXPECT_ERROR(puppet_give(&c, (struct page_item){WINDOW, BYTES, PAGE_MAP, 1}, &landed), OK);
    EXPECT(landed.start == WINDOW && landed.bytes == BYTES && landed.how == PAGE_MAP && landed.writable == 1);
    EXPECT(*(volatile uint32_t *)WINDOW == 1 && kind_at(WINDOW) == VM_SHARED);
    EXPECT(puppet_end(&c) == (int)STATUS_KILLED);
    EXPECT(kind_at(WINDOW) == VM_NONE); /* its owner's end */
    EXPECT(puppet_end(&a) == (int)STATUS_KILLED);
    EXPECT(*word(2) == 602); /* a borrower's end */
    a = puppet_start();
    window(&a, WINDOW);
}

/* Out of RAM, and back for all. */
static void evicted_for_all(void)
{
    own(700);
    EXPECT_ERROR(pages_pass(&a, item(PAGE_MAP, 1), NULL), OK);
    EXPECT_ERROR(puppet_pass(&a, &b, (struct page_item){WINDOW, BYTES, PAGE_COPY, 0}, NULL), OK);
    EXPECT_ERROR(vm_page_out(HERE, BYTES), OK);
    EXPECT(kind_at(HERE) == VM_LENT && kind(&a, WINDOW) == VM_LENT && kind(&b, ONWARD) == VM_LENT);
    struct entry_info entry;
    EXPECT_ERROR(entry_query(process_id(), HERE, &entry), OK);
    EXPECT(entry.kind == ENTRY_LENT && (entry.frame != ENTRY_INFO_NONE || entry.block != ENTRY_INFO_NONE));
    EXPECT(load(&b, ONWARD) == 700 && load(&a, WINDOW) == 700 && *word(0) == 700);
    EXPECT(kind(&b, ONWARD) == VM_COW && kind(&a, WINDOW) == VM_SHARED && kind_at(HERE) == VM_COW);
    EXPECT_ERROR(vm_page_out(HERE, BYTES), OK);
    store(&a, WINDOW, 701);
    EXPECT(*word(0) == 701 && load(&b, ONWARD) == 700 && kind_at(HERE) == VM_NORMAL);
    EXPECT(puppet_ask(&a, PUPPET_OUT, WINDOW, BYTES, 0) == OK);
    EXPECT(kind_at(HERE) == VM_LENT);
    EXPECT_ERROR(vm_unmap(HERE, BYTES), OK); /* while it is out */
    EXPECT(kind(&a, WINDOW) == VM_NONE && *word(0) == 701 && *word(5) == 705 &&
           load(&b, ONWARD + 5 * PAGE_BYTES) == 705);
    EXPECT_ERROR(vm_page_out(HERE, BYTES), OK);
    EXPECT_ERROR(pages_pass(&a, item(PAGE_MAP, 1), NULL), OK); /* lent while it is out */
    store(&a, WINDOW + 6 * PAGE_BYTES, 6);
    EXPECT(*word(6) == 6 && *word(7) == 707 && load(&b, ONWARD + 6 * PAGE_BYTES) == 706);
}

static void refused(void)
{
    own(800);
    EXPECT_ERROR(vm_set(HERE, PAGE_BYTES, VM_LOCKED), OK);
    EXPECT_ERROR(pages_pass(&a, item(PAGE_COPY, 0), NULL), ERR_KIND);
    EXPECT_ERROR(pages_pass(&a, item(PAGE_MAP, 1), NULL), OK);
    EXPECT(load(&a, WINDOW) == 800 && kind_at(HERE) == VM_LOCKED);
    EXPECT_ERROR(puppet_pass(&a, &b, (struct page_item){WINDOW, BYTES, PAGE_COPY, 0}, NULL), ERR_KIND);
    EXPECT(puppet_ask(&a, PUPPET_SET, WINDOW + PAGE_BYTES, PAGE_BYTES, VM_LOCKED) == ERR_KIND); /* not its own */
    EXPECT_ERROR(vm_set(HERE, BYTES, VM_NORMAL), OK);
    EXPECT_ERROR(ipc_window(HERE, BYTES), OK);
    struct page_item landed;
    EXPECT_ERROR(puppet_give(&a, (struct page_item){WINDOW, BYTES, PAGE_MAP, 1}, &landed), ERR_RANGE);
    EXPECT_ERROR(puppet_give(&a, (struct page_item){WINDOW, BYTES, PAGE_GRANT, 0}, &landed), ERR_RANGE);
    EXPECT(load(&a, WINDOW) == 800 && *word(0) == 800);
    EXPECT_ERROR(vm_set(HERE + PAGE_BYTES, PAGE_BYTES, VM_GUARD), OK);
    EXPECT_ERROR(pages_pass(&b, item(PAGE_MAP, 1), NULL), ERR_KIND);
    EXPECT_ERROR(pages_pass(&b, (struct page_item){0x70000000u, BYTES, PAGE_COPY, 0}, NULL), ERR_KIND);
}

#define MANY 0x48000000u /* where one page is shown very often, and where it goes to and fro */
#define NODES_MAX 1024u
#define DEPTH_MAX 31u

static uintptr_t many(uint32_t i) { return MANY + i * PAGE_BYTES; }

static err_t lend_to(uintptr_t there)
{
    EXPECT(puppet_ask(&a, PUPPET_WINDOW, there, PAGE_BYTES, 0) == OK);
    return pages_pass(&a, (struct page_item){HERE, PAGE_BYTES, PAGE_MAP, 1}, NULL);
}

static void one_page_in_many_places(void)
{
    uint32_t i = 1;
    own(900);
    while (i < NODES_MAX && lend_to(many(i)) == OK)
        i++;
    EXPECT(i == NODES_MAX); /* ours is one of them */
    EXPECT_ERROR(lend_to(many(i)), ERR_LIMIT);
    EXPECT(load(&a, many(7)) == 900 && kind(&a, many(i)) == VM_NONE);
    EXPECT_ERROR(vm_page_out(HERE, PAGE_BYTES), OK);
    EXPECT(kind(&a, many(1)) == VM_LENT && kind(&a, many(1023)) == VM_LENT && kind_at(HERE) == VM_LENT);
    store(&a, many(1023), 901);
    EXPECT(*word(0) == 901 && load(&a, many(1)) == 901);
    EXPECT(puppet_ask(&a, PUPPET_SET, many(9), PAGE_BYTES, VM_NONE) == OK);
    EXPECT_ERROR(lend_to(many(9)), OK);
    EXPECT_ERROR(vm_unmap(HERE, BYTES), OK);
    for (i = 1; i < NODES_MAX; i += 73)
        EXPECT(kind(&a, many(i)) == VM_NONE);
    EXPECT(*word(0) == 901 && kind_at(HERE) == VM_NORMAL);
}

static void lent_onwards_again_and_again(void)
{
    struct puppet *at = &a, *next = &b;
    uint32_t depth = 1;
    own(1000);
    EXPECT_ERROR(lend_to(many(0)), OK);
    for (err_t error = OK; error == OK && depth <= DEPTH_MAX; depth += error == OK) {
        EXPECT(puppet_ask(next, PUPPET_WINDOW, many(depth), PAGE_BYTES, 0) == OK);
        error = puppet_pass(at, next, (struct page_item){many(depth - 1), PAGE_BYTES, PAGE_MAP, 1}, NULL);
        EXPECT_ERROR(error, depth < DEPTH_MAX ? OK : ERR_LIMIT);
        struct puppet *was = at;
        at = next;
        next = was;
    }
    EXPECT(depth == DEPTH_MAX);
    store(depth % 2 ? &a : &b, many(depth - 1), 1001); /* the last one of the chain */
    EXPECT(*word(0) == 1001);
    EXPECT_ERROR(vm_set(HERE, PAGE_BYTES, VM_NONE), OK);
    EXPECT(kind(&a, many(0)) == VM_NONE && kind(&b, many(1)) == VM_NONE && kind(&a, many(DEPTH_MAX - 1)) == VM_NONE);
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1)
        puppet_run();
    a = puppet_start();
    b = puppet_start();
    window(&a, WINDOW);
    window(&b, ONWARD);
    mapped_pages_are_the_same();
    rights_do_not_grow();
    taken_back_recursively();
    copies_part_when_written();
    a_copy_of_what_is_shared();
    discarded_or_ended_it_is_gone();
    evicted_for_all();
    refused();
    one_page_in_many_places();
    lent_onwards_again_and_again();
    (void)puppet_end(&a);
    (void)puppet_end(&b);
    return expect_end("sharing");
}
