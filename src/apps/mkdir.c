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
    int status = 0;
    for (uint32_t i = 0; i < count; i++) {
        err_t err = file_make_directory(path[i]);
        if (err != OK) {
            print("mkdir: %s: %s\n", path[i], err_name(err));
            status = 1;
        }
    }
    return status;
}
