#include "common/list.h"
#include "host.h"

struct item {
    int number;
    struct list_node link;
};

static struct item items[4];
static struct list_node head;

static int start(void **state)
{
    (void)state;
    list_start(&head);
    for (int i = 0; i < 4; i++) {
        items[i].number = i;
        list_start(&items[i].link);
    }
    return 0;
}

/* The numbers in the list, read forwards as decimal digits after a leading 9; backwards must agree. */
static int numbers(void)
{
    int forwards = 9, count = 0, backwards = 0, place = 1;
    list_for_each(at, &head)
    {
        forwards = forwards * 10 + list_member(at, struct item, link)->number;
        count++;
    }
    for (struct list_node *at = head.previous; at != &head; at = at->previous, place *= 10)
        backwards += list_member(at, struct item, link)->number * place;
    assert_int_equal(forwards, backwards + 9 * place);
    return forwards;
}

static void pushing_keeps_the_order(void **state)
{
    (void)state;
    assert_true(list_empty(&head));
    list_push_back(&head, &items[1].link);
    list_push_back(&head, &items[2].link);
    list_push_front(&head, &items[0].link);
    list_insert_before(&items[2].link, &items[3].link);
    assert_int_equal(numbers(), 90132);
    assert_false(list_empty(&head));
}

static void removing_leaves_the_others(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++)
        list_push_back(&head, &items[i].link);
    list_remove(&items[2].link);
    assert_true(list_empty(&items[2].link));
    list_remove(&items[2].link);
    assert_int_equal(numbers(), 9013);
    list_push_front(&head, &items[2].link);
    assert_int_equal(numbers(), 92013);
}

static void popping_takes_from_the_front(void **state)
{
    (void)state;
    assert_null(list_first(&head));
    assert_null(list_pop_front(&head));
    list_push_back(&head, &items[3].link);
    list_push_back(&head, &items[1].link);
    assert_ptr_equal(list_first(&head), &items[3].link);
    assert_ptr_equal(list_pop_front(&head), &items[3].link);
    assert_ptr_equal(list_pop_front(&head), &items[1].link);
    assert_true(list_empty(&head));
}

static void a_walk_may_remove_where_it_stands(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++)
        list_push_back(&head, &items[i].link);
    list_for_each(at, &head) if (list_member(at, struct item, link)->number % 2 == 0) list_remove(at);
    assert_int_equal(numbers(), 913);
}

static void all_of_one_list_goes_behind_another(void **state)
{
    (void)state;
    struct list_node other;
    list_start(&other);
    list_append(&head, &other); /* nothing */
    assert_true(list_empty(&head));
    list_push_back(&other, &items[2].link);
    list_push_back(&other, &items[3].link);
    list_append(&head, &other); /* to an empty one */
    assert_int_equal(numbers(), 923);
    assert_true(list_empty(&other));
    list_push_back(&other, &items[0].link);
    list_append(&head, &other);
    assert_int_equal(numbers(), 9230);
    list_remove(&items[0].link);
    assert_int_equal(numbers(), 923);
}

static void a_list_is_started_before_it_is_used(void **state)
{
    (void)state;
    struct list_node blank = {NULL, NULL};
    expect_assert_failure(list_first(&blank));
    expect_assert_failure(list_push_back(&head, &blank));
}

static void a_node_is_in_one_list(void **state)
{
    (void)state;
    list_push_back(&head, &items[0].link);
    expect_assert_failure(list_push_back(&head, &items[0].link));
    items[0].link.next = &items[1].link;
    expect_assert_failure(list_remove(&items[0].link));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(pushing_keeps_the_order, start),
        cmocka_unit_test_setup(removing_leaves_the_others, start),
        cmocka_unit_test_setup(popping_takes_from_the_front, start),
        cmocka_unit_test_setup(a_walk_may_remove_where_it_stands, start),
        cmocka_unit_test_setup(all_of_one_list_goes_behind_another, start),
        cmocka_unit_test_setup(a_list_is_started_before_it_is_used, start),
        cmocka_unit_test_setup(a_node_is_in_one_list, start),
    };
    return cmocka_run_group_tests_name("list", tests, NULL, NULL);
}
