/* Many clients at a time. */
#include "common/format.h"
#include "try_file.h"
#include <apteryx/info.h>
#include <apteryx/process.h>
#include <apteryx/random.h>
#include <apteryx/string.h>
#include <apteryx/time.h>

#define SHARED_US 6000000u /* all of them show the pages at once */

/* reader FILE PAGES ROUNDS: no page may be wrong. */
int reader(uint32_t file, uint32_t pages, uint32_t rounds)
{
    uint32_t wrong = 0;
    if (map(ALWAYS, FILES * FILE_PAGES, 0, HOW_READ) != OK)
        return 2;
    for (uint32_t round = 0; round < rounds; round++)
        for (uint32_t page = 0; page < pages; page++)
            wrong += page_wrong(ALWAYS + file * FILE_PAGES * PAGE_BYTES, page, file);
    return wrong != 0;
}

/* writer SEED PAGES ROUNDS: what was written is read. */
int writer(uint32_t seed, uint32_t pages, uint32_t rounds)
{
    uint32_t wrong = 0;
    if (map(AREA, pages, seed % FILES, seed % 2 ? HOW_WRITE : HOW_PRIVATE) != OK)
        return 2;
    for (uint32_t round = 0; round < rounds; round++)
        for (uint32_t page = 0; page < pages; page++) {
            volatile uint32_t *word = word_at(AREA, page);
            wrong += round ? word[1] != (seed ^ page) + round - 1 || word[900] != ~page
                           : page_wrong(AREA, page, seed % FILES) != 0;
            wrong += info()->file_private > info()->ram_frames / 4;
            word[1] = (seed ^ page) + round;
            word[900] = ~page;
        }
    return wrong != 0;
}

int children(const char *role, uint32_t procs, char *pages, char *rounds, const char *name)
{
    static handle_t child[256];
    uint32_t lost = 0, started = 0;
    uint32_t frames = info()->frames_resident, faults = info()->faults_file, out = info()->file_out,
             dropped = info()->file_dropped;
    for (; started < procs && started < 256; started++) {
        char text[12];
        (void)format_text(text, sizeof text, "%u", started);
        char *argv[] = {(char *)"try_file", (char *)(uintptr_t)role, text, pages, rounds, NULL};
        if (process_spawn("try_file", argv, &child[started]) != OK)
            break;
    }
    if (strcmp(role, "sharer") == 0)
        time_sleep_us(SHARED_US / 2);
    frames = info()->frames_resident - frames;
    for (uint32_t i = 0; i < started; i++) {
        int status = 1;
        (void)process_wait(child[i], &status);
        lost += status != 0;
    }
    struct message m;
    (void)ask(FILES_COUNTS, 0, 0, 0, 0, &m);
    result(name, "procs=%u pages=%s lost=%u faults=%u out=%u dropped=%u written=%u ended=%u wrong=%u frames=%u",
           started, pages, lost + (started != procs), info()->faults_file - faults, info()->file_out - out,
           info()->file_dropped - dropped, m.word[1], m.word[2], m.word[3], frames);
    return lost != 0 || started != procs;
}

/* prey SEED PAGES TOUCHES: whatever the pages are, and however long they are. */
int prey(uint32_t seed, uint32_t pages, uint32_t touches)
{
    uint32_t state = random_start(seed, 1);
    if (map(AREA, pages, 0, HOW_READ) != OK)
        return 2;
    for (uint32_t i = 0; i < touches; i++) {
        volatile uint32_t *word = word_at(AREA, random_below(&state, random_below(&state, 2) ? 30 : pages));
        if (random_below(&state, 3) == 0)
            *word = i;
        else
            (void)*word;
    }
    return 0;
}

/* One after the other, until `procs` have been tried. */
int preys(uint32_t procs, char *pages, char *touches)
{
    uint32_t survived = 0, ended = 0;
    struct message m;
    for (uint32_t i = 0; i < procs; i++) {
        handle_t child;
        int status = 0;
        char text[12];
        (void)format_text(text, sizeof text, "%u", i);
        char *argv[] = {(char *)"try_file", (char *)"prey", text, pages, touches, NULL};
        if (process_spawn("try_file", argv, &child) != OK || process_wait(child, &status) != OK)
            return 2;
        survived += status == 0;
        ended += status == 139;
        (void)handle_close(child);
    }
    (void)ask(FILES_COUNTS, 0, 0, 0, 0, &m);
    result("file_preys", "procs=%u survived=%u ended=%u refused=%u done=%u", procs, survived, ended, m.word[1],
           m.word[2]);
    return survived + ended != procs;
}

/* sharers PROCS PAGES: all at once show the same frames. */
int sharer(uint32_t pages)
{
    if (map(ALWAYS, FILES * FILE_PAGES, 0, HOW_READ) != OK)
        return 2;
    uint32_t wrong = 0;
    for (uint32_t page = 0; page < pages; page++)
        wrong += page_wrong(ALWAYS, page, 0);
    time_sleep_us(SHARED_US);
    return wrong != 0;
}
