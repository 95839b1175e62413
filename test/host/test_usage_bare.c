/* sources: test/host/model_pager.c test/host/usage_properties.c */
/* A policy without event functions, written against the header that out-of-tree policies use: the core's defaults. */
#include <apteryx/policy.h>

#include "usage_properties.h"

#include "host.h"

const struct policy policy = {.version = POLICY_VERSION + 1, .name = "bare"};

static void a_foreign_version_shows(void **state)
{
    (void)state;
    assert_int_equal(*usage_module.version, USAGE_VERSION + 1);
    assert_string_equal(usage_module.name, "bare");
}

static void defaults_hold_every_property(void **state)
{
    (void)state;
    usage_random_operations_all();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_foreign_version_shows),
        cmocka_unit_test(defaults_hold_every_property),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
