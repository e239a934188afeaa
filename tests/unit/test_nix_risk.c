#include "tests/support/test.h"

#include <stdbool.h>
#include <string.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "forward/nix_risk.h"

static const gid_t groups_of_jo[] = { 8, 27 };
static const struct caller jo = {
	.uid = 7,
	.gid = 8,
	.name = "jo",
	.groups = groups_of_jo,
	.group_count = ARRAY_LENGTH(groups_of_jo),
};

static const char group_file[] = "root:x:0:\n"
				 "own:x:8:\n"
				 "sudo:x:27:\n"
				 "wheel:x:10:ann,joe,jo\n"
				 "others:x:11:ann,joe\n"
				 "first:x:12:jo,ann\n"
				 "nobody\n"
				 "odd:x:many:jo\n"
				 "short:x:13";

static const char *find(struct arena *arena, const char *content, const char *groups)
{
	const struct nix_risk_groups file = {
		.content = groups,
		.length = groups ? strlen(groups) : 0,
	};
	struct nix_conf conf = { 0 };

	assert_int_equal(
		nix_conf_parse(arena, "/etc/nix/nix.conf", content, strlen(content), &conf), 0);
	return nix_risk_find(arena, &conf, &jo, &file);
}

static void whom_the_daemon_trusts(void **state)
{
	static const struct {
		const char *content;
		bool is_risk;
	} cases[] = {
		{ "", false },
		{ "trusted-users = root", false },
		{ "trusted-users =", false },
		{ "trusted-users = root jo", true },
		{ "trusted-users = *", true },
		{ "trusted-users = root\nextra-trusted-users = jo", true },
		{ "trusted-users = jo\ntrusted-users = root", false },
		{ "trusted-users = joe j JO", false },
		{ "allowed-users = jo", false },
		/* By primary group, by group, by name; not; not known. */
		{ "trusted-users = @own", true },
		{ "trusted-users = @sudo", true },
		{ "trusted-users = @wheel", true },
		{ "trusted-users = @first", true },
		{ "trusted-users = @others", false },
		{ "trusted-users = root @others jo", true },
		{ "trusted-users = @missing", true },
		{ "trusted-users = @nobody", true },
		{ "trusted-users = @odd", true },
		{ "trusted-users = @short", true },
		{ "trusted-users = @", true },
	};
	AUTO_ARENA struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
		if ((find(&arena, cases[i].content, group_file) != NULL) != cases[i].is_risk)
			fail_msg("'%s' is judged wrongly", cases[i].content);
	assert_non_null(find(&arena, "trusted-users = @others", NULL));
	assert_null(find(&arena, "trusted-users = root", NULL));
}

static void builds_without_a_sandbox(void **state)
{
	static const struct {
		const char *content;
		bool is_risk;
	} cases[] = {
		{ "sandbox = true", false },
		{ "sandbox = false", true },
		{ "sandbox = relaxed", true },
		{ "sandbox =", true },
		{ "build-use-sandbox = false", true },
		{ "build-use-chroot = false", true },
		{ "sandbox = false\nbuild-use-chroot = true", false },
		{ "sandbox-paths = /bin/sh", false },
	};
	AUTO_ARENA struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
		if ((find(&arena, cases[i].content, group_file) != NULL) != cases[i].is_risk)
			fail_msg("'%s' is judged wrongly", cases[i].content);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whom_the_daemon_trusts),
		cmocka_unit_test(builds_without_a_sandbox),
	};

	return cmocka_run_group_tests_name("nix_risk", tests, NULL, NULL);
}
