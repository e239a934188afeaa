#include "tests/support/test.h"

#include "base/cleanup.h"
#include "forward/seed_list.h"

static void seeds_are_kept_in_order(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct seed_list list = { 0 };
	struct seed copy = {
		.target = "/home/jo/.x",
		.mode = 0600,
		.uid = 7,
		.gid = 8,
		.source_index = 3,
		.source = "/data/x",
	};

	(void)state;
	for (int i = 0; i < 20; i++)
		seed_list_append_text(&list, &arena, arena_printf(&arena, "/etc/%d", i), "text");
	seed_list_append(&list, &arena, &copy);
	assert_int_equal(list.count, 21);
	assert_string_equal(list.seeds[0].target, "/etc/0");
	assert_string_equal(list.seeds[19].target, "/etc/19");
	assert_string_equal(list.seeds[20].source, "/data/x");
	assert_int_equal(list.seeds[20].source_index, 3);
	assert_null(list.seeds[20].content);
}

static void a_text_is_roots_and_for_all_to_read(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct seed_list list = { 0 };

	(void)state;
	seed_list_append_text(&list, &arena, "/etc/x", "text");
	assert_int_equal(list.seeds[0].mode, 0644);
	assert_int_equal(list.seeds[0].uid, 0);
	assert_int_equal(list.seeds[0].gid, 0);
	assert_string_equal(list.seeds[0].content, "text");
	assert_false(list.seeds[0].in_layer);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(seeds_are_kept_in_order),
		cmocka_unit_test(a_text_is_roots_and_for_all_to_read),
	};

	return cmocka_run_group_tests_name("seed_list", tests, NULL, NULL);
}
