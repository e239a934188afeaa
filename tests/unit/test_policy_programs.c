/* The filters of both architectures, run on made-up calls. What is expected of arguments is written
 * down here once more, not read from the rules that the filters are made of. */
#include "tests/support/test.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "init/policy_table.h"
#include "tests/support/bpf.h"

#define X32_BIT 0x40000000

static const struct {
	const struct policy_programs *programs;
	uint32_t token;
} architectures[] = {
	[POLICY_X86_64] = { policy_programs_x86_64, BPF_X86_64 },
	[POLICY_AARCH64] = { policy_programs_aarch64, BPF_AARCH64 },
};

/* What a caller may leave in the upper half of the register of an int. */
static const uint64_t upper_halves[] = { 0, UINT64_C(1) << 32, UINT64_C(0xffffffff) << 32,
					 UINT64_C(0x8000000000000000),
					 UINT64_C(0x1234567800000000) };

static int run_number(enum policy_architecture a, enum policy policy, int32_t number)
{
	struct bpf_call call = { .number = number, .architecture = architectures[a].token };

	/* A number that no rule on arguments minds: AF_UNIX. */
	if (number != policy_call_find("personality")->numbers[a])
		call.arguments[0] = 1;
	return bpf_run_both(&architectures[a].programs[policy], &call);
}

static int expected_of_number(enum policy_architecture a, enum policy policy, int number)
{
	for (size_t i = 0; i < policy_call_count; i++)
		if (policy_calls[i].numbers[a] == number)
			return policy_call_error(&policy_calls[i], policy);
	return ENOSYS;
}

static void each_number_has_its_verdict(void **state)
{
	(void)state;
	for (int a = 0; a < POLICY_ARCHITECTURE_COUNT; a++)
		for (int policy = 0; policy < POLICY_COUNT; policy++)
			for (int number = 0; number < 1024; number++) {
				int expected = expected_of_number(a, policy, number);
				int seen = run_number(a, policy, number);

				if (seen != expected)
					print_error("policy %d, call %d: %d, not %d\n", policy,
						    number, seen, expected);
				assert_int_equal(seen, expected);
			}
}

/* So that a verdict in the table is not changed by mistake. */
static void chosen_calls_have_these_verdicts(void **state)
{
	static const struct {
		const char *name;
		int errors[POLICY_COUNT];
	} cases[] = {
		{ "ptrace", { 0, 0, 0 } },
		{ "chroot", { 0, 0, 0 } },
		{ "landlock_restrict_self", { 0, 0, 0 } },
		{ "process_vm_writev", { 0, 0, 0 } },
		{ "seccomp", { 0, 0, 0 } },
		{ "name_to_handle_at", { 0, 0, 0 } },
		{ "mount", { EPERM, EPERM, 0 } },
		{ "move_mount", { EPERM, EPERM, 0 } },
		{ "open_tree_attr", { EPERM, EPERM, 0 } },
		{ "setns", { EPERM, EPERM, 0 } },
		{ "bpf", { EPERM, EPERM, EPERM } },
		{ "keyctl", { EPERM, EPERM, EPERM } },
		{ "open_by_handle_at", { EPERM, EPERM, EPERM } },
		{ "userfaultfd", { EPERM, EPERM, EPERM } },
		{ "clone3", { ENOSYS, ENOSYS, ENOSYS } },
		{ "io_uring_setup", { ENOSYS, ENOSYS, ENOSYS } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
		for (int policy = 0; policy < POLICY_COUNT; policy++)
			assert_int_equal(policy_call_error(policy_call_find(cases[i].name), policy),
					 cases[i].errors[policy]);
}

static void numbers_beyond_the_table_do_not_exist(void **state)
{
	static const int32_t numbers[] = {
		1024, 4096, 65536, 0x3fffffff, INT32_MAX, -2, INT32_MIN
	};

	(void)state;
	for (int a = 0; a < POLICY_ARCHITECTURE_COUNT; a++)
		for (int policy = 0; policy < POLICY_COUNT; policy++) {
			for (size_t i = 0; i < ARRAY_LENGTH(numbers); i++)
				assert_int_equal(run_number(a, policy, numbers[i]), ENOSYS);
			for (int number = 0; number < 1024; number++)
				assert_int_equal(run_number(a, policy, X32_BIT | number), ENOSYS);
		}
}

static void other_architectures_have_no_calls(void **state)
{
	static const uint32_t tokens[] = {
		BPF_I386, BPF_ARM, BPF_X86_64, BPF_AARCH64, 0, UINT32_MAX
	};

	(void)state;
	for (int a = 0; a < POLICY_ARCHITECTURE_COUNT; a++)
		for (int policy = 0; policy < POLICY_COUNT; policy++)
			for (size_t i = 0; i < ARRAY_LENGTH(tokens); i++)
				for (int number = 0; number < 1024; number++) {
					struct bpf_call call = { .number = number,
								 .architecture = tokens[i] };

					if (tokens[i] == architectures[a].token)
						continue;
					assert_int_equal(
						bpf_run_both(&architectures[a].programs[policy],
							     &call),
						ENOSYS);
				}
}

/* Runs a call with up to four arguments on all architectures that have it, once with each upper
 * half in each argument, and expects this answer. */
static void expect(enum policy policy, const char *name, const uint32_t arguments[4], int expected)
{
	const struct policy_call *call = policy_call_find(name);

	assert_non_null(call);
	for (int a = 0; a < POLICY_ARCHITECTURE_COUNT; a++) {
		if (call->numbers[a] < 0)
			continue;
		for (size_t u = 0; u < ARRAY_LENGTH(upper_halves); u++) {
			struct bpf_call data = { .number = call->numbers[a],
						 .architecture = architectures[a].token };
			int seen;

			for (size_t i = 0; i < 4; i++)
				data.arguments[i] = upper_halves[u] | arguments[i];
			seen = bpf_run_both(&architectures[a].programs[policy], &data);
			if (seen != expected)
				print_error("policy %d, %s(%#jx, %#jx, %#jx, %#jx): %d, not %d\n",
					    policy, name, (uintmax_t)data.arguments[0],
					    (uintmax_t)data.arguments[1],
					    (uintmax_t)data.arguments[2],
					    (uintmax_t)data.arguments[3], seen, expected);
			assert_int_equal(seen, expected);
		}
	}
}

static void expect_in_all(const char *name, const uint32_t arguments[4], int expected)
{
	for (int policy = 0; policy < POLICY_COUNT; policy++)
		expect(policy, name, arguments, expected);
}

static void namespaces_are_made_as_the_policy_says(void **state)
{
	static const struct {
		uint32_t flag;
		bool is_allowed[POLICY_COUNT];
	} namespaces[] = {
		{ 0x10000000, { true, false, true } },	/* user */
		{ 0x20000000, { true, false, true } },	/* pid */
		{ 0x40000000, { true, false, true } },	/* net */
		{ 0x00020000, { false, false, true } }, /* mount */
		{ 0x02000000, { false, false, true } }, /* cgroup */
		{ 0x04000000, { false, false, true } }, /* uts */
		{ 0x08000000, { false, false, true } }, /* ipc */
	};
	/* None; a thread's; all others there are. */
	static const uint32_t others[] = { 0, 0x003d0f00, 0x81fdff11 };

	(void)state;
	for (int policy = 0; policy < POLICY_COUNT; policy++)
		for (unsigned set = 0; set < 1u << ARRAY_LENGTH(namespaces); set++)
			for (size_t o = 0; o < ARRAY_LENGTH(others); o++) {
				uint32_t arguments[4] = { others[o] };
				int expected = 0;

				for (size_t i = 0; i < ARRAY_LENGTH(namespaces); i++)
					if (set & (1u << i)) {
						arguments[0] |= namespaces[i].flag;
						if (!namespaces[i].is_allowed[policy])
							expected = EPERM;
					}
				expect(policy, "clone", arguments, expected);
				expect(policy, "unshare", arguments, expected);
			}
}

/* In clone it belongs to the number of a signal. */
static void time_namespaces_are_never_made(void **state)
{
	const uint32_t time[4] = { 0x80 }, with_user[4] = { 0x10000080 };

	(void)state;
	expect_in_all("unshare", time, EPERM);
	expect_in_all("unshare", with_user, EPERM);
	expect_in_all("clone", time, 0);
}

static void four_terminal_requests_are_refused(void **state)
{
	static const uint32_t refused[] = { 0x5412, 0x541c, 0x541d, 0x5423 };

	(void)state;
	for (uint32_t request = 0x5400; request < 0x5500; request++) {
		const uint32_t arguments[4] = { 0, request };
		int expected = 0;

		for (size_t i = 0; i < ARRAY_LENGTH(refused); i++)
			if (request == refused[i])
				expected = EPERM;
		expect_in_all("ioctl", arguments, expected);
	}
	for (size_t i = 0; i < ARRAY_LENGTH(refused); i++)
		for (unsigned bit = 0; bit < 32; bit++) {
			const uint32_t arguments[4] = { 0, refused[i] ^ 1u << bit };

			/* These two are one bit apart. */
			if (arguments[1] != 0x541c && arguments[1] != 0x541d)
				expect_in_all("ioctl", arguments, 0);
		}
}

/* The kernel knows fewer than 256, and has the same answer for those beyond. */
static void four_socket_families_are_left(void **state)
{
	(void)state;
	for (uint32_t family = 0; family < 256; family++) {
		const uint32_t stream[4] = { family, 1, 0 };
		bool is_allowed = family == 1 || family == 2 || family == 10 || family == 16;

		expect_in_all("socket", stream, is_allowed ? 0 : EAFNOSUPPORT);
		expect_in_all("socketpair", stream, is_allowed ? 0 : EAFNOSUPPORT);
	}
}

/* SOCK_PACKET makes AF_INET AF_PACKET, whatever flags are with it. */
static void no_socket_type_is_another_family(void **state)
{
	static const uint32_t families[] = { 1, 2, 10, 16 }, flags[] = { 0, 02000000, 02004000 };

	(void)state;
	for (size_t f = 0; f < ARRAY_LENGTH(families); f++)
		for (uint32_t type = 0; type < 16; type++)
			for (size_t i = 0; i < ARRAY_LENGTH(flags); i++) {
				const uint32_t arguments[4] = { families[f], type | flags[i], 0 };
				int expected = families[f] == 2 && type == 10 ? EAFNOSUPPORT : 0;

				expect_in_all("socket", arguments, expected);
				expect_in_all("socketpair", arguments, expected);
			}
}

static void of_netlink_routing_is_left(void **state)
{
	(void)state;
	for (uint32_t protocol = 0; protocol < 256; protocol++) {
		const uint32_t raw[4] = { 16, 3, protocol }, unix_stream[4] = { 1, 1, protocol };
		const uint32_t stream[4] = { 2, 1, protocol }, stream6[4] = { 10, 1, protocol };

		expect_in_all("socket", raw, protocol == 0 ? 0 : EPROTONOSUPPORT);
		expect_in_all("socket", stream, 0);
		expect_in_all("socket", stream6, 0);
		expect_in_all("socket", unix_stream, 0);
		expect_in_all("socketpair", raw, 0);
	}
}

static void set_user_id_is_refused(void **state)
{
	static const struct {
		const char *name;
		size_t mode; /* the argument */
	} cases[] = {
		{ "chmod", 1 }, { "fchmod", 1 },  { "fchmodat", 2 }, { "fchmodat2", 2 },
		{ "mknod", 1 }, { "mknodat", 2 }, { "creat", 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
		for (uint32_t mode = 0; mode <= 07777; mode += 077)
			for (size_t argument = 0; argument < 4; argument++) {
				uint32_t arguments[4] = { 0 };

				arguments[argument] = 0100000 | mode;
				expect(POLICY_DEFAULT, cases[i].name, arguments,
				       argument == cases[i].mode && (mode & 04000) ? EPERM : 0);
			}
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		uint32_t arguments[4] = { 0 };

		arguments[cases[i].mode] = 04755;
		expect_in_all(cases[i].name, arguments, EPERM);
	}
}

static void mode_of_open_counts_where_a_file_is_made(void **state)
{
	/* CREAT, TMPFILE without DIRECTORY, and what is neither: DIRECTORY of both architectures.
	 */
	static const uint32_t flags[] = { 0x40, 0x400000, 0x10000, 0x4000 };

	(void)state;
	for (unsigned set = 0; set < 1u << ARRAY_LENGTH(flags); set++)
		for (uint32_t mode = 0; mode <= 07777; mode += 0111) {
			uint32_t open[4] = { 0, 2, mode }, openat[4] = { 0, 0, 2, mode };
			int expected = (set & 3) && (mode & 04000) ? EPERM : 0;

			for (size_t i = 0; i < ARRAY_LENGTH(flags); i++)
				if (set & (1u << i)) {
					open[1] |= flags[i];
					openat[2] |= flags[i];
				}
			expect_in_all("open", open, expected);
			expect_in_all("openat", openat, expected);
		}
}

static void expect_personality(uint32_t value)
{
	const uint32_t arguments[4] = { value };
	bool is_allowed = value == UINT32_MAX || (value & ~UINT32_C(0x60008)) == 0;

	expect_in_all("personality", arguments, is_allowed ? 0 : EPERM);
}

/* All values with up to two bits that differ from all clear, all set, and what is allowed. */
static void few_personalities_are_left(void **state)
{
	static const uint32_t around[] = { 0, UINT32_MAX, 0x60008, ~UINT32_C(0x60008) };

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(around); i++)
		for (unsigned x = 0; x < 32; x++)
			for (unsigned y = x; y < 32; y++)
				expect_personality(around[i] ^ (1u << x | 1u << y));
	for (uint32_t value = 1, n = 0; n < 2000; n++) {
		value = value * 1664525 + 1013904223;
		expect_personality(value);
		expect_personality(value & 0x60008);
	}
	for (size_t i = 0; i < ARRAY_LENGTH(around); i++)
		expect_personality(around[i]);
}

/* They are in PID 1 as long as the sandbox lives. */
static void programs_are_small(void **state)
{
	(void)state;
	for (int a = 0; a < POLICY_ARCHITECTURE_COUNT; a++)
		for (int policy = 0; policy < POLICY_COUNT; policy++) {
			const struct policy_programs *programs = &architectures[a].programs[policy];

			assert_in_range(programs->numbers.length, 300, 600);
			assert_in_range(programs->arguments.length, 100, 450);
			assert_ptr_equal(programs->numbers.instructions,
					 architectures[a].programs[0].numbers.instructions);
		}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_number_has_its_verdict),
		cmocka_unit_test(chosen_calls_have_these_verdicts),
		cmocka_unit_test(numbers_beyond_the_table_do_not_exist),
		cmocka_unit_test(other_architectures_have_no_calls),
		cmocka_unit_test(namespaces_are_made_as_the_policy_says),
		cmocka_unit_test(time_namespaces_are_never_made),
		cmocka_unit_test(four_terminal_requests_are_refused),
		cmocka_unit_test(four_socket_families_are_left),
		cmocka_unit_test(no_socket_type_is_another_family),
		cmocka_unit_test(of_netlink_routing_is_left),
		cmocka_unit_test(set_user_id_is_refused),
		cmocka_unit_test(mode_of_open_counts_where_a_file_is_made),
		cmocka_unit_test(few_personalities_are_left),
		cmocka_unit_test(programs_are_small),
	};

	return cmocka_run_group_tests_name("policy_programs", tests, NULL, NULL);
}
