#include "tests/support/test.h"

#include <errno.h>
#include <string.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "runtime/bind_spec.h"

static bool is_same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static void a_spec_has_source_target_and_mode(void **state)
{
	static const struct {
		const char *spec;
		const char *source;
		const char *target;
		bool read_only;
	} cases[] = {
		{ "/a", "/a", NULL, false },
		{ "a/../b", "a/../b", NULL, false },
		{ "/a:ro", "/a", NULL, true },
		{ "/a:rw", "/a", NULL, false },
		{ "/a:/ro", "/a", "/ro", false },
		{ "/a:/b", "/a", "/b", false },
		{ "/a:/b:ro", "/a", "/b", true },
		{ "/a:/b:rw", "/a", "/b", false },
		{ "/a:/ro:ro", "/a", "/ro", true },
		{ "ro", "ro", NULL, false },
		{ "ro:ro", "ro", NULL, true },
		{ "rw:/rw:rw", "rw", "/rw", false },
		/* Targets become normal. */
		{ "a:/b//c/./../d/", "a", "/b/d", false },
		{ "a:/..", "a", "/", false },
		/* Escapes. */
		{ "/a\\:b", "/a:b", NULL, false },
		{ "/a\\:b:/c\\:d:ro", "/a:b", "/c:d", true },
		{ "/a\\\\:/b", "/a\\", "/b", false },
		{ "/a\\\\\\:b", "/a\\:b", NULL, false },
		{ "/a\\b", "/a\\b", NULL, false },
		{ "/a\\", "/a\\", NULL, false },
		{ "/a\\:ro", "/a:ro", NULL, false },
		{ "a:/b\\\\", "a", "/b\\", false },
		{ "\\:", ":", NULL, false },
		{ " :/\n", " ", "/\n", false },
		{ "\377:/\303\244", "\377", "/\303\244", false },
	};
	AUTO_ARENA struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct bind_option option = { .source = "untouched" };
		const char *reason = NULL;
		int r = bind_spec_parse(&arena, cases[i].spec, &option, &reason);

		if (r != 0 || reason || !is_same(option.source, cases[i].source) ||
		    !is_same(option.target, cases[i].target) ||
		    option.read_only != cases[i].read_only)
			fail_msg("case %zu: '%s' gives %d, '%s' on '%s' %d", i, cases[i].spec, r,
				 option.source, option.target ? option.target : "(none)",
				 option.read_only);
	}
}

static void a_wrong_spec_has_a_reason(void **state)
{
	static const struct {
		const char *spec, *reason;
	} cases[] = {
		{ "", "the source is empty" },
		{ ":", "the source is empty" },
		{ ":/b", "the source is empty" },
		{ "::", "the source is empty" },
		{ ":ro", "the source is empty" },
		{ "a:", "the target is not an absolute path" },
		{ "a:b", "the target is not an absolute path" },
		{ "a:./b", "the target is not an absolute path" },
		{ "a::ro", "the target is not an absolute path" },
		{ "a:RO", "the target is not an absolute path" },
		{ "a:ro:ro", "the target is not an absolute path" },
		{ "a:\\ro", "the target is not an absolute path" },
		{ "a:/b:", "the mode is neither ro nor rw" },
		{ "a:/b:/c", "the mode is neither ro nor rw" },
		{ "a:/b:r", "the mode is neither ro nor rw" },
		{ "a:/b:ro ", "the mode is neither ro nor rw" },
		{ "a:/b:ro,z", "the mode is neither ro nor rw" },
		{ "a:/b:ro:", "too many parts" },
		{ "a:b:c:d:e:f:g", "too many parts" },
		{ ":::", "too many parts" },
	};
	AUTO_ARENA struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct bind_option option = { .source = "untouched" };
		const char *reason = "none";
		int r = bind_spec_parse(&arena, cases[i].spec, &option, &reason);

		if (r != -EINVAL || strcmp(reason, cases[i].reason) != 0 ||
		    strcmp(option.source, "untouched") != 0)
			fail_msg("case %zu: '%s' gives %d, '%s'", i, cases[i].spec, r, reason);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_spec_has_source_target_and_mode),
		cmocka_unit_test(a_wrong_spec_has_a_reason),
	};

	return cmocka_run_group_tests_name("bind_spec", tests, NULL, NULL);
}
