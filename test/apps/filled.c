/* filled: waits until so many pages are in RAM, and who brought them has read them, or nothing has come for 20 s.
 *
 *   filled PAGES */
#include "common/number.h"
#include <apteryx/info.h>
#include <apteryx/time.h>

#define PATIENCE 20u

int main(int argc, char **argv)
{
    uint32_t pages, before = 0;
    if (argc != 2 || !number_any(argv[1], &pages))
        return 2;
    for (uint32_t idle = 0; idle < PATIENCE && info()->frames_resident < pages;) {
        time_sleep_us(1000000u);
        idle = info()->frames_resident == before ? idle + 1 : 0;
        before = info()->frames_resident;
    }
    time_sleep_us(8000000u); /* they are read once more */
    return info()->frames_resident >= pages ? 0 : 1;
}
