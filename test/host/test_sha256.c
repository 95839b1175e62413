#include <apteryx/sha256.h>
#include "host.h"
#include "random.h"
#include <stdio.h>
#include <string.h>
/* sources: src/lib/sha256.c */

static void digest_is(struct sha256 *sum, const char *wanted)
{
    uint8_t digest[SHA256_BYTES];
    char text[2 * SHA256_BYTES + 1];
    sha256_end(sum, digest);
    for (unsigned i = 0; i < SHA256_BYTES; i++)
        (void)sprintf(text + 2 * (size_t)i, "%02x", digest[i]);
    assert_string_equal(text, wanted);
}

/* The examples of FIPS 180-4, and the lengths at which the end takes one block more. */
static void the_standard_s_examples(void **state)
{
    (void)state;
    static const struct {
        const char *text, *digest;
    } example[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqr"
         "st"
         "u",
         "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
    };
    struct sha256 sum;
    for (size_t i = 0; i < sizeof(example) / sizeof(example[0]); i++) {
        sha256_start(&sum);
        sha256_add(&sum, example[i].text, strlen(example[i].text));
        digest_is(&sum, example[i].digest);
    }
}

static void a_million_letters(void **state)
{
    (void)state;
    static char letters[1000];
    struct sha256 sum;
    memset(letters, 'a', sizeof(letters));
    sha256_start(&sum);
    for (unsigned i = 0; i < 1000; i++)
        sha256_add(&sum, letters, sizeof(letters));
    digest_is(&sum, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void pieces_make_no_difference(void **state)
{
    (void)state;
    static uint8_t data[1000];
    random_state = 7;
    for (size_t i = 0; i < sizeof(data); i++)
        data[i] = (uint8_t)below(256);
    for (unsigned round = 0; round < 2000; round++) {
        size_t bytes = below(sizeof(data) + 1), at = 0;
        struct sha256 whole, pieces;
        uint8_t one[SHA256_BYTES], two[SHA256_BYTES];
        sha256_start(&whole);
        sha256_add(&whole, data, bytes);
        sha256_end(&whole, one);
        sha256_start(&pieces);
        while (at < bytes) {
            size_t piece = below((uint32_t)(bytes - at) + 1);
            sha256_add(&pieces, data + at, piece);
            at += piece;
        }
        sha256_end(&pieces, two);
        assert_memory_equal(one, two, SHA256_BYTES);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_standard_s_examples),
        cmocka_unit_test(a_million_letters),
        cmocka_unit_test(pieces_make_no_difference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
