#include "tests/support/test.h"

#include <string.h>

#include "base/cleanup.h"
#include "runtime/limits.h"

static void what_is_unlimited_is_enough(void **state)
{
	const struct host_limits limits = HOST_LIMITS_NONE;
	AUTO_ARENA struct arena arena = { 0 };
	struct diag diag = { .arena = &arena };

	(void)state;
	assert_true(limits_allow_probe(&limits, &diag));
	limits_check_plan(&limits, &(struct plan) { .directory = "/" }, &diag);
	assert_int_equal(diag.count, 0);
}

static void each_that_is_too_low_is_told_with_a_hint(void **state)
{
	static const struct {
		struct host_limits limits;
		const char *text;
		const char *hint;
	} cases[] = {
		{ { 8192, UINT64_MAX, UINT64_MAX },
		  "cannot do with files of at most 8192 bytes: it takes 2097152",
		  "ulimit -f unlimited" },
		{ { UINT64_MAX, 8, UINT64_MAX },
		  "cannot do with 8 open files: it takes 32",
		  "ulimit -n 1024" },
		{ { UINT64_MAX, UINT64_MAX, 1 },
		  "cannot do with 1 processes: it takes 2",
		  "ulimit -u unlimited" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		AUTO_ARENA struct arena arena = { 0 };
		struct diag diag = { .arena = &arena };

		assert_false(limits_allow_probe(&cases[i].limits, &diag));
		assert_int_equal(diag.fault_count, 1);
		assert_string_equal(diag.entries[0].text, cases[i].text);
		assert_string_equal(diag.entries[0].hint, cases[i].hint);
	}
}

static void faults_of_others_are_not_the_limits_own(void **state)
{
	const struct host_limits limits = HOST_LIMITS_NONE;
	AUTO_ARENA struct arena arena = { 0 };
	struct diag diag = { .arena = &arena };

	(void)state;
	diag_fault(&diag, "cannot");
	assert_true(limits_allow_probe(&limits, &diag));
}

static void each_source_takes_a_descriptor(void **state)
{
	struct host_limits limits = HOST_LIMITS_NONE;
	struct plan plan = { .directory = "/", .sources = { .count = 2000 } };
	AUTO_ARENA struct arena arena = { 0 };
	struct diag diag = { .arena = &arena };

	(void)state;
	limits.open_files = 2032;
	limits_check_plan(&limits, &plan, &diag);
	assert_int_equal(diag.count, 0);
	limits.open_files--;
	limits_check_plan(&limits, &plan, &diag);
	assert_int_equal(diag.fault_count, 1);
	assert_string_equal(diag.entries[0].text, "cannot do with 2031 open files: it takes 2032");
	assert_string_equal(diag.entries[0].hint, "ulimit -n 2032");
}

static void the_largest_file_counts(void **state)
{
	struct host_limits limits = HOST_LIMITS_NONE;
	struct seed seeds[] = { { .content = "short", .content_length = 5 },
				{ .source_size = 5000000 } };
	struct plan plan = { .directory = "/", .seeds = { .seeds = seeds, .count = 2 } };
	AUTO_ARENA struct arena arena = { 0 };
	struct diag diag = { .arena = &arena };

	(void)state;
	limits.file_size = 5000000;
	limits_check_plan(&limits, &plan, &diag);
	assert_int_equal(diag.count, 0);
	limits.file_size--;
	limits_check_plan(&limits, &plan, &diag);
	assert_int_equal(diag.fault_count, 1);
}

static void so_does_what_the_payload_is_given(void **state)
{
	static char value[3000000];
	struct host_limits limits = { 2097152, UINT64_MAX, UINT64_MAX };
	const char *arguments[] = { "program", value, NULL };
	struct plan plan = { .directory = "/", .arguments = arguments, .argument_count = 2 };
	AUTO_ARENA struct arena arena = { 0 };
	struct diag diag = { .arena = &arena };

	(void)state;
	memset(value, 'x', sizeof(value) - 1);
	limits_check_plan(&limits, &plan, &diag);
	assert_int_equal(diag.fault_count, 1);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_unlimited_is_enough),
		cmocka_unit_test(each_that_is_too_low_is_told_with_a_hint),
		cmocka_unit_test(faults_of_others_are_not_the_limits_own),
		cmocka_unit_test(each_source_takes_a_descriptor),
		cmocka_unit_test(the_largest_file_counts),
		cmocka_unit_test(so_does_what_the_payload_is_given),
	};

	return cmocka_run_group_tests_name("limits", tests, NULL, NULL);
}
