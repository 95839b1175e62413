/* mv: another name for a file or a directory; into a directory it goes under its own name. */
#include <apteryx/file.h>
#include <apteryx/options.h>
#include <apteryx/print.h>

int main(int argc, char **argv)
{
    static char path[FILE_PATH_MAX + 1];
    const char *word[2];
    uint32_t words = options_read(&(struct options){.usage = "mv FROM TO",
                                                    .about = "Renames a file, with all its versions, or a directory.",
                                                    .words = word,
                                                    .words_max = 2},
                                  argc, argv);
    if (words < 2)
        usage_error("mv", "from where to where?", "FROM TO");
    err_t err = file_target(word[0], word[1], path);
    if (err == OK)
        err = file_rename(word[0], path);
    return err == OK ? 0 : file_say_two("mv", word[0], word[1], err);
}
