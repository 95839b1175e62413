/* The fault table (docs/design.md, section 3), written from the design and not from the code. What is not there yet
 * (file servers, lending) ends in the fault handler's row until then. */
#ifndef FAULT_TABLE_H
#define FAULT_TABLE_H

#include "kernel/linear/linear.h"

struct fault_row {
    const char *name;
    enum entry_kind kind;
    bool writable; /* of a present entry */
    enum verdict read, write;
};
extern const struct fault_row fault_table[];
extern const uint32_t fault_rows;

/* What an access to a page asks for, given the kind of its entry and the area in which it lies. */
enum verdict fault_table_says(const struct space *space, page_t page, enum entry_kind kind, bool writable,
                              enum access access);

#endif
