/* sources: src/foreign/[a-z]*.c test/host/foreign_damage.c */
#include "foreign_image.h"
#include "host.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static char folder[] = "/tmp/apteryx-foreign-XXXXXX";
struct foreign_volume volume;
uint8_t *image;
uint32_t image_bytes, reads;
bool *touched;

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

uint8_t content_byte(const char *path, uint32_t at)
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

int tree_make(void **state)
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

void command_do(const char *command)
{
    char line[1000] = "";
    for (const char *c = command; *c != '\0'; c++) {
        size_t used = strlen(line);
        (void)snprintf(line + used, sizeof line - used, "%.*s", *c == '@' ? (int)sizeof folder : 1,
                       *c == '@' ? folder : c);
    }
    assert_int_equal(system(line), 0);
}

void image_make(const char *command)
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
    touched = realloc(touched, image_bytes / FOREIGN_PAGE_BYTES + 1);
    assert_int_equal(fread(image, 1, image_bytes, file), image_bytes);
    fclose(file);
    (void)remove(path);
    memset(touched, 0, image_bytes / FOREIGN_PAGE_BYTES + 1);
}

err_t mount(void)
{
    const struct foreign_device device = {.read = device_read, .context = NULL, .sectors = image_bytes / SECTOR};
    return foreign_mount(&volume, &device);
}

uint8_t *image_find(const char *text)
{
    for (uint8_t *at = image; at < image + image_bytes - strlen(text); at++)
        if (memcmp(at, text, strlen(text)) == 0)
            return at;
    fail_msg("%s is not in the image", text);
    return NULL;
}

/* ---- reading all of it ---- */

void content_equals(const char *path, const char *made_as, uint32_t bytes)
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
void content_equals_backwards(const char *path, uint32_t bytes)
{
    struct foreign_node node;
    const uint8_t *at;
    assert_int_equal(foreign_look(&volume, path, &node), OK);
    for (uint32_t i = (bytes - 1) / SECTOR; i > 0; i -= i < 100 ? i : 100) {
        assert_int_equal(foreign_content(&volume, &node, i, &at), OK);
        assert_int_equal(at[0], content_byte(path, i * SECTOR));
    }
}

uint32_t list_count(const char *path)
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

void tree_is_there(void)
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

int tree_remove(void **state)
{
    (void)state;
    free(image);
    free(touched);
    command_do("rm -r @");
    return 0;
}
