#include "tests/support/test.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/path.h"

static void normal_paths_are_absolute_and_plain(void **state)
{
	static const struct {
		const char *path;
		bool is_normal;
	} cases[] = {
		{ "/", true },	      { "/a", true },	  { "/a/b", true },   { "/a/...", true },
		{ "/.a", true },      { "/a b\n", true }, { "", false },      { "a", false },
		{ "./a", false },     { "//", false },	  { "/a/", false },   { "/a//b", false },
		{ "/a/.", false },    { "/./a", false },  { "/a/..", false }, { "/../a", false },
		{ "/a/../b", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (path_is_normal(cases[i].path) != cases[i].is_normal)
			fail_msg("case %zu: '%s'", i, cases[i].path);
}

static void normalizing_works_on_text_alone(void **state)
{
	static const struct {
		const char *directory, *path, *expected;
	} cases[] = {
		{ "/w", "a", "/w/a" },
		{ "/w", ".", "/w" },
		{ "/w", "..", "/" },
		{ "/w", "../..", "/" },
		{ "/w", "/a//b/", "/a/b" },
		{ "/", "a", "/a" },
		{ "/w/x", "../y/./z", "/w/y/z" },
		{ "/w", "", "/w" },
		{ "/w", "/", "/" },
		{ "/w", "/..", "/" },
		{ "/w", "a/../../..", "/" },
		{ "/w", "...", "/w/..." },
		{ "/w", "..a/.b", "/w/..a/.b" },
		{ "/w", "a/./", "/w/a" },
		{ "/w/", "a", "/w/a" },
		{ "/w/../v", "a", "/v/a" },
		{ "/w", "//a", "/a" },
		{ "/", "", "/" },
		{ "/w", "\n\377", "/w/\n\377" },
	};
	AUTO_ARENA struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(path_normalize(&arena, cases[i].directory, cases[i].path),
				    cases[i].expected);
}

/* Short alphabets meet every order of slashes and dots. */
static void every_normalized_path_is_normal(void **state)
{
	static const char alphabet[] = "/.a";
	AUTO_ARENA struct arena arena = { 0 };

	(void)state;
	for (unsigned number = 0; number < 3 * 3 * 3 * 3 * 3 * 3 * 3; number++) {
		char path[8] = { 0 };
		unsigned rest = number;
		const char *normal;

		for (size_t i = 0; i < 7; i++, rest /= 3)
			path[i] = alphabet[rest % 3];
		normal = path_normalize(&arena, "/w/v", path);
		if (!path_is_normal(normal))
			fail_msg("'%s' gives '%s'", path, normal);
		if (path_is_normal(path))
			assert_string_equal(normal, path);
		assert_string_equal(path_normalize(&arena, "/w", normal), normal);
	}
}

static void a_path_is_below_by_components(void **state)
{
	(void)state;
	assert_true(path_is_at_or_below("/a", "/a"));
	assert_true(path_is_at_or_below("/a/b", "/a"));
	assert_true(path_is_at_or_below("/a", "/"));
	assert_false(path_is_at_or_below("/ab", "/a"));
	assert_false(path_is_at_or_below("/", "/a"));
	assert_false(path_is_below("/a", "/a"));
	assert_true(path_is_below("/a/b", "/a"));
	assert_false(path_is_below("/a", "/a/b"));
	assert_true(path_is_below("/a", "/"));
	assert_true(path_is_at_or_below("/", "/"));
	assert_false(path_is_below("/", "/"));
}

static void parents_and_names_split_a_path(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };

	(void)state;
	assert_string_equal(path_parent(&arena, "/a/b"), "/a");
	assert_string_equal(path_parent(&arena, "/a"), "/");
	assert_string_equal(path_parent(&arena, "/"), "/");
	assert_string_equal(path_name("/a/b"), "b");
	assert_string_equal(path_name("/a"), "a");
	assert_string_equal(path_join(&arena, "/", "a"), "/a");
	assert_string_equal(path_join(&arena, "/a", "b"), "/a/b");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(normal_paths_are_absolute_and_plain),
		cmocka_unit_test(normalizing_works_on_text_alone),
		cmocka_unit_test(every_normalized_path_is_normal),
		cmocka_unit_test(a_path_is_below_by_components),
		cmocka_unit_test(parents_and_names_split_a_path),
	};

	return cmocka_run_group_tests_name("path", tests, NULL, NULL);
}
