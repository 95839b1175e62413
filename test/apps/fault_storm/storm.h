/* What the fault storm's files agree on: who is who, and what a page holds. */
#ifndef FAULT_STORM_STORM_H
#define FAULT_STORM_STORM_H

#include "grant.h"

#define OWN_START 0x403F0000u    /* a client's pages: each thread its own, across the edge of a page table, */
#define COMMON_START 0x50000000u /* and those that all of its threads read */
#define COMMON_PAGES 24u
#define WILD 0x70000000u   /* whose access ends the process */
#define STACKS 0xB0000000u /* the library's threads lie above */

/* Handles that both kinds of children are started with. */
enum storm_handle { HANDLE_PORT_PROCESS = 1, HANDLE_PORT_THREAD, HANDLE_REPORT };

/* Reports, by ipc_send: label, and counts. */
enum storm_label {
    REPORT_CLIENT = 1, /* pages that were verified */
    REPORT_HANDLER,    /* answers: enum storm_answer */
    REPORT_END,
};
enum storm_answer { ANSWER_RETRY, ANSWER_UNWATCH, ANSWER_GRANT, ANSWER_MAP, ANSWER_COPY, ANSWER_KILL, ANSWER_COUNT };

/* Generation 0 is what a handler supplies: it needs to know nothing but whose page it is. */
static inline struct page_key key_of(uint32_t process, uintptr_t address, uint32_t generation)
{
    return (struct page_key){process, address / PAGE_BYTES, generation};
}

int client_run(uint32_t seed, uint32_t threads, uint32_t pages, uint32_t operations);
int handler_run(uint32_t seed);

#endif
