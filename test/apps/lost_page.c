/* lost_page PATH: writes a new version through a mapping, has its pages paged out while the disk fails, touches nothing any
 * more, and publishes it. RESULT lost_page: what publishing answered. */
#include <apteryx/file.h>
#include <apteryx/print.h>
#include <apteryx/time.h>
#include <apteryx/vm.h>

#define PAGE 4096u
#define BYTES (8 * PAGE)
#define ROUNDS 2u /* a page that could not be written is tried again */
#define SERVED_US 100000u

static err_t pages_lose(const struct file *file)
{
    uintptr_t start = 0;
    TRY(file_map(file, 0, BYTES, FILE_HOW_WRITE, &start));
    for (uint32_t i = 0; i < BYTES / sizeof(uint32_t); i++)
        ((uint32_t *)start)[i] = i;
    for (uint32_t i = 0; i < ROUNDS; i++) {
        TRY(vm_page_out(start, BYTES));
        time_sleep_us(SERVED_US);
    }
    return OK;
}

int main(int argc, char **argv)
{
    struct file file;
    uint32_t version;
    if (argc != 2)
        return 2;
    err_t err = file_open(argv[1], FILE_MODE_WRITE, 0, &file);
    if (err == OK)
        err = file_set_size(&file, BYTES);
    if (err == OK)
        err = pages_lose(&file);
    if (err != OK) {
        print("lost_page: %s: %s\n", argv[1], err_name(err));
        return 3;
    }
    err = file_close(&file, true, &version);
    result("lost_page", "error=%s", err_name(err));
    return err != OK;
}
