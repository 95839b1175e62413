#include "foreign/foreign.h"
#include "host.h"
#include "random.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
/* sources: src/foreign/buffer.c src/foreign/foreign.c src/foreign/iso9660.c src/foreign/rock_ridge.c src/foreign/fat.c src/foreign/fat_names.c */

/* Genuine images of one tree, made by the tools of others, read back and compared with what is in the tree; then the same
 * images with bytes of their metadata changed: what is read then is anybody's guess, but reading it has an end. */
#define SECTOR FOREIGN_SECTOR_BYTES
#define STEPS_MAX 200000u /* reads of the device in a walk through a damaged image */

static char folder[] = "/tmp/apteryx-foreign-XXXXXX";
static uint8_t *image, *clean;
static uint32_t image_bytes, reads;
static bool *touched; /* pages of the device that were read */
static struct foreign_volume volume;

/* ---- the tree ---- */

static const struct {
    const char *path;
    uint32_t bytes;
} files[] = {
    {"empty", 0},
    {"one.x", 1},
    {"almost.txt", 2047},
    {"block", 2048},
    {"more.of-it", 2049},
    {"page", 4096},
    {"Page and a byte.Long Extension", 4097},
    {"UPPER.TXT", 12},
    {"big.bin", 700001},
    {"a/b/c/d/e/f/g/h/i/j/deep", 5000},
    {"a/.hidden.two.dots", 77},
    {"names/"
     "a-name-as-long-as-they-come-0123456789012345678901234567890123456789012345678901234567890123456789012345678901234"
     "5678901234567890123456789012345678901234567890123456789012345678901234567890123456789-end",
     300},
};

static uint8_t content_byte(const char *path, uint32_t at)
{
    uint32_t x = at * 2654435761u + (uint32_t)strlen(path) * 40503u + (uint8_t)path[0];
    return (uint8_t)(x >> 13 ^ x);
}

static void file_make(const char *path, uint32_t bytes)
{
    char full[700];
    (void)snprintf(full, sizeof full, "%s/tree/%s", folder, path);
    for (char *c = full + strlen(folder) + 1; *c != '\0'; c++)
        if (*c == '/') {
            *c = '\0';
            (void)mkdir(full, 0755);
            *c = '/';
        }
    FILE *file = fopen(full, "wb");
    assert_non_null(file);
    for (uint32_t i = 0; i < bytes; i++)
        fputc(content_byte(path, i), file);
    fclose(file);
}

static uint32_t many_bytes(uint32_t i) { return i * 37 % 3000; }
static void many_path(uint32_t i, char *path, size_t room) { (void)snprintf(path, room, "many/number %u of many", i); }
#define MANY 250u

static int tree_make(void **state)
{
    (void)state;
    char path[100];
    assert_non_null(mkdtemp(folder));
    for (uint32_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
        file_make(files[i].path, files[i].bytes);
    for (uint32_t i = 0; i < MANY; i++) {
        many_path(i, path, sizeof path);
        file_make(path, many_bytes(i));
    }
    return 0;
}

/* ---- the device ---- */

static err_t device_read(void *context, uint32_t sector, void *buffer)
{
    (void)context;
    assert_true(sector % 4 == 0 || image_bytes / SECTOR % 4 != 0);
    assert_true(sector <= image_bytes / SECTOR - FOREIGN_PAGE_SECTORS);
    memcpy(buffer, image + sector * SECTOR, FOREIGN_PAGE_BYTES);
    touched[sector / FOREIGN_PAGE_SECTORS] = true;
    reads++;
    return OK;
}

/* A command in which @ stands for the folder. */
static void command_do(const char *command)
{
    char line[1000] = "";
    for (const char *c = command; *c != '\0'; c++) {
        size_t used = strlen(line);
        (void)snprintf(line + used, sizeof line - used, "%.*s", *c == '@' ? (int)sizeof folder : 1,
                       *c == '@' ? folder : c);
    }
    assert_int_equal(system(line), 0);
}

/* Makes @/image, and takes it. */
static void image_make(const char *command)
{
    char path[100];
    command_do(command);
    (void)snprintf(path, sizeof path, "%s/image", folder);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    image_bytes = (uint32_t)ftell(file);
    rewind(file);
    image = realloc(image, image_bytes);
    clean = realloc(clean, image_bytes);
    touched = realloc(touched, image_bytes / FOREIGN_PAGE_BYTES + 1);
    assert_int_equal(fread(image, 1, image_bytes, file), image_bytes);
    fclose(file);
    (void)remove(path);
    memcpy(clean, image, image_bytes);
    memset(touched, 0, image_bytes / FOREIGN_PAGE_BYTES + 1);
}

static err_t mount(void)
{
    const struct foreign_device device = {.read = device_read, .context = NULL, .sectors = image_bytes / SECTOR};
    return foreign_mount(&volume, &device);
}

/* ---- reading all of it ---- */

static void content_equals(const char *path, const char *made_as, uint32_t bytes)
{
    struct foreign_node node;
    const uint8_t *at;
    assert_int_equal(foreign_look(&volume, path, &node), OK);
    assert_true(!node.directory && !node.unreadable);
    assert_int_equal(node.bytes, bytes);
    for (uint32_t i = 0; i < bytes; i += SECTOR) {
        uint32_t sector;
        assert_int_equal(foreign_content(&volume, &node, i / SECTOR, &at), OK);
        for (uint32_t k = 0; k < SECTOR && i + k < bytes; k++)
            assert_int_equal(at[k], content_byte(made_as, i + k));
        assert_int_equal(foreign_sector(&volume, &node, i / SECTOR, &sector), OK);
        assert_memory_equal(image + sector * SECTOR, at, SECTOR);
    }
}

/* Backwards, so that what the library remembers of the way is of no use. */
static void content_equals_backwards(const char *path, uint32_t bytes)
{
    struct foreign_node node;
    const uint8_t *at;
    assert_int_equal(foreign_look(&volume, path, &node), OK);
    for (uint32_t i = (bytes - 1) / SECTOR; i > 0; i -= i < 100 ? i : 100) {
        assert_int_equal(foreign_content(&volume, &node, i, &at), OK);
        assert_int_equal(at[0], content_byte(path, i * SECTOR));
    }
}

/* How many entries a directory has, each behind the one before it. */
static uint32_t list_count(const char *path)
{
    char name[FOREIGN_NAME_MAX + 1] = "", next[FOREIGN_NAME_MAX + 1];
    struct foreign_node node;
    uint32_t count = 0;
    err_t err;
    for (; (err = foreign_list(&volume, path, name, next, &node)) == OK; count++) {
        assert_true(strcmp(next, name) > 0);
        memcpy(name, next, sizeof name);
    }
    assert_int_equal(err, ERR_NO_ENTRY);
    return count;
}

static void tree_is_there(void)
{
    struct foreign_node node;
    char path[FOREIGN_NAME_MAX + 1];
    assert_int_equal(mount(), OK);
    for (uint32_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
        content_equals(files[i].path, files[i].path, files[i].bytes);
    for (uint32_t i = 0; i < MANY; i++) {
        many_path(i, path, sizeof path);
        content_equals(path, path, many_bytes(i));
    }
    content_equals_backwards("big.bin", 700001);
    assert_int_equal(list_count(""), 12);
    assert_int_equal(list_count("many"), MANY);
    assert_int_equal(list_count("a"), 2);
    assert_int_equal(foreign_look(&volume, "", &node), OK);
    assert_true(node.directory);
    assert_int_equal(foreign_look(&volume, "many/number 250 of many", &node), ERR_NO_ENTRY);
    assert_int_equal(foreign_look(&volume, "page/x", &node), ERR_KIND);
    assert_int_equal(foreign_list(&volume, "page", "", path, &node), ERR_KIND);
    assert_int_equal(foreign_look(&volume, "a/..", &node), ERR_NO_ENTRY);
}

/* ---- damaged ---- */

static void read_some(struct foreign_node *node)
{
    uint32_t sectors = (uint32_t)((node->bytes + SECTOR - 1) / SECTOR), sector;
    const uint8_t *at;
    if (node->directory || node->unreadable)
        return;
    for (uint32_t i = 0; i < 12 && sectors > 0; i++) {
        uint32_t which = i < 4 ? (i < sectors ? i : 0) : below(sectors);
        if (foreign_sector(&volume, node, which, &sector) == OK)
            assert_true(sector < image_bytes / SECTOR);
        if (foreign_content(&volume, node, which, &at) == OK)
            assert_true(at >= volume.buffer[0] && at + SECTOR <= volume.buffer[0] + sizeof volume.buffer);
    }
}

static void walk_some(const char *path, uint32_t depth, uint32_t *budget)
{
    char name[FOREIGN_NAME_MAX + 1] = "", next[FOREIGN_NAME_MAX + 1], below_it[2 * FOREIGN_NAME_MAX];
    struct foreign_node node, again;
    while (*budget > 0 && foreign_list(&volume, path, name, next, &node) == OK) {
        --*budget;
        assert_true(strcmp(next, name) > 0);
        memcpy(name, next, sizeof name);
        read_some(&node);
        int n = snprintf(below_it, sizeof below_it, "%s%s%s", path, *path == '\0' ? "" : "/", next);
        if (n < 0 || n > (int)FOREIGN_NAME_MAX)
            continue;
        assert_int_equal(foreign_look(&volume, below_it, &again), OK);
        if (node.directory && depth > 0)
            walk_some(below_it, depth - 1, budget);
    }
}

static void damaged(uint32_t rounds)
{
    uint32_t pages = image_bytes / FOREIGN_PAGE_BYTES, mounted = 0;
    bool *metadata = calloc(pages + 1, sizeof *metadata);
    uint32_t budget = 60;
    assert_non_null(metadata);
    memset(touched, 0, pages + 1);
    assert_int_equal(mount(), OK);
    assert_int_equal(list_count("many"), MANY); /* what was read for that is metadata */
    walk_some("", 3, &budget);
    memcpy(metadata, touched, pages);
    for (uint32_t round = 0; round < rounds; round++) {
        uint32_t changed[8], n = 1 + below(8);
        for (uint32_t i = 0; i < n; i++) {
            uint32_t page = below(pages);
            while (!metadata[page])
                page = (page + 1) % pages;
            changed[i] = page * FOREIGN_PAGE_BYTES + below(below(2) ? 300 : FOREIGN_PAGE_BYTES);
            image[changed[i]] = (uint8_t)(below(3) ? below(256) : below(2) ? 0xFF : 0);
        }
        reads = 0;
        budget = 25;
        if (mount() == OK) {
            mounted++;
            walk_some("", 4, &budget);
        }
        assert_true(reads < STEPS_MAX);
        for (uint32_t i = 0; i < n; i++)
            image[changed[i]] = clean[changed[i]];
    }
    assert_true(mounted > rounds / 2);
    free(metadata);
}

/* Cut off anywhere, it is an error where something is missing. */
static void cut_off(void)
{
    uint32_t whole = image_bytes;
    for (uint32_t i = 0; i < 60; i++) {
        uint32_t budget = 10;
        image_bytes = below(whole / 2048) * 2048;
        if (mount() == OK)
            walk_some("", 2, &budget);
    }
    image_bytes = whole;
}

/* ---- ISO 9660 ---- */

static void iso_with_rock_ridge(void **state)
{
    (void)state;
    image_make("xorriso -as mkisofs -quiet -R -o @/image @/tree 2>/dev/null");
    tree_is_there();
    struct foreign_node node;
    assert_int_equal(foreign_look(&volume, "upper.txt", &node), ERR_NO_ENTRY);
    cut_off();
    random_state = 11;
    damaged(1500);
}

/* Names of eight letters and three, in upper case there. */
static void iso_with_plain_names(void **state)
{
    (void)state;
    image_make("cd @ && mkdir plain && cp tree/page plain/Readme.txt && cp tree/block plain/noext && "
               "xorriso -as mkisofs -quiet --norock -o @/image plain 2>/dev/null");
    assert_int_equal(mount(), OK);
    assert_false(volume.iso.rock_ridge);
    content_equals("readme.txt", "page", 4096);
    content_equals("README.TXT", "page", 4096);
    content_equals("noext", "block", 2048);
    assert_int_equal(list_count(""), 2);
}

/* ---- ISO 9660: files in several extents ---- */

/* Offsets in a directory's record. */
#define START 2u
#define BYTES 10u
#define FLAGS 25u
#define NAME 33u

static void little_put(uint8_t *at, uint32_t value)
{
    for (uint32_t i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> 8 * i);
}

/* The record of the root directory whose plain name begins so. */
static uint8_t *record_of(const char *name)
{
    uint8_t *record = image + volume.iso.root * 2048;
    while (record[0] != 0 && memcmp(record + NAME, name, strlen(name)) != 0)
        record += record[0];
    assert_int_not_equal(record[0], 0);
    return record;
}

/* The first two change places on the disc, and the three become one file. */
static void extents_make(const char *options)
{
    char command[300];
    uint8_t *one[3], start[4];
    (void)snprintf(command, sizeof command,
                   "cd @ && rm -rf parts && mkdir parts && cp tree/page parts/e1 && "
                   "cp tree/big.bin parts/e3 && cp tree/block parts/e4 && head -c 6144 tree/big.bin >parts/e2 && "
                   "xorriso -as mkisofs -quiet %s -o @/image parts 2>/dev/null",
                   options);
    image_make(command);
    assert_int_equal(mount(), OK);
    one[0] = record_of("E1");
    one[1] = record_of("E2");
    one[2] = record_of("E3");
    memcpy(start, one[0] + START, 4);
    memcpy(one[0] + START, one[1] + START, 4);
    memcpy(one[1] + START, start, 4);
    little_put(one[0] + BYTES, 6144);
    little_put(one[1] + BYTES, 4096);
    for (uint32_t i = 0; i < 3; i++) {
        memcpy(one[i] + NAME, "E1", 2);
        one[i][FLAGS] |= i < 2 ? 0x80 : 0;
    }
    memcpy(clean, image, image_bytes);
}

static uint8_t extents_byte(uint32_t i)
{
    if (i < 6144)
        return content_byte("big.bin", i);
    return i < 10240 ? content_byte("page", i - 6144) : content_byte("big.bin", i - 10240);
}

static void extents_are_one_file(const char *options)
{
    struct foreign_node node;
    const uint8_t *at;
    extents_make(options);
    assert_int_equal(mount(), OK);
    assert_int_equal(list_count(""), 2);
    content_equals("e4", "block", 2048);
    assert_int_equal(foreign_look(&volume, "e1", &node), OK);
    assert_int_equal(node.bytes, 10240 + 700001);
    assert_false(node.unreadable);
    for (uint32_t i = 0; i < node.bytes / SECTOR; i++) {
        assert_int_equal(foreign_content(&volume, &node, i, &at), OK);
        assert_int_equal(at[7], extents_byte(i * SECTOR + 7));
    }
    for (uint32_t i = 1000; i > 0; i -= i < 9 ? 1 : 3) { /* and in any order */
        assert_int_equal(foreign_content(&volume, &node, i * 7 % 1300, &at), OK);
        assert_int_equal(at[0], extents_byte(i * 7 % 1300 * SECTOR));
    }
}

static void iso_files_in_extents(void **state)
{
    (void)state;
    extents_are_one_file("--norock");
    extents_are_one_file("-R");
}

/* What is longer than 4 GiB, what does not fill its blocks, and what has no last extent. */
static void iso_odd_extents(void **state)
{
    (void)state;
    struct foreign_node node;
    uint32_t sector, past = 0xFFFFF800u / SECTOR;
    extents_make("-R");
    uint8_t *first = image + volume.iso.root * 2048;
    while (memcmp(first + NAME, "E1", 2) != 0)
        first += first[0];
    uint8_t *second = first + first[0], *third = second + second[0];
    little_put(first + BYTES, 0xFFFFF800u);
    little_put(second + BYTES, 0xFFFFF800u);
    assert_int_equal(mount(), OK);
    volume.device.sectors = UINT32_MAX; /* a large disc, of which nothing but the directory is looked at */
    assert_int_equal(foreign_look(&volume, "e1", &node), OK);
    assert_true(node.bytes == 2ull * 0xFFFFF800u + 700001 && !node.unreadable);
    assert_int_equal(foreign_sector(&volume, &node, 2 * past + 5, &sector), OK);
    assert_int_equal(sector, (third[START] | third[START + 1] << 8) * 4 + 5);
    assert_int_equal(foreign_sector(&volume, &node, past, &sector), OK);
    assert_int_equal(sector, (second[START] | second[START + 1] << 8) * 4);
    little_put(second + BYTES, 2047);
    assert_int_equal(mount(), OK);
    assert_int_equal(foreign_look(&volume, "e1", &node), OK);
    assert_true(node.unreadable);
    for (uint8_t *record = first; record[0] != 0; record += record[0])
        record[FLAGS] |= 0x80;
    assert_int_equal(mount(), OK);
    assert_int_equal(foreign_look(&volume, "e1", &node), ERR_IO);
}

/* ---- FAT ---- */

static void fat_of(const char *command, bool fat32, uint32_t cluster_sectors)
{
    image_make(command);
    tree_is_there();
    assert_int_equal(volume.fat.root_cluster != 0, fat32);
    assert_int_equal(volume.fat.cluster_sectors, cluster_sectors);
    content_equals("A/B/c/D/e/f/g/h/i/j/DEEP", "a/b/c/d/e/f/g/h/i/j/deep", 5000);
    content_equals("upper.txt", "UPPER.TXT", 12);
    cut_off();
    random_state = 12;
    damaged(400);
}

static void fat16(void **state)
{
    (void)state;
    fat_of("/sbin/mkfs.fat -F 16 -s 4 -C @/image 12000 >/dev/null && mcopy -s -i @/image @/tree/* ::/", false, 4);
}

static void fat16_of_large_clusters(void **state)
{
    (void)state;
    fat_of("/sbin/mkfs.fat -F 16 -s 16 -C @/image 40000 >/dev/null && mcopy -s -i @/image @/tree/* ::/", false, 16);
}

static void fat32_of_single_sectors(void **state)
{
    (void)state;
    fat_of("/sbin/mkfs.fat -F 32 -s 1 -C @/image 36000 >/dev/null && mcopy -s -i @/image @/tree/* ::/", true, 1);
}

static void in_pieces_between_others(void **state)
{
    (void)state;
    uint32_t sector, last = 0, jumps = 0;
    struct foreign_node node;
    image_make("/sbin/mkfs.fat -F 16 -s 2 -C @/image 8000 >/dev/null && for i in 1 2 3 4 5 6 7 8 9; do "
               "mcopy -i @/image @/tree/page ::/hole$i && mcopy -i @/image @/tree/page ::/stays$i; done && "
               "mdel -i @/image '::/hole*' && mcopy -i @/image @/tree/big.bin ::/");
    assert_int_equal(mount(), OK);
    content_equals("big.bin", "big.bin", 700001);
    content_equals_backwards("big.bin", 700001);
    assert_int_equal(foreign_look(&volume, "big.bin", &node), OK);
    for (uint32_t i = 0; i < 700001 / SECTOR; i++, last = sector) {
        assert_int_equal(foreign_sector(&volume, &node, i, &sector), OK);
        jumps += sector != last + 1;
    }
    assert_in_range(jumps, 5, 12);
}

/* Letters of other alphabets are UTF-8; a short name has the case that is noted for it; a label is no file. */
static void fat_names(void **state)
{
    (void)state;
    image_make(
        "cd @ && mkdir odd && echo x >odd/'grüne Wiese' && echo x >odd/kiwi.txt && echo x >odd/KIWI2.TXT && "
        "/sbin/mkfs.fat -F 16 -s 1 -n LABEL -C @/image 8000 >/dev/null && LC_ALL=C.UTF-8 mcopy -i @/image odd/* ::/");
    struct foreign_node node;
    char name[FOREIGN_NAME_MAX + 1];
    assert_int_equal(mount(), OK);
    assert_int_equal(list_count(""), 3);
    assert_int_equal(foreign_look(&volume, "gr\xC3\xBCne Wiese", &node), OK);
    assert_int_equal(foreign_list(&volume, "", "gr\xC3\xBCne Wiese", name, &node), OK);
    assert_string_equal(name, "kiwi.txt");
    assert_int_equal(foreign_look(&volume, "KIWI.TXT", &node), OK);
    assert_int_equal(foreign_list(&volume, "", "", name, &node), OK);
    assert_string_equal(name, "KIWI2.TXT");
}

static void what_is_none_of_them(void **state)
{
    (void)state;
    image_make("head -c 200000 /dev/zero >@/image");
    assert_int_equal(mount(), ERR_KIND);
    random_state = 5;
    for (uint32_t i = 0; i < image_bytes; i++)
        image[i] = (uint8_t)below(256);
    assert_int_equal(mount(), ERR_KIND);
    image_bytes = 2048;
    assert_int_equal(mount(), ERR_KIND);
}

static int tree_remove(void **state)
{
    (void)state;
    free(image);
    free(clean);
    free(touched);
    command_do("rm -r @");
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(iso_with_rock_ridge),
        cmocka_unit_test(iso_with_plain_names),
        cmocka_unit_test(iso_files_in_extents),
        cmocka_unit_test(iso_odd_extents),
        cmocka_unit_test(fat16),
        cmocka_unit_test(fat16_of_large_clusters),
        cmocka_unit_test(fat32_of_single_sectors),
        cmocka_unit_test(in_pieces_between_others),
        cmocka_unit_test(fat_names),
        cmocka_unit_test(what_is_none_of_them),
    };
    return cmocka_run_group_tests(tests, tree_make, tree_remove);
}
