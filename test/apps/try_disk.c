/* try_disk NAME...: what stands under each name of a disk or partition, and which requests it takes. No token is valid
 * here, so ERR_HANDLE says that a request was lawful and got as far as the driver's device. */
#include <apteryx/disk.h>
#include <apteryx/ipc.h>
#include <apteryx/print.h>

#define NO_TOKEN 0u
#define PAGE_SECTORS 8u

static err_t transfer(handle_t disk, uint32_t operation, uint32_t sector, uint32_t words, uint32_t pages)
{
    struct message m = {.label = DISK_TRANSFER, .words = words};
    m.word[0] = operation;
    m.word[1] = sector;
    m.word[2] = pages;
    m.word[3] = NO_TOKEN;
    err_t err = ipc_call(disk, &m);
    return err == OK ? (err_t)m.label : err;
}

static err_t read_at(handle_t disk, uint32_t sector) { return transfer(disk, DISK_READ, sector, 4, 1); }

static void unlawful(handle_t disk, const char *name)
{
    struct message m = {.label = 0x12345678};
    err_t unknown = ipc_call(disk, &m) == OK ? (err_t)m.label : ERR_DEAD;
    result("unlawful", "name=%s unknown=%s operation=%s none=%s more=%s fewer=%s short=%s", name, err_name(unknown),
           err_name(transfer(disk, 4, 0, 4, 1)), err_name(transfer(disk, DISK_READ, 0, 3, 0)),
           err_name(transfer(disk, DISK_READ, 0, 3 + DISK_PAGES_MAX + 1, DISK_PAGES_MAX + 1)),
           err_name(transfer(disk, DISK_READ, 0, 4, 2)), err_name(transfer(disk, DISK_WRITE, 0, 2, 1)));
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        handle_t disk;
        uint64_t sectors = 0;
        uint32_t type = 0;
        err_t err = name_lookup(argv[i], &disk);
        if (err == OK)
            err = disk_size(disk, &sectors);
        if (err == OK)
            err = disk_type(disk, &type);
        if (err != OK) {
            result("disk", "name=%s size=%s", argv[i], err_name(err));
            continue;
        }
        uint32_t end = (uint32_t)sectors;
        result("disk", "name=%s size=OK sectors=%llu type=0x%02x first=%s last=%s write=%s page_in=%s", argv[i],
               sectors, type, err_name(read_at(disk, 0)), err_name(read_at(disk, end - PAGE_SECTORS)),
               err_name(transfer(disk, DISK_WRITE, end - PAGE_SECTORS, 4, 1)),
               err_name(transfer(disk, DISK_PAGE_IN, end - PAGE_SECTORS, 4, 1)));
        result("beyond", "name=%s across=%s behind=%s wrapped=%s write=%s page_in=%s", argv[i],
               err_name(read_at(disk, end - PAGE_SECTORS + 1)), err_name(read_at(disk, end)),
               err_name(read_at(disk, UINT32_MAX - 3)), err_name(transfer(disk, DISK_WRITE, end - 1, 4, 1)),
               err_name(transfer(disk, DISK_PAGE_IN, end - 1, 4, 1)));
        unlawful(disk, argv[i]);
        result("flush", "name=%s flush=%s", argv[i], err_name(disk_flush(disk)));
    }
    return 0;
}
