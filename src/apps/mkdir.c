/* mkdir: makes directories. */
#include <apteryx/file.h>
#include <apteryx/options.h>
#include <apteryx/print.h>

#define DIRECTORIES_MAX 32u

int main(int argc, char **argv)
{
    const char *path[DIRECTORIES_MAX];
    uint32_t count = options_read(
        &(struct options){
            .usage = "mkdir PATH...", .about = "Makes directories.", .words = path, .words_max = DIRECTORIES_MAX},
        argc, argv);
    if (count == 0)
        usage_error("mkdir", "what?", "PATH");
    return files_each("mkdir", path, count, file_make_directory);
}
