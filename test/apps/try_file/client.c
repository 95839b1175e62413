#include "try_file.h"
#include <apteryx/machine.h>
#include <apteryx/process.h>

handle_t files;

err_t ask(enum pagefiles_label label, uint32_t a, uint32_t b, uint32_t c, uint32_t d, struct message *m)
{
    *m = (struct message){.label = label, .words = 4, .word = {a, b, c, d}};
    TRY(ipc_call(files, m));
    return m->label == OK ? (err_t)m->word[0] : ERR_KIND;
}

err_t map(uint32_t start, uint32_t pages, uint32_t file, enum pagefiles_how how)
{
    struct message m;
    return ask(FILES_MAP, start, pages * PAGE_BYTES, file, how, &m);
}

err_t unmap(uint32_t start, uint32_t pages)
{
    struct message m;
    return ask(FILES_UNMAP, start, pages * PAGE_BYTES, 0, 0, &m);
}

uint32_t page_wrong(uint32_t start, uint32_t page, uint32_t file)
{
    uint32_t wrong = 0;
    for (uint32_t i = 0; i < PAGE_WORDS; i += 37)
        wrong += word_at(start, page)[i] != file_word(file, page, i);
    return wrong;
}

uint32_t frame_at(uint32_t address)
{
    struct entry_info e;
    return entry_query(process_id(), address, &e) == OK && e.kind == 3 ? e.frame : ENTRY_INFO_NONE;
}
