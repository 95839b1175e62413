/* help: the programs of the boot archive, and the shell's own words. */
#include <apteryx/options.h>
#include <apteryx/print.h>

static const struct {
    const char *name, *about;
} entries[] = {
    {"wait [%N]", "wait for a background job, or for all"},
    {"kill %N|PID|NAME", "end a job, a process, or all of a name"},
    {"jobs", "the jobs in the background"},
    {"sleep SECONDS", "wait"},
    {"echo WORD...", "print words; $? is the last status"},
    {"exit [N]", "end the shell"},
    {"poweroff, reboot", "end the machine, or start it again"},
    {"stress", "touch more memory than there is, check every page"},
    {"vmstat", "the kernel's counters"},
    {"maps [PID]", "what a process's address space is made of"},
    {"pte [PID] ADDRESS", "the entries that translate an address"},
    {"ps", "the processes"},
    {"check", "is every entry, frame and block as it should be?"},
    {"bench", "instructions of calls, messages and faults"},
    {"refstring", "page-ins on the reference strings"},
    {"crowd", "thousands of processes that sleep, and are woken"},
    {"limit ... COMMAND", "a command that may not hold more than that"},
    {"dmesg", "what the kernel has said"},
    {"uptime", "the time since boot"},
    {"badcalls", "every system call with senseless arguments"},
    {"fault WHAT", "end by a fault"},
    {"mark, mark_over", "promise 2 GiB, without and with overcommit"},
    {"runs, spawnmany", "many runs; many processes"},
};

int main(int argc, char **argv)
{
    (void)options_read(&(struct options){"help", "Lists the commands.", NULL, 0, NULL, 0}, argc, argv);
    print("JOB; JOB  one after the other   JOB &  in the background   ! JOB  turn the status round\n");
    for (uint32_t i = 0; i < sizeof entries / sizeof entries[0]; i++)
        print("  %-18s %s\n", entries[i].name, entries[i].about);
    print("Each explains itself with --help.\n");
    return 0;
}
