/* How the library asks the file server. */
#ifndef LIB_FILE_INSIDE_H
#define LIB_FILE_INSIDE_H

#include <apteryx/file.h>

/* m, of which label and number of words are given here; the answer takes its place. */
err_t file_ask(struct message *m, uint32_t label, uint32_t words);
/* A text from word `at` on; *end is the word behind it. => ERR_TOO_LONG */
err_t file_put_text(struct message *m, uint32_t at, const char *text, uint32_t *end);
/* A question that has a path behind `at` words. */
err_t file_ask_path(struct message *m, uint32_t label, uint32_t at, const char *path);
/* Maps a file that is open for reading into another process. => not FILE_HOW_WRITE; the errors of file_map; ERR_RIGHTS: its
 * file server is another */
err_t file_map_into(const struct file *file, uint32_t first, uint32_t bytes, enum file_how how, uintptr_t address,
                    handle_t process);

#endif
