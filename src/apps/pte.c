/* pte [PID] ADDRESS: the entries that translate an address, raw and in words. */
#include "common/entry.h"
#include "common/format.h"
#include "common/number.h"
#include <apteryx/machine.h>
#include <apteryx/options.h>
#include <apteryx/print.h>
#include <apteryx/process.h>

#define NUMBER_BYTES 12u

/* "-" where there is none. */
static const char *number_text(char *room, bool hex, uint32_t value)
{
    if (value == ENTRY_INFO_NONE)
        return "-";
    (void)(hex ? format_text(room, NUMBER_BYTES, "0x%08x", value) : format_text(room, NUMBER_BYTES, "%u", value));
    return room;
}

int main(int argc, char **argv)
{
    const char *word[2];
    char pte[NUMBER_BYTES], frame[NUMBER_BYTES], block[NUMBER_BYTES];
    struct entry_info entry;
    uint32_t pid = process_id(), address;
    const struct options options = {
        .usage = "pte [PID|%N] ADDRESS",
        .about = "Prints the page-directory and page-table entries of an address, of this process or another.",
        .words = word,
        .words_max = 2,
    };
    uint32_t words = options_read(&options, argc, argv);
    if (words == 0)
        usage_error(argv[0], "which address?", "ADDRESS");
    if (words == 2 && !number_decimal(word[0], &pid))
        usage_error(argv[0], "not a process", word[0]);
    if (!number_any(word[words - 1], &address))
        usage_error(argv[0], "not an address", word[words - 1]);
    err_t err = entry_query(pid, address, &entry);
    if (err != OK) {
        print("pte: process %u, address 0x%08x: %s\n", pid, address, err_name(err));
        return 1;
    }
    result("pte", "address=0x%08x pde=0x%08x pde_kind=%s pte=%s kind=%s frame=%s block=%s", address, entry.pde,
           entry_kind_name((enum entry_kind)entry.pde_kind), number_text(pte, true, entry.pte),
           entry_kind_name((enum entry_kind)entry.kind), number_text(frame, false, entry.frame),
           number_text(block, false, entry.block));
    return 0;
}
