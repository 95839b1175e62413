/* What the parts of try_fault share: a handler with a script of answers, which notes what it was asked. */
#ifndef TRY_FAULT_H
#define TRY_FAULT_H

#include "../expect.h"
#include <apteryx/fault.h>
#include <apteryx/ipc.h>
#include <apteryx/vm.h>

#define PAGE 4096u
#define START 0x40000000u
#define SUPPLY 0x48000000u

enum script { RETRY, UNWATCH, GIVE, MAP, KILL, CLOSE, NEVER, WRONG };

extern handle_t port; /* the handler's */
extern volatile enum script script;
extern struct fault seen;
extern uint32_t seen_badge;
extern volatile uint32_t asked;

static inline volatile uint32_t *at(uintptr_t address) { return (volatile uint32_t *)address; }

void handler(void *unused); /* a thread */
/* So often since the last time, and at last for this. */
bool was_asked(uint32_t times, uintptr_t address, enum fault_access access);

enum vm_kind kind_of(uintptr_t page);
void watched(uintptr_t page, uint32_t value); /* it holds this, and is watched */

/* transfers.c: what the kernel reads and writes for a thread; children.c: who ends by a fault, and who does not */
void try_items(void);
void try_buffers(void);
void try_calls(void);
void try_ends(void);
void try_never(void);
int child_main(const char *what);

#endif
