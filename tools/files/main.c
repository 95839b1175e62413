/* The host's tools for disk images, one program: tools/mkdisk, tools/fsls and tools/fscat call it by their names. */
#include "common/assert.h"
#include "image.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *program_name = "files";

void assert_failed(const char *what, const char *file, int line)
{
    fprintf(stderr, "tools/%s: %s:%d: not so: %s\n", program_name, file, line, what);
    abort();
}

int main(int count, char **arguments)
{
    static const struct {
        const char *name, *usage;
        int (*run)(int count, char **arguments);
    } tools[] = {{"mkdisk", mkdisk_usage, mkdisk}, {"fsls", fsls_usage, fsls}, {"fscat", fscat_usage, fscat}};
    for (size_t i = 0; count > 1 && i < sizeof tools / sizeof tools[0]; i++) {
        if (strcmp(arguments[1], tools[i].name) != 0)
            continue;
        program_name = tools[i].name;
        int status = 0;
        if (count > 2 && strcmp(arguments[2], "--help") == 0)
            fputs(tools[i].usage, stdout);
        else
            status = tools[i].run(count - 1, arguments + 1);
        if (fflush(stdout) != 0 || ferror(stdout))
            fail("standard output can't be written");
        return status;
    }
    fprintf(stderr, "usage: files mkdisk|fsls|fscat ARGUMENTS\n");
    return 2;
}
