#include "tests/support/test.h"

#include <errno.h>
#include <string.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "forward/caller_environment.h"

static void an_environment_is_split_at_its_nuls(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	char data[] = "A=1\0B=\0no equals\0\0C=x=y\nz\0LAST=no nul";
	char **environment = caller_environment_split(&arena, data, sizeof(data) - 1);

	(void)state;
	assert_string_equal(environment[0], "A=1");
	assert_string_equal(environment[1], "B=");
	assert_string_equal(environment[2], "C=x=y\nz");
	assert_string_equal(environment[3], "LAST=no nul");
	assert_null(environment[4]);
}

static void an_empty_environment_has_only_its_end(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	char nothing[] = "", nuls[] = "\0\0\0";

	(void)state;
	assert_null(caller_environment_split(&arena, nothing, 0)[0]);
	assert_null(caller_environment_split(&arena, nuls, 3)[0]);
}

static void a_large_environment_is_split_whole(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	char *data = arena_alloc(&arena, sizeof("A=1") * 1000 + 1), **environment;

	(void)state;
	for (size_t i = 0; i < 1000; i++)
		memcpy(data + sizeof("A=1") * i, i % 3 == 0 ? "xyz" : "A=1", 4);
	environment = caller_environment_split(&arena, data, sizeof("A=1") * 1000);
	for (size_t i = 0; i < 666; i++)
		assert_string_equal(environment[i], "A=1");
	assert_null(environment[666]);
}

static void the_parent_is_found_whatever_the_name(void **state)
{
	static const struct {
		const char *stat;
		int expected; /* -1: refused */
	} cases[] = {
		{ "12 (bash) S 7 12 12 34816", 7 },
		{ "12 (a) (b)) S 8 9", 8 },
		{ "12 (evil) S 1 1 1) R 9 9", 9 },
		{ "12 (evil\n) S 1 ) S 10 ", 10 },
		{ "12 () S 11 1", 11 },
		{ "12 (init) S 0 1", 0 },
		{ "", -1 },
		{ "12 bash S 7 12", -1 },
		{ "12 (bash)", -1 },
		{ "12 (bash) S", -1 },
		{ "12 (bash) S x 1", -1 },
		{ "12 (bash) S -1 1", -1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		int parent = -1, r = caller_environment_parse_stat(cases[i].stat, &parent);

		if (parent != cases[i].expected || r != (cases[i].expected < 0 ? -EINVAL : 0))
			fail_msg("case %zu: '%s' gives %d", i, cases[i].stat, parent);
	}
}

static void the_effective_uid_is_the_second(void **state)
{
	static const struct {
		const char *status;
		unsigned expected; /* 99: refused */
	} cases[] = {
		{ "Name:\tsudo\nState:\tS\nUid:\t1000\t0\t0\t0\nGid:\t7\t8\t9\t9\n", 0 },
		{ "Name:\tx\nUid:\t1\t2\t3\t4\n", 2 },
		{ "Name:\tx\nUid:\t4294967295\t4294967294\t3\t4\n", 4294967294U },
		/* Newlines of a name are escaped by the kernel. */
		{ "Name:\t\\nUid:\t0\t0\t0\t0\nUid:\t1\t5\t3\t4\n", 5 },
		{ "Uid:\t1\t2\t3\t4\n", 99 },
		{ "Name:\tx\nGid:\t1\t2\t3\t4\n", 99 },
		{ "Name:\tx\nUid:\t1\n", 99 },
		{ "Name:\tx\nUid:\tx\ty\n", 99 },
		{ "", 99 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		unsigned euid = 99;
		int r = caller_environment_parse_status(cases[i].status, &euid);

		if (euid != cases[i].expected || r != (cases[i].expected == 99 ? -EINVAL : 0))
			fail_msg("case %zu gives %u", i, euid);
	}
}

static void without_sudo_our_own_environment_counts(void **state)
{
	static char variable[] = "ONLY_HERE=1";
	static char *own[] = { variable, NULL };
	AUTO_ARENA struct arena arena = { 0 };

	(void)state;
	assert_ptr_equal(caller_environment_read(&arena, own, false), own);
}

static void what_was_set_beyond_sudo_counts_unless_sudo_made_it_up(void **state)
{
	char sudos_data[] = "PATH=/alice\0KEY=old\0LANG=de\0HOME=/home/alice\0SUDO_UID=9\0KEYS=1";
	char own_data[] = "PATH=/root\0KEY=new\0HOME=/root\0SUDO_UID=1\0USER=root\0NEW=a=b\0EMPTY=";
	static const char *const expected[] = { "PATH=/alice", "LANG=de", "HOME=/home/alice",
						"SUDO_UID=9",  "KEYS=1",  "KEY=new",
						"NEW=a=b",     "EMPTY=" };
	AUTO_ARENA struct arena arena = { 0 };
	char *no_variable[] = { NULL };
	char **sudos = caller_environment_split(&arena, sudos_data, sizeof(sudos_data));
	char **own = caller_environment_split(&arena, own_data, sizeof(own_data));
	char *const *merged = caller_environment_merge(&arena, sudos, own);

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(expected); i++)
		assert_string_equal(merged[i], expected[i]);
	assert_null(merged[ARRAY_LENGTH(expected)]);
	assert_null(caller_environment_merge(&arena, no_variable, no_variable)[0]);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_environment_is_split_at_its_nuls),
		cmocka_unit_test(an_empty_environment_has_only_its_end),
		cmocka_unit_test(a_large_environment_is_split_whole),
		cmocka_unit_test(the_parent_is_found_whatever_the_name),
		cmocka_unit_test(the_effective_uid_is_the_second),
		cmocka_unit_test(without_sudo_our_own_environment_counts),
		cmocka_unit_test(what_was_set_beyond_sudo_counts_unless_sudo_made_it_up),
	};

	return cmocka_run_group_tests_name("caller_environment", tests, NULL, NULL);
}
