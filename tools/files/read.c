/* tools/fsls and tools/fscat: reading a disk image. */
#include "image.h"
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

const char fsls_usage[] = "usage: tools/fsls IMAGE [PATH] [--versions]\n"
                          "List a directory of the file system in a disk image, or a file: the number of its "
                          "newest version, its size in bytes,\n"
                          "when it was published (UTC), its name. Directories have a slash behind their name.\n"
                          "\n"
                          "  --versions   all versions of each file, oldest first\n"
                          "\n"
                          "Status: 0 done, 1 failed (one line says why), 2 usage.\n";

const char fscat_usage[] =
    "usage: tools/fscat IMAGE PATH [--version NUMBER]\n"
    "Write a file of the file system in a disk image to standard output; every block is checked.\n"
    "\n"
    "  --version NUMBER   that version of it (default: the newest)\n"
    "\n"
    "Status: 0 done, 1 failed (one line says why), 2 usage.\n";

struct request {
    const char *image;
    char path[FILES_PATH_MAX + 1];
    bool versions;
    uint32_t version;
};

/* The path without the slashes at its ends. */
static void set_path(struct request *request, const char *path)
{
    path += strspn(path, "/");
    size_t length = strlen(path);
    while (length > 0 && path[length - 1] == '/')
        length--;
    if (length > FILES_PATH_MAX)
        fail("%s: longer than %u bytes", path, FILES_PATH_MAX);
    memcpy(request->path, path, length);
    request->path[length] = '\0';
}

static uint32_t parse_version(const char *text, const char *usage)
{
    char *end;
    unsigned long number = strtoul(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || number == 0)
        fail_usage(usage);
    return (uint32_t)number;
}

static struct request parse(int count, char **arguments, const char *usage, bool lists)
{
    static const struct option options[] = {
        {"versions", no_argument, NULL, 's'}, {"version", required_argument, NULL, 'n'}, {NULL, 0, NULL, 0}};
    struct request request = {.image = NULL};
    for (int option; (option = getopt_long(count, arguments, "", options + !lists, NULL)) != -1;) {
        if (option == 's')
            request.versions = true;
        else if (option == 'n' && !lists)
            request.version = parse_version(optarg, usage);
        else
            fail_usage(usage);
    }
    int words = count - optind;
    if (words != 2 && !(lists && words == 1))
        fail_usage(usage);
    request.image = arguments[optind];
    set_path(&request, words == 2 ? arguments[optind + 1] : "");
    return request;
}

static void print_file(uint32_t number, uint64_t size, uint64_t published, const char *name)
{
    char when[32] = "-";
    time_t seconds = (time_t)(published / 1000000u);
    if (published != 0)
        strftime(when, sizeof when, "%Y-%m-%d %H:%M:%S", gmtime(&seconds));
    printf("%5u %12llu %19s %s\n", number, (unsigned long long)size, when, name);
}

static void print_versions(struct files_volume *volume, const char *path, const char *name)
{
    struct files_published version = {0};
    for (uint32_t count = 1;;) {
        err_t got = files_versions(volume, path, version.number, &version, 1, &count);
        if (got != OK)
            fail("/%s: %s", path, error_text(got));
        if (count == 0)
            return;
        print_file(version.number, version.size, version.time, name);
    }
}

static void print_entry(struct files_volume *volume, const struct request *request, const char *path,
                        const struct files_listed *listed)
{
    if (listed->entry.kind == FILES_KIND_DIRECTORY)
        printf("%5s %12s %19s %s/\n", "-", "-", "-", listed->name);
    else if (request->versions)
        print_versions(volume, path, listed->name);
    else
        print_file(listed->entry.newest, listed->entry.size, listed->entry.time, listed->name);
}

static void list(struct files_volume *volume, const struct request *request)
{
    struct files_listed listed = {.name = ""};
    char path[2 * FILES_PATH_MAX + 2], after[FILES_PATH_MAX + 1] = "";
    err_t next;
    while ((next = files_list(volume, request->path, after, &listed)) == OK) {
        snprintf(path, sizeof path, "%s%s%s", request->path, request->path[0] != '\0' ? "/" : "", listed.name);
        print_entry(volume, request, path, &listed);
        memcpy(after, listed.name, sizeof after);
    }
    if (next != ERR_NO_ENTRY)
        fail("/%s: %s", request->path, error_text(next));
}

int fsls(int count, char **arguments)
{
    struct request request = parse(count, arguments, fsls_usage, true);
    struct files_listed listed;
    struct image image;
    image_open(&image, request.image);
    struct files_volume *volume = image_mount(&image);
    err_t found = files_look(volume, request.path, &listed.entry);
    if (found != OK)
        fail("/%s: %s", request.path, error_text(found));
    if (listed.entry.kind == FILES_KIND_DIRECTORY) {
        list(volume, &request);
    } else {
        const char *slash = strrchr(request.path, '/');
        strcpy(listed.name, slash != NULL ? slash + 1 : request.path);
        print_entry(volume, &request, request.path, &listed);
    }
    files_unmount(volume);
    return 0;
}

static void write_pages(const struct image *image, struct files_version *version, const char *path)
{
    uint8_t page[FILES_BLOCK_BYTES];
    uint64_t left = files_size(version);
    for (uint32_t number = 0; left > 0; number++) {
        struct files_pointer at;
        memset(page, 0, sizeof page);
        err_t found = files_find(version, number, 1, &at);
        if (found == OK && at.block != 0)
            found = image->device.read(image->device.context, at.block, page);
        if (found == OK && at.block != 0 && files_checksum(page) != at.checksum)
            fail("/%s: page %u, block %u: does not sum up", path, number, at.block);
        if (found != OK)
            fail("/%s: page %u: %s", path, number, error_text(found));
        size_t length = left < sizeof page ? (size_t)left : sizeof page;
        if (fwrite(page, 1, length, stdout) != length)
            fail("standard output can't be written");
        left -= length;
    }
}

int fscat(int count, char **arguments)
{
    struct request request = parse(count, arguments, fscat_usage, false);
    struct image image;
    struct files_version *version;
    image_open(&image, request.image);
    struct files_volume *volume = image_mount(&image);
    err_t opened = files_open(volume, request.path, request.version, &version);
    if (opened != OK)
        fail("/%s: %s", request.path, opened == ERR_KIND ? "a directory" : error_text(opened));
    write_pages(&image, version, request.path);
    files_close(version);
    files_unmount(volume);
    return 0;
}
