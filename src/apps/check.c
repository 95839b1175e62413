/* check: asks the kernel to compare every entry, frame record and swap block with each other. */
#include <apteryx/machine.h>
#include <apteryx/options.h>
#include <apteryx/print.h>

#define STATUS_WRONG 1

int main(int argc, char **argv)
{
    const struct options options = {.usage = "check", .about = "Checks the kernel's invariants; 0 errors is right."};
    struct check_report report = {0, 0, 0, 0, 0};
    (void)options_read(&options, argc, argv);
    err_t err = machine_check(&report);
    if (err != OK) {
        print("check: %s\n", err_name(err));
        return STATUS_WRONG;
    }
    if (report.errors != 0)
        print("check: %u errors; dmesg has the kernel's words\n", report.errors);
    if (report.unowned != 0)
        print("check: %u frames or blocks belong to nobody\n", report.unowned);
    result("check", "entries=%u frames=%u blocks=%u unowned=%u errors=%u", report.entries, report.frames, report.blocks,
           report.unowned, report.errors);
    return report.errors != 0 || report.unowned != 0 ? STATUS_WRONG : 0;
}
