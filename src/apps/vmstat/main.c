/* vmstat [SECONDS [COUNT]]: the kernel's counters, one RESULT line a sample. */
#include "apps/shell/seconds.h"
#include "common/number.h"
#include <apteryx/info.h>
#include <apteryx/options.h>
#include <apteryx/print.h>
#include <apteryx/time.h>

#define INFO_KEY(name, text) " " #name "=%u"
#define INFO_VALUE(name, text) , info()->name

static void sample(void) { result("vmstat", &INFO_FIELDS(INFO_KEY)[1] INFO_FIELDS(INFO_VALUE)); }

int main(int argc, char **argv)
{
    const char *word[2];
    const struct options options = {
        .usage = "vmstat [SECONDS [COUNT]]",
        .about = "Prints the machine's counters: once, or every so many seconds, for ever or so many times.",
        .words = word,
        .words_max = 2,
    };
    uint32_t words = options_read(&options, argc, argv), count = words == 0;
    uint64_t pause = 0, next = time_now_us();
    if (words > 0 && !seconds_read(word[0], &pause))
        usage_error(argv[0], "not a number of seconds", word[0]);
    if (words > 1 && (!number_decimal(word[1], &count) || count == 0))
        usage_error(argv[0], "not a number of samples", word[1]);
    for (uint32_t i = 0; count == 0 || i < count; i++) {
        if (i > 0)
            time_sleep_until_us(next += pause);
        sample();
    }
    return 0;
}
