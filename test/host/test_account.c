/* Accounts: charges that go up, limits within limits, and objects that count as parts of pages. */
#include "kernel/task/account.h"
#include "host.h"

static struct account whole, part, other;

static int start(void **state)
{
    (void)state;
    whole = (struct account){.references = 1};
    for (uint32_t i = 0; i < LIMIT_COUNT; i++)
        whole.limit[i] = 100;
    part = other = whole;
    part.above = other.above = &whole;
    part.limit[LIMIT_THREADS] = 10;
    return 0;
}

static void a_charge_goes_up(void **state)
{
    (void)state;
    assert_int_equal(account_charge(&part, LIMIT_PAGES, 60), OK);
    assert_int_equal(whole.used[LIMIT_PAGES], 60);
    assert_int_equal(account_charge(&other, LIMIT_PAGES, 41), ERR_LIMIT);
    assert_int_equal(other.used[LIMIT_PAGES], 0);
    assert_int_equal(whole.used[LIMIT_PAGES], 60);
    assert_int_equal(account_charge(&other, LIMIT_PAGES, 40), OK);
    account_refund(&part, LIMIT_PAGES, 60);
    assert_int_equal(whole.used[LIMIT_PAGES], 40);
    assert_int_equal(part.used[LIMIT_PAGES], 0);
    expect_assert_failure(account_refund(&part, LIMIT_PAGES, 1));
}

static void each_limit_is_kept_up_to_the_last(void **state)
{
    (void)state;
    assert_int_equal(account_charge(&part, LIMIT_THREADS, 10), OK);
    assert_int_equal(account_charge(&part, LIMIT_THREADS, 1), ERR_LIMIT);
    assert_int_equal(account_charge(&part, LIMIT_THREADS, UINT32_MAX), ERR_LIMIT);
    assert_int_equal(account_charge(&part, LIMIT_HANDLES, 100), OK);
    assert_true(account_fits(&part, LIMIT_HANDLES, 0));
    assert_false(account_fits(&other, LIMIT_HANDLES, 1));
    assert_int_equal(account_charge(NULL, LIMIT_HANDLES, UINT32_MAX), OK); /* nobody's */
}

static void objects_count_as_what_they_take_of_a_page(void **state)
{
    (void)state;
    part.limit[LIMIT_LOCKED] = 2;
    assert_int_equal(account_charge_object(&part, 100), OK);
    assert_int_equal(account_in_use(&part, LIMIT_LOCKED), 1);
    assert_int_equal(account_in_use(&whole, LIMIT_PAGES), 1);
    assert_int_equal(account_in_use(&whole, LIMIT_THREADS), 0);
    assert_int_equal(account_charge(&part, LIMIT_LOCKED, 1), OK);
    assert_int_equal(account_charge_object(&part, PAGE_BYTES - 100), OK); /* the same page */
    assert_int_equal(account_charge_object(&part, 1), ERR_LIMIT);
    assert_int_equal(account_charge(&part, LIMIT_LOCKED, 1), ERR_LIMIT);
    assert_int_equal(account_charge(&other, LIMIT_PAGES, 99), OK);
    assert_int_equal(account_charge_object(&other, 1), ERR_LIMIT); /* of the whole's pages */
    account_refund_object(&part, PAGE_BYTES);
    assert_int_equal(account_in_use(&part, LIMIT_LOCKED), 1);
    assert_int_equal(account_in_use(&whole, LIMIT_PAGES), 99);
}

static void a_charge_moves(void **state)
{
    (void)state;
    whole.limit[LIMIT_PAGES] = 50;
    other.limit[LIMIT_PAGES] = 30;
    assert_int_equal(account_charge(&part, LIMIT_PAGES, 50), OK);
    assert_int_equal(account_move(&part, &other, LIMIT_PAGES, 30), OK); /* the whole is full before and after */
    assert_int_equal(whole.used[LIMIT_PAGES], 50);
    assert_int_equal(account_move(&part, &other, LIMIT_PAGES, 1), ERR_LIMIT);
    assert_int_equal(part.used[LIMIT_PAGES], 20);
    assert_int_equal(other.used[LIMIT_PAGES], 30);
    assert_int_equal(whole.used[LIMIT_PAGES], 50);
    assert_int_equal(account_move(&part, NULL, LIMIT_PAGES, 20), OK);
    assert_int_equal(whole.used[LIMIT_PAGES], 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_charge_goes_up, start),
        cmocka_unit_test_setup(each_limit_is_kept_up_to_the_last, start),
        cmocka_unit_test_setup(objects_count_as_what_they_take_of_a_page, start),
        cmocka_unit_test_setup(a_charge_moves, start),
    };
    return cmocka_run_group_tests_name("account", tests, NULL, NULL);
}
