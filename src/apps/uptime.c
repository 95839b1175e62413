/* uptime: how long the machine has been running. */
#include <apteryx/options.h>
#include <apteryx/print.h>
#include <apteryx/time.h>

int main(int argc, char **argv)
{
    (void)options_read(&(struct options){"uptime", "The time since boot.", NULL, 0, NULL, 0}, argc, argv);
    uint64_t us = time_now_us();
    uint32_t seconds = (uint32_t)(us / 1000000u);
    print("up %u:%02u:%02u\n", seconds / 3600u, seconds / 60u % 60u, seconds % 60u);
    result("uptime", "us=%llu", (unsigned long long)us);
    return 0;
}
