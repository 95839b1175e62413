/* tools/mkdisk: a partitioned disk image that holds the tree of a directory. */
#define _GNU_SOURCE
#include "image.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEEP_DEFAULT 16u
#define ROOM_BLOCKS 4096u /* 16 MiB to spare where no size is asked for */
#define MEBIBYTE_BLOCKS 256u

const char mkdisk_usage[] =
    "usage: tools/mkdisk IMAGE DIRECTORY [--swap SIZE] [--size SIZE] [--keep VERSIONS]\n"
    "Make a disk image with a partition table (MBR) and a file system that holds all of DIRECTORY.\n"
    "\n"
    "  --swap SIZE      with a swap partition of that size behind it\n"
    "  --size SIZE      of the file system (default: what the directory needs and a quarter more, and 16M)\n"
    "  --keep VERSIONS  how many versions of each file are kept, 0: all (default: 16)\n"
    "\n"
    "SIZE: a number of bytes, or with K, M or G behind it. IMAGE is replaced if it is a file that is there.\n"
    "Status: 0 done, 1 failed (one line says why), 2 usage.\n";

struct order {
    const char *image, *directory;
    uint64_t blocks, swap_bytes;
    uint32_t keep;
};

static uint64_t parse_number(const char *text, bool is_size)
{
    char *end;
    errno = 0;
    uint64_t number = strtoull(text, &end, 10);
    unsigned shift = 0;
    if (is_size && *end != '\0' && strchr("KMG", *end) != NULL)
        shift = *end++ == 'K' ? 10 : end[-1] == 'M' ? 20 : 30;
    if (errno != 0 || text[0] < '0' || text[0] > '9' || *end != '\0' || number > UINT64_MAX >> 20 >> shift)
        fail_usage(mkdisk_usage);
    return number << shift;
}

static struct order parse(int count, char **arguments)
{
    static const struct option options[] = {{"size", required_argument, NULL, 's'},
                                            {"swap", required_argument, NULL, 'w'},
                                            {"keep", required_argument, NULL, 'k'},
                                            {NULL, 0, NULL, 0}};
    struct order order = {.keep = KEEP_DEFAULT};
    for (int option; (option = getopt_long(count, arguments, "", options, NULL)) != -1;) {
        if (option == '?')
            fail_usage(mkdisk_usage);
        uint64_t number = parse_number(optarg, option != 'k');
        if (option == 's' &&
            (number >> FILES_BLOCK_SHIFT < FILES_BLOCKS_MIN || number >> FILES_BLOCK_SHIFT > FILES_BLOCKS_MAX))
            fail("--size: between %u KiB and %u GiB", FILES_BLOCKS_MIN * 4, FILES_BLOCKS_MAX >> 18);
        if (option == 's')
            order.blocks = number >> FILES_BLOCK_SHIFT;
        else if (option == 'w' && number != 0 && number < FILES_BLOCK_BYTES)
            fail("--swap: 0, or at least %u bytes", FILES_BLOCK_BYTES);
        else if (option == 'w')
            order.swap_bytes = number / FILES_BLOCK_BYTES * FILES_BLOCK_BYTES;
        else
            order.keep = number < UINT32_MAX ? (uint32_t)number : 0;
    }
    if (count - optind != 2)
        fail_usage(mkdisk_usage);
    order.image = arguments[optind];
    order.directory = arguments[optind + 1];
    return order;
}

/* ---- the directory's tree ---- */

/* Called for each file and directory below, directories first, in the order of their names' bytes. */
typedef void visit_t(void *context, const char *from, const char *path, const struct stat *what);

static int by_bytes(const struct dirent **a, const struct dirent **b) { return strcmp((*a)->d_name, (*b)->d_name); }

/* NOLINTNEXTLINE(misc-no-recursion): as deep as the directory, on the host */
static void visit_tree(const char *from, const char *path, visit_t *visit, void *context)
{
    struct dirent **names;
    int count = scandir(from, &names, NULL, by_bytes);
    if (count < 0)
        fail("%s: %s", from, strerror(errno));
    for (int i = 0; i < count; i++) {
        const char *name = names[i]->d_name;
        char *below, *inside;
        struct stat what, link;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
            continue;
        if (asprintf(&below, "%s/%s", from, name) < 0 || asprintf(&inside, *path ? "%s/%s" : "%s%s", path, name) < 0)
            fail("no memory");
        if (lstat(below, &link) != 0 || stat(below, &what) != 0)
            fail("%s: %s", below, strerror(errno));
        if (!S_ISREG(what.st_mode) && !S_ISDIR(link.st_mode))
            fail("%s: neither a file nor a directory", below);
        visit(context, below, inside, &what);
        if (S_ISDIR(what.st_mode))
            visit_tree(below, inside, visit, context);
        free(below);
        free(inside);
        free(names[i]);
    }
    free(names);
}

/* What a tree needs: its pages, a pointer block for each 512 begun, and names; a node holds at least thirteen. */
static void count_blocks(void *context, const char *from, const char *path, const struct stat *what)
{
    uint64_t *blocks = context, pages = S_ISREG(what->st_mode) ? files_pages((uint64_t)what->st_size) : 0;
    (void)from;
    (void)path;
    *blocks += pages + pages / (FILES_POINTERS / 2) + 2;
}

/* ---- filling ---- */

static const char *why(err_t error)
{
    return error == ERR_COMMIT ? "the file system is full: give it a larger --size" : error_text(error);
}

static bool is_zero(const uint8_t *page) { return page[0] == 0 && memcmp(page, page + 1, FILES_BLOCK_BYTES - 1) == 0; }

/* The next page of a host's file, zeros behind its end; how many bytes of it are the file's. */
static size_t read_page(int file, const char *from, uint8_t *page)
{
    size_t got = 0;
    ssize_t n = 1;
    for (; got < FILES_BLOCK_BYTES && n != 0; got += (size_t)n) {
        n = read(file, page + got, FILES_BLOCK_BYTES - got);
        if (n < 0)
            fail("%s: %s", from, strerror(errno));
    }
    memset(page + got, 0, FILES_BLOCK_BYTES - got);
    return got;
}

static err_t place_page(const struct image *image, struct files_version *version, uint32_t number, const uint8_t *page)
{
    uint32_t block = 0;
    if (is_zero(page))
        return OK;
    TRY(files_place(version, number, files_checksum(page), &block));
    return image->device.write(image->device.context, block, page);
}

static err_t copy_pages(const struct image *image, struct files_version *version, int file, const char *from)
{
    uint8_t page[FILES_BLOCK_BYTES];
    uint64_t bytes = 0;
    size_t got;
    for (uint32_t number = 0; (got = read_page(file, from, page)) != 0; number++, bytes += got)
        TRY(place_page(image, version, number, page));
    return files_set_size(version, bytes);
}

struct filling {
    struct image *image;
    struct files_volume *volume;
};

static err_t fill_file(const struct filling *filling, const char *from, const char *path, const struct stat *what)
{
    struct files_version *version;
    uint32_t number;
    uint64_t time = (uint64_t)what->st_mtim.tv_sec * 1000000u + (uint64_t)what->st_mtim.tv_nsec / 1000u;
    struct stat image;
    int file = open(from, O_RDONLY);
    if (file < 0 || fstat(filling->image->file, &image) != 0)
        fail("%s: %s", from, strerror(errno));
    if (what->st_dev == image.st_dev && what->st_ino == image.st_ino)
        fail("the image is in the directory that it is to hold");
    TRY(files_begin(filling->volume, path, &version));
    TRY(copy_pages(filling->image, version, file, from));
    close(file);
    return files_publish(version, time, &number);
}

static void fill(void *context, const char *from, const char *path, const struct stat *what)
{
    const struct filling *filling = context;
    err_t done =
        S_ISDIR(what->st_mode) ? files_make_directory(filling->volume, path) : fill_file(filling, from, path, what);
    if (done != OK)
        fail("%s: %s", from, why(done));
}

/* What is there is replaced, and that may be a file, but no device. */
static void check_image(const char *path)
{
    struct stat what;
    if (stat(path, &what) == 0 && !S_ISREG(what.st_mode))
        fail("%s: is there, and no file", path);
}

int mkdisk(int count, char **arguments)
{
    struct order order = parse(count, arguments);
    struct image image;
    uint64_t needed = FILES_BLOCKS_MIN;
    char *work;
    check_image(order.image);
    visit_tree(order.directory, "", count_blocks, &needed);
    if (order.blocks == 0)
        order.blocks = (needed + needed / 4 + ROOM_BLOCKS + MEBIBYTE_BLOCKS - 1) / MEBIBYTE_BLOCKS * MEBIBYTE_BLOCKS;
    if (order.blocks > FILES_BLOCKS_MAX || order.swap_bytes > (uint64_t)FILES_BLOCKS_MAX * FILES_BLOCK_BYTES)
        fail("%s: too large", order.image);
    if (asprintf(&work, "%s.%d", order.image, (int)getpid()) < 0)
        fail("no memory");
    image_create(&image, work, order.blocks, order.swap_bytes);
    err_t done = files_format(&image.device, &image_memory, order.keep);
    if (done != OK)
        fail("%s: %s", order.image, error_text(done));
    struct filling filling = {&image, image_mount(&image)};
    visit_tree(order.directory, "", fill, &filling);
    done = files_commit(filling.volume);
    if (done != OK || fsync(image.file) != 0 || rename(work, order.image) != 0)
        fail("%s: %s", order.image, done != OK ? error_text(done) : strerror(errno));
    fail_removes(NULL);
    files_unmount(filling.volume);
    close(image.file);
    free(work);
    return 0;
}
