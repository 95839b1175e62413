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
        if (count > 2 && strcmp(arguments[2], "--help") == 0)
            return fputs(tools[i].usage, stdout) < 0;
        return tools[i].run(count - 1, arguments + 1);
    }
    fprintf(stderr, "usage: files mkdisk|fsls|fscat ARGUMENTS\n");
    return 2;
}
