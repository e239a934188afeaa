#include "tests/support/test.h"

#include "base/cleanup.h"
#include "runtime/env_file.h"

struct parsed {
	struct variable_option *variables;
	size_t count;
	struct diag diag;
};

static struct parsed parse(struct arena *arena, const char *content)
{
	struct parsed parsed = { .diag = { .arena = arena } };

	env_file_parse(arena, "file", content, &parsed.diag, &parsed.variables, &parsed.count);
	return parsed;
}

static void each_line_is_a_variable(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct parsed parsed = parse(&arena, "A=1\nB\nC=\n_d9=x = y # z\nE=\"q\"\nA=2\nF= ");

	(void)state;
	assert_int_equal(parsed.diag.count, 0);
	assert_int_equal(parsed.count, 7);
	assert_string_equal(parsed.variables[0].name, "A");
	assert_string_equal(parsed.variables[0].value, "1");
	assert_string_equal(parsed.variables[1].name, "B");
	assert_null(parsed.variables[1].value);
	assert_string_equal(parsed.variables[2].value, "");
	assert_string_equal(parsed.variables[3].name, "_d9");
	assert_string_equal(parsed.variables[3].value, "x = y # z");
	assert_string_equal(parsed.variables[4].value, "\"q\"");
	assert_string_equal(parsed.variables[5].value, "2");
	assert_string_equal(parsed.variables[6].value, " ");
}

static void empty_lines_and_comments_are_passed_over(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };

	(void)state;
	assert_int_equal(parse(&arena, "").count, 0);
	assert_int_equal(parse(&arena, "\n\n\n").count, 0);
	assert_int_equal(parse(&arena, "#A=1\n# \n#").count, 0);
	assert_int_equal(parse(&arena, "\n#x\n\nA=1\n\n").count, 1);
	assert_int_equal(parse(&arena, "\n#x\n\nA=1\n\n").diag.count, 0);
}

static void a_wrong_line_is_named_by_number_without_its_value(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct parsed parsed =
		parse(&arena, "A=1\n\n B=2\n# c\n=3\n9=4\nexport D=5\nOK=6\n\t\nE-F");
	static const char *const expected[] = {
		"cannot use line 3 of 'file': not NAME=VALUE",
		"cannot use line 5 of 'file': not NAME=VALUE",
		"cannot use line 6 of 'file': not NAME=VALUE",
		"cannot use line 7 of 'file': not NAME=VALUE",
		"cannot use line 9 of 'file': not NAME=VALUE",
		"cannot use line 10 of 'file': not NAME=VALUE",
	};

	(void)state;
	assert_int_equal(parsed.diag.fault_count, 6);
	for (size_t i = 0; i < 6; i++)
		assert_string_equal(parsed.diag.entries[i].text, expected[i]);
	assert_int_equal(parsed.count, 2);
	assert_string_equal(parsed.variables[1].name, "OK");
}

static void a_file_may_be_long(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	char *content = arena_alloc(&arena, 4 * 3000 + 1);
	struct parsed parsed;

	(void)state;
	for (size_t i = 0; i < 3000; i++) {
		content[4 * i] = 'A';
		content[4 * i + 1] = '=';
		content[4 * i + 2] = (char)('a' + i % 26);
		content[4 * i + 3] = '\n';
	}
	parsed = parse(&arena, content);
	assert_int_equal(parsed.count, 3000);
	assert_string_equal(parsed.variables[2999].value, "j");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_line_is_a_variable),
		cmocka_unit_test(empty_lines_and_comments_are_passed_over),
		cmocka_unit_test(a_wrong_line_is_named_by_number_without_its_value),
		cmocka_unit_test(a_file_may_be_long),
	};

	return cmocka_run_group_tests_name("env_file", tests, NULL, NULL);
}
