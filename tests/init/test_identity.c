#include "tests/support/test.h"

#include <errno.h>
#include <stdio.h>

#include "init/identity.h"

static void identity_keeps_ids_and_groups(void **state)
{
	const char *words[] = { "1000", "100", "44", "0", "4294967294" };
	struct identity identity;

	(void)state;
	assert_int_equal(identity_parse(words, 5, &identity), 0);
	assert_int_equal(identity.uid, 1000);
	assert_int_equal(identity.gid, 100);
	assert_int_equal(identity.group_count, 3);
	assert_int_equal(identity.groups[0], 44);
	assert_int_equal(identity.groups[1], 0);
	assert_true(identity.groups[2] == 4294967294u);
}

static void identity_needs_no_groups(void **state)
{
	const char *words[] = { "1", "0" };
	struct identity identity;

	(void)state;
	assert_int_equal(identity_parse(words, 2, &identity), 0);
	assert_int_equal(identity.group_count, 0);
}

static void identity_refuses_what_is_not_plainly_an_id(void **state)
{
	static const struct {
		const char *words[3];
		size_t count;
		int expected;
	} cases[] = {
		{ { NULL }, 0, -EINVAL },
		{ { "1000" }, 1, -EINVAL },
		{ { "0", "1000" }, 2, -EINVAL },
		{ { "00", "1000" }, 2, -EINVAL },
		{ { "", "1000" }, 2, -EINVAL },
		{ { "1000", "" }, 2, -EINVAL },
		{ { "-1", "1000" }, 2, -EINVAL },
		{ { "+1", "1000" }, 2, -EINVAL },
		{ { " 1", "1000" }, 2, -EINVAL },
		{ { "1 ", "1000" }, 2, -EINVAL },
		{ { "1\n", "1000" }, 2, -EINVAL },
		{ { "0x3e8", "1000" }, 2, -EINVAL },
		{ { "1000", "users" }, 2, -EINVAL },
		{ { "4294967295", "1000" }, 2, -ERANGE },
		{ { "4294967296", "1000" }, 2, -ERANGE },
		{ { "18446744073709551617", "1000" }, 2, -ERANGE },
		{ { "1000", "4294967295" }, 2, -ERANGE },
		{ { "1000", "100", "4294967295" }, 3, -ERANGE },
		{ { "1000", "100", "4x" }, 3, -EINVAL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct identity identity = { .uid = 7 };
		int r = identity_parse(cases[i].words, cases[i].count, &identity);

		if (r != cases[i].expected)
			print_error("case %zu\n", i);
		assert_int_equal(r, cases[i].expected);
		assert_int_equal(identity.uid, 7);
	}
}

static void identity_has_a_limit_of_groups(void **state)
{
	const char *words[3 + IDENTITY_GROUPS_MAX];
	struct identity identity;

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		words[i] = "1000";
	assert_int_equal(identity_parse(words, 2 + IDENTITY_GROUPS_MAX, &identity), 0);
	assert_int_equal(identity.group_count, IDENTITY_GROUPS_MAX);
	assert_int_equal(identity_parse(words, 3 + IDENTITY_GROUPS_MAX, &identity), -E2BIG);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(identity_keeps_ids_and_groups),
		cmocka_unit_test(identity_needs_no_groups),
		cmocka_unit_test(identity_refuses_what_is_not_plainly_an_id),
		cmocka_unit_test(identity_has_a_limit_of_groups),
	};

	return cmocka_run_group_tests_name("identity", tests, NULL, NULL);
}
