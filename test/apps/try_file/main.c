/* try_file WHAT [NUMBERS]: what pages of files do, served by pagefiles. Each ends with a RESULT line of that name. */
#include "try_file.h"
#include "../number.h"
#include <apteryx/file_server.h>
#include <apteryx/string.h>

int main(int argc, char **argv)
{
    if (file_connect(&files) != OK) {
        print("try_file: no file server\n");
        return 2;
    }
    if (argc < 2)
        return sentences();
    if (argc == 5 && strcmp(argv[1], "reader") == 0)
        return reader(number(argv[2]) % FILES, number(argv[3]), number(argv[4]));
    if (argc == 5 && strcmp(argv[1], "writer") == 0)
        return writer(number(argv[2]), number(argv[3]), number(argv[4]));
    if (argc == 5 && strcmp(argv[1], "prey") == 0)
        return prey(number(argv[2]), number(argv[3]), number(argv[4]));
    if (argc == 5 && strcmp(argv[1], "preys") == 0)
        return preys(number(argv[2]), argv[3], argv[4]);
    if (argc == 5 && strcmp(argv[1], "sharer") == 0)
        return sharer(number(argv[3]));
    if (argc == 5 && strcmp(argv[1], "readers") == 0)
        return children("reader", number(argv[2]), argv[3], argv[4], "file_readers");
    if (argc == 5 && strcmp(argv[1], "writers") == 0)
        return children("writer", number(argv[2]), argv[3], argv[4], "file_writers");
    if (argc == 5 && strcmp(argv[1], "sharers") == 0)
        return children("sharer", number(argv[2]), argv[3], argv[4], "file_sharers");
    if (argc == 3 && strcmp(argv[1], "refused") == 0) {
        if (map(AREA, number(argv[2]), 0, HOW_REFUSE) != OK)
            return 2;
        for (uint32_t page = 0; page < number(argv[2]); page++)
            *word_at(AREA, page) = page;
        return 0;
    }
    if (argc == 2 && strcmp(argv[1], "fault") == 0)
        return map(AREA, 1, 0, HOW_FAIL) == OK ? (int)*word_at(AREA, 0) : 2;
    print("try_file: what?\n");
    return 2;
}
