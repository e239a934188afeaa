#include "tests/support/test.h"

#include <string.h>

#include "base/cleanup.h"
#include "forward/env_list.h"

static void a_variable_set_again_keeps_its_place(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct env_list list = { 0 };

	(void)state;
	assert_null(env_list_get(&list, "A"));
	env_list_set(&list, &arena, "A", "1");
	env_list_set_secret(&list, &arena, "B", "2");
	env_list_set(&list, &arena, "A", "3");
	assert_int_equal(list.count, 2);
	assert_string_equal(list.entries[0].name, "A");
	assert_string_equal(env_list_get(&list, "A"), "3");
	assert_string_equal(env_list_get(&list, "B"), "2");
	assert_false(list.entries[0].is_secret);
	assert_true(list.entries[1].is_secret);
	assert_null(env_list_get(&list, "AB"));
}

static void the_last_word_decides_on_secrecy(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct env_list list = { 0 };

	(void)state;
	env_list_set(&list, &arena, "A", "1");
	env_list_set_secret(&list, &arena, "A", "2");
	assert_true(list.entries[0].is_secret);
}

static void a_list_takes_many_variables(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct env_list list = { 0 };

	(void)state;
	for (int i = 0; i < 500; i++)
		env_list_set(&list, &arena, arena_printf(&arena, "V%d", i),
			     arena_printf(&arena, "%d", i));
	assert_int_equal(list.count, 500);
	assert_string_equal(env_list_get(&list, "V0"), "0");
	assert_string_equal(env_list_get(&list, "V499"), "499");
}

static void names_are_those_of_a_shell(void **state)
{
	static const struct {
		const char *name;
		bool is_valid;
	} cases[] = {
		{ "A", true },	 { "_", true },	   { "a_B9", true },	  { "container", true },
		{ "", false },	 { "9A", false },  { "A-B", false },	  { "A B", false },
		{ "A=", false }, { "A\n", false }, { "\303\244", false }, { "A.B", false },
		{ " A", false }, { "A(", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (env_name_is_valid(cases[i].name, strlen(cases[i].name)) != cases[i].is_valid)
			fail_msg("case %zu: '%s'", i, cases[i].name);
	assert_true(env_name_is_valid("AB=C", 2));
}

static void an_empty_value_counts_as_none(void **state)
{
	static char first[] = "AB=long", second[] = "A=short", empty[] = "E=", twice[] = "A=again",
		    bare[] = "C";
	static char *environment[] = { first, second, empty, twice, bare, NULL };

	(void)state;
	assert_string_equal(environment_get(environment, "A"), "short");
	assert_string_equal(environment_get(environment, "AB"), "long");
	assert_null(environment_get(environment, "E"));
	assert_null(environment_get(environment, "C"));
	assert_null(environment_get(environment, "B"));
	assert_null(environment_get(NULL, "A"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_variable_set_again_keeps_its_place),
		cmocka_unit_test(the_last_word_decides_on_secrecy),
		cmocka_unit_test(a_list_takes_many_variables),
		cmocka_unit_test(names_are_those_of_a_shell),
		cmocka_unit_test(an_empty_value_counts_as_none),
	};

	return cmocka_run_group_tests_name("env_list", tests, NULL, NULL);
}
