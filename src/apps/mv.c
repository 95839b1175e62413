/* mv: another name for a file or a directory. */
#include <apteryx/file.h>
#include <apteryx/options.h>
#include <apteryx/print.h>

int main(int argc, char **argv)
{
    const char *word[2];
    uint32_t words = options_read(&(struct options){.usage = "mv FROM TO",
                                                    .about = "Renames a file, with all its versions, or a directory.",
                                                    .words = word,
                                                    .words_max = 2},
                                  argc, argv);
    if (words < 2)
        usage_error("mv", "from where to where?", "FROM TO");
    err_t err = file_rename(word[0], word[1]);
    if (err != OK)
        print("mv: %s to %s: %s\n", word[0], word[1], err_name(err));
    return err == OK ? 0 : 1;
}
