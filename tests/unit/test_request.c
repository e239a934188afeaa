#include "tests/support/test.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "init/control.h"
#include "init/request.h"

/* A string constant with the NULs in it, without the one that C adds. */
#define STRINGS(text) text, sizeof(text) - 1

/* Puts the request in memory of exactly its size, so that sanitizers and valgrind see a byte too
 * much that is read. */
static char *request_data(const struct control_request *header, const char *strings, size_t size)
{
	char *data = malloc(sizeof(*header) + size);

	assert_non_null(data);
	memcpy(data, header, sizeof(*header));
	memcpy(data + sizeof(*header), strings, size);
	return data;
}

static void request_keeps_arguments_and_environment(void **state)
{
	static const char strings[] = "/some/dir\0prog\0\0a=b\0two\nlines\0A=\0B=x=y\0A=again";
	struct control_request header = { CONTROL_REQUEST_VERSION, 4, 3 };
	char *data = request_data(&header, strings, sizeof(strings));
	char *pointers[9];
	struct request_vectors vectors;
	struct request request;

	(void)state;
	assert_int_equal(request_parse(data, sizeof(header) + sizeof(strings), &request), 0);
	assert_string_equal(request.directory, "/some/dir");
	assert_int_equal(request_pointer_count(&request), 9);
	request_fill(&request, pointers, &vectors);
	assert_string_equal(vectors.arguments[0], "prog");
	assert_string_equal(vectors.arguments[1], "");
	assert_string_equal(vectors.arguments[2], "a=b");
	assert_string_equal(vectors.arguments[3], "two\nlines");
	assert_null(vectors.arguments[4]);
	assert_string_equal(vectors.environment[0], "A=");
	assert_string_equal(vectors.environment[1], "B=x=y");
	assert_string_equal(vectors.environment[2], "A=again");
	assert_null(vectors.environment[3]);
	free(data);
}

static const struct {
	const char *what;
	const char *strings;
	size_t size;
	uint32_t version, argument_count, environment_count;
	int expected;
} cases[] = {
	{ "smallest", STRINGS("/\0\0"), 1, 1, 0, 0 },
	{ "no environment", STRINGS("/\0a\0b\0"), 1, 2, 0, 0 },
	{ "with environment", STRINGS("/\0a\0B=\0C=d\0"), 1, 1, 2, 0 },
	{ "version 0", STRINGS("/\0a\0"), 0, 1, 0, -EPROTO },
	{ "version 2", STRINGS("/\0a\0"), 2, 1, 0, -EPROTO },
	{ "no strings", STRINGS(""), 1, 1, 0, -EINVAL },
	{ "no program", STRINGS("/\0"), 1, 0, 0, -EINVAL },
	{ "no program but a variable", STRINGS("/\0A=\0"), 1, 0, 1, -EINVAL },
	{ "directory not absolute", STRINGS("a\0a\0"), 1, 1, 0, -EINVAL },
	{ "directory empty", STRINGS("\0a\0"), 1, 1, 0, -EINVAL },
	{ "directory not terminated", STRINGS("/dir"), 1, 1, 0, -EINVAL },
	{ "argument not terminated", STRINGS("/\0a"), 1, 1, 0, -EINVAL },
	{ "argument missing", STRINGS("/\0a\0"), 1, 2, 0, -EINVAL },
	{ "variable not terminated", STRINGS("/\0a\0B=c"), 1, 1, 1, -EINVAL },
	{ "variable missing", STRINGS("/\0a\0B=c\0"), 1, 1, 2, -EINVAL },
	{ "variable without =", STRINGS("/\0a\0B\0"), 1, 1, 1, -EINVAL },
	{ "variable without a name", STRINGS("/\0a\0=c\0"), 1, 1, 1, -EINVAL },
	{ "variable empty", STRINGS("/\0a\0\0"), 1, 1, 1, -EINVAL },
	{ "a string too many", STRINGS("/\0a\0b\0"), 1, 1, 0, -EINVAL },
	{ "a byte too many", STRINGS("/\0a\0\0"), 1, 1, 0, -EINVAL },
	{ "most arguments", STRINGS("/\0a\0"), 1, UINT32_MAX, 0, -EINVAL },
	{ "most variables", STRINGS("/\0a\0A=\0"), 1, 1, UINT32_MAX, -EINVAL },
	{ "most of both", STRINGS("/\0a\0A=\0"), 1, UINT32_MAX, UINT32_MAX, -EINVAL },
};

static void request_is_checked(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct control_request header = { cases[i].version, cases[i].argument_count,
						  cases[i].environment_count };
		char *data = request_data(&header, cases[i].strings, cases[i].size);
		struct request request = { .directory = "untouched" };
		int r = request_parse(data, sizeof(header) + cases[i].size, &request);

		if (r != cases[i].expected)
			print_error("case %zu: %s\n", i, cases[i].what);
		assert_int_equal(r, cases[i].expected);
		if (r < 0)
			assert_string_equal(request.directory, "untouched");
		free(data);
	}
}

/* Every prefix of a good request is a bad one. */
static void request_cut_anywhere_is_refused(void **state)
{
	static const char strings[] = "/dir\0prog\0arg\0A=b\0C=";
	struct control_request header = { CONTROL_REQUEST_VERSION, 2, 2 };
	char *whole = request_data(&header, strings, sizeof(strings));
	size_t size = sizeof(header) + sizeof(strings);
	struct request request;

	(void)state;
	assert_int_equal(request_parse(whole, size, &request), 0);
	for (size_t length = 0; length < size; length++) {
		char *part = malloc(length > 0 ? length : 1);

		assert_non_null(part);
		memcpy(part, whole, length);
		assert_int_equal(request_parse(part, length, &request), -EINVAL);
		free(part);
	}
	free(whole);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(request_keeps_arguments_and_environment),
		cmocka_unit_test(request_is_checked),
		cmocka_unit_test(request_cut_anywhere_is_refused),
	};

	return cmocka_run_group_tests_name("request", tests, NULL, NULL);
}
