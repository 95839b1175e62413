/* rm: removes files with all their versions, and empty directories. */
#include <apteryx/file.h>
#include <apteryx/options.h>
#include <apteryx/print.h>

#define FILES_MAX 32u

int main(int argc, char **argv)
{
    const char *path[FILES_MAX];
    uint32_t files = options_read(&(struct options){.usage = "rm PATH...",
                                                    .about = "Removes files, with all versions, and empty directories.",
                                                    .words = path,
                                                    .words_max = FILES_MAX},
                                  argc, argv);
    if (files == 0)
        usage_error("rm", "what?", "PATH");
    return files_each("rm", path, files, file_remove);
}
