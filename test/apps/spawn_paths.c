/* spawn_paths COUNT PATH...: starts the programs of these paths in turn, COUNT times in all, one after the other, each with
 * --help, and says how they began and how they ended. Whatever is killed meanwhile, one that was started ends right, or
 * by a fault. */
#include "common/number.h"
#include <apteryx/ipc.h>
#include <apteryx/print.h>
#include <apteryx/process.h>

#define STATUS_FAULT 139

static uint32_t refused, right, faults, others;

static void run(char *path)
{
    static char option[] = "--help";
    char *argv[] = {path, option, NULL};
    handle_t child;
    int status = -1;
    err_t err = process_spawn(path, argv, &child);
    if (err == OK)
        err = process_wait(child, &status);
    if (err != OK) {
        print("spawn_paths: %s: %s\n", path, err_name(err));
        refused++;
        return;
    }
    (void)handle_close(child);
    *(status == 0 ? &right : status == STATUS_FAULT ? &faults : &others) += 1;
}

int main(int argc, char **argv)
{
    uint32_t count;
    if (argc < 3 || !number_decimal(argv[1], &count))
        return 2;
    for (uint32_t i = 0; i < count; i++)
        run(argv[2 + i % (uint32_t)(argc - 2)]);
    result("spawn_paths", "count=%u refused=%u right=%u faults=%u others=%u", count, refused, right, faults, others);
    return refused + others > 0;
}
