#include "tests/support/test.h"

#include <string.h>

#include "base/cleanup.h"
#include "mounts/source.h"

static size_t add(struct source_list *list, struct arena *arena, const char *path,
		  enum source_kind kind)
{
	return source_list_add(list, arena, &(struct source) { .path = path, .kind = kind });
}

static void the_same_source_is_opened_once(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct source_list list = { 0 };
	char again[] = "/a";

	(void)state;
	assert_int_equal(add(&list, &arena, "/a", SOURCE_DIRECTORY), 0);
	assert_int_equal(add(&list, &arena, "/b", SOURCE_REGULAR), 1);
	assert_int_equal(add(&list, &arena, again, SOURCE_DIRECTORY), 0);
	assert_int_equal(add(&list, &arena, "/a", SOURCE_REGULAR), 2);
	assert_int_equal(list.count, 3);
}

static void a_copied_source_is_another_one(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct source_list list = { 0 };
	struct source copied = { .path = "/a", .kind = SOURCE_REGULAR, .is_copied = true };

	(void)state;
	assert_int_equal(add(&list, &arena, "/a", SOURCE_REGULAR), 0);
	assert_int_equal(source_list_add(&list, &arena, &copied), 1);
	assert_int_equal(source_list_add(&list, &arena, &copied), 1);
}

static void a_directory_is_made_when_one_of_its_users_wants_it(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct source_list list = { 0 };
	struct source made = { .path = "/a", .kind = SOURCE_DIRECTORY, .make_directory = true };

	(void)state;
	(void)add(&list, &arena, "/a", SOURCE_DIRECTORY);
	assert_false(list.items[0].make_directory);
	assert_int_equal(source_list_add(&list, &arena, &made), 0);
	assert_true(list.items[0].make_directory);
	(void)add(&list, &arena, "/a", SOURCE_DIRECTORY);
	assert_true(list.items[0].make_directory);
}

static void a_list_takes_more_than_one_packet_carries(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct source_list list = { 0 };

	(void)state;
	for (size_t i = 0; i < 300; i++)
		assert_int_equal(add(&list, &arena, arena_printf(&arena, "/%zu", i), SOURCE_SOCKET),
				 i);
	assert_string_equal(list.items[299].path, "/299");
	assert_int_equal(add(&list, &arena, "/123", SOURCE_SOCKET), 123);
	for (int kind = 0; kind < SOURCE_KIND_COUNT; kind++)
		assert_non_null(source_kind_names[kind]);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_source_is_opened_once),
		cmocka_unit_test(a_copied_source_is_another_one),
		cmocka_unit_test(a_directory_is_made_when_one_of_its_users_wants_it),
		cmocka_unit_test(a_list_takes_more_than_one_packet_carries),
	};

	return cmocka_run_group_tests_name("source_list", tests, NULL, NULL);
}
