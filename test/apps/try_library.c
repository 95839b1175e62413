/* try_library: printing, the allocator, strings and the information page. */
#include "expect.h"
#include <apteryx/info.h>
#include <apteryx/memory.h>
#include <apteryx/string.h>

#define BLOCKS 200u

static void try_print(void)
{
    EXPECT(print("[%d|%5d|%05d|%-5d|%u|%x|%08x]\n", -7, -7, -7, -7, 4000000000u, 0xBEEFu, 0xBEEFu) == 48);
    EXPECT(print("[%c|%s|%8s|%p|%llu|%%]\n", 'k', "kiwi", "kiwi", (void *)0x1000, 12345678901234567890ull) > 0);
    result("mine", "pages=%u lost=%u", 3u, 0u);
}

static void try_memory(void)
{
    static uint8_t *block[BLOCKS];
    for (uint32_t round = 0; round < 3; round++) {
        for (uint32_t i = 0; i < BLOCKS; i++) {
            block[i] = malloc(1 + i * 37);
            EXPECT(block[i] != NULL);
            memset(block[i], (int)i, 1 + i * 37);
        }
        for (uint32_t i = 0; i < BLOCKS; i++) {
            EXPECT(block[i][0] == (uint8_t)i && block[i][i * 37] == (uint8_t)i);
            free(block[i]);
        }
    }
    uint32_t *zeros = calloc(1000, sizeof *zeros);
    bool right = zeros != NULL;
    for (uint32_t i = 0; right && i < 1000; i++)
        right = zeros[i] == 0;
    EXPECT(right);
    uint8_t *grown = realloc(memset(malloc(10), 5, 10), 100000);
    EXPECT(grown != NULL && grown[9] == 5);
    free(grown);
    free(zeros);
    free(NULL);
    EXPECT(malloc(0xFFFFFFF0u) == NULL);
}

static void try_string(void)
{
    char text[8] = "abc";
    EXPECT(strlen(text) == 3 && strcmp(text, "abc") == 0 && strcmp("abc", "abd") < 0);
    EXPECT(memcmp("abc", "abd", 2) == 0 && memcmp("abd", "abc", 3) > 0);
    memcpy(text, "xyz", 4);
    EXPECT(strcmp(text, "xyz") == 0);
    EXPECT(strcmp(err_name(ERR_COMMIT), "ERR_COMMIT") == 0 && strcmp(err_name(OK), "OK") == 0);
}

static void try_info(void)
{
    const volatile struct info *i = info();
    uint32_t sum = i->frames_free + i->frames_standby + i->frames_resident + i->frames_locked + i->frames_kernel +
                   i->frames_tables + i->frames_records;
    EXPECT(i->version == INFO_VERSION && sum == i->ram_frames && i->frames_zeroed <= i->frames_free);
    EXPECT(i->frames_records * 4096u <= i->ram_frames * 16u + 4096u); /* 16 bytes a frame at most */
    EXPECT(i->commit_used <= i->commit_limit && i->processes > 0 && i->threads >= i->processes && i->handles > 0);
}

int main(void)
{
    try_print();
    try_memory();
    try_string();
    try_info();
    return expect_end("try_library");
}
