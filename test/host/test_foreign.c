/* sources: test/host/foreign_image.c */
/* A device with no file system on it that is known. */
#include "foreign/foreign.h"

#include "foreign_image.h"
#include "host.h"
#include "random.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_none_of_them),
    };
    return cmocka_run_group_tests(tests, tree_make, tree_remove);
}
