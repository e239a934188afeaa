#include "tests/support/test.h"

#include <seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "init/policy_table.h"

/* More than any kernel has. */
#define NUMBER_MAX 1024

static const uint32_t architectures[] = {
	[POLICY_X86_64] = SCMP_ARCH_X86_64,
	[POLICY_AARCH64] = SCMP_ARCH_AARCH64,
};

static void calls_are_sorted_by_name(void **state)
{
	(void)state;
	for (size_t i = 1; i < policy_call_count; i++) {
		if (strcmp(policy_calls[i - 1].name, policy_calls[i].name) >= 0)
			print_error("not in order: %s\n", policy_calls[i].name);
		assert_true(strcmp(policy_calls[i - 1].name, policy_calls[i].name) < 0);
	}
}

static void each_number_is_one_call(void **state)
{
	(void)state;
	for (int architecture = 0; architecture < POLICY_ARCHITECTURE_COUNT; architecture++) {
		const char *names[NUMBER_MAX] = { NULL };

		for (size_t i = 0; i < policy_call_count; i++) {
			int number = policy_calls[i].numbers[architecture];

			assert_in_range(number + 1, 0, NUMBER_MAX);
			if (number < 0)
				continue;
			if (names[number])
				print_error("%d: %s and %s\n", number, names[number],
					    policy_calls[i].name);
			assert_null(names[number]);
			names[number] = policy_calls[i].name;
		}
	}
}

/* From 403 to 423 only 32-bit architectures have calls, and x86-64 skips from 337 to 423. */
static void no_number_is_left_out(void **state)
{
	static const struct {
		enum policy_architecture architecture;
		int first, last;
	} ranges[] = {
		{ POLICY_X86_64, 0, 336 },    { POLICY_X86_64, 424, 469 },
		{ POLICY_AARCH64, 0, 243 },   { POLICY_AARCH64, 260, 294 },
		{ POLICY_AARCH64, 424, 469 },
	};
	size_t count[POLICY_ARCHITECTURE_COUNT] = { 0 };

	(void)state;
	for (size_t r = 0; r < ARRAY_LENGTH(ranges); r++) {
		for (int number = ranges[r].first; number <= ranges[r].last; number++) {
			size_t found = 0;

			for (size_t i = 0; i < policy_call_count; i++)
				found += policy_calls[i].numbers[ranges[r].architecture] == number;
			if (found != 1)
				print_error("%d: %zu calls\n", number, found);
			assert_int_equal(found, 1);
		}
		count[ranges[r].architecture] += (size_t)(ranges[r].last - ranges[r].first + 1);
	}
	for (int architecture = 0; architecture < POLICY_ARCHITECTURE_COUNT; architecture++) {
		for (size_t i = 0; i < policy_call_count; i++)
			count[architecture] -= policy_calls[i].numbers[architecture] >= 0;
		assert_int_equal(count[architecture], 0);
	}
}

/* Of the calls that it knows; negative numbers are its own inventions. */
static void libseccomp_has_the_same_numbers(void **state)
{
	size_t known = 0;

	(void)state;
	for (size_t i = 0; i < policy_call_count; i++)
		for (int a = 0; a < POLICY_ARCHITECTURE_COUNT; a++) {
			const struct policy_call *call = &policy_calls[i];
			int number =
				seccomp_syscall_resolve_name_arch(architectures[a], call->name);

			if (number == __NR_SCMP_ERROR)
				continue;
			known++;
			if (number != call->numbers[a] && (number >= 0 || call->numbers[a] >= 0))
				print_error("%s: %d, not %d\n", call->name, number,
					    call->numbers[a]);
			assert_true(number == call->numbers[a] ||
				    (number < 0 && call->numbers[a] < 0));
		}
	assert_true(known > 700);
}

static void libseccomp_has_no_other_calls(void **state)
{
	(void)state;
	for (int a = 0; a < POLICY_ARCHITECTURE_COUNT; a++)
		for (int number = 0; number <= 469; number++) {
			char *name = seccomp_syscall_resolve_num_arch(architectures[a], number);

			if (name && !policy_call_find(name))
				print_error("%d: not in the table: %s\n", number, name);
			assert_true(!name || policy_call_find(name));
			free(name);
		}
}

static void rules_are_for_calls_that_are_allowed(void **state)
{
	(void)state;
	for (size_t i = 0; i < policy_rule_count; i++) {
		const struct policy_call *call = policy_call_find(policy_rules[i].call);

		assert_non_null(call);
		assert_int_equal(call->verdict, VERDICT_ALLOWED);
		assert_true(policy_rules[i].conditions[0].mask != 0);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_are_sorted_by_name),
		cmocka_unit_test(each_number_is_one_call),
		cmocka_unit_test(no_number_is_left_out),
		cmocka_unit_test(libseccomp_has_the_same_numbers),
		cmocka_unit_test(libseccomp_has_no_other_calls),
		cmocka_unit_test(rules_are_for_calls_that_are_allowed),
	};

	return cmocka_run_group_tests_name("policy_table", tests, NULL, NULL);
}
