#include "tests/support/test.h"

#include <errno.h>
#include <string.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "runtime/project.h"

struct project_case {
	const char *path;
	const char *reason; /* in the fault; NULL: a good project */
};

static const char *check(struct arena *arena, const struct host *host)
{
	struct diag diag = { .arena = arena };

	project_check(host, &diag);
	assert_true(diag.count <= 1);
	return diag.count > 0 ? diag.entries[0].text : NULL;
}

static struct host host_with(const char *path)
{
	return (struct host) {
		.caller = { .name = "jo", .home = "/home/jo" },
		.home = { .path = "/home/jo", .kind = HOST_FILE_DIRECTORY },
		.project = {
			.asked = path,
			.path = path,
			.kind = HOST_FILE_DIRECTORY,
			.can_access = true,
		},
	};
}

static void places_of_the_system_are_refused(void **state)
{
	static const struct project_case cases[] = {
		{ "/", "belongs to the system" },
		{ "/nix", "belongs to the system" },
		{ "/dev", "belongs to the system" },
		{ "/run", "belongs to the system" },
		{ "/tmp", "belongs to the system" },
		{ "/proc", "belongs to the kernel" },
		{ "/proc/1", "belongs to the kernel" },
		{ "/sys", "belongs to the kernel" },
		{ "/sys/fs/cgroup", "belongs to the kernel" },
		{ "/home/jo", "is the home directory" },
		{ "/home", "holds the home directory" },
		{ "/nix/x", NULL },
		{ "/run/x", NULL },
		{ "/tmp/x", NULL },
		{ "/dev/shm/x", NULL },
		{ "/processes", NULL },
		{ "/system", NULL },
		{ "/home/jo/x", NULL },
		{ "/home/j", NULL },
		{ "/home/jon", NULL },
		{ "/homes", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		AUTO_ARENA struct arena arena = { 0 };
		struct host host = host_with(cases[i].path);
		const char *text = check(&arena, &host);

		if (cases[i].reason ? !text || !strstr(text, cases[i].reason) : text != NULL)
			fail_msg("case %zu, '%s': %s", i, cases[i].path, text ? text : "taken");
	}
}

static void a_home_behind_a_link_is_refused_by_either_name(void **state)
{
	static const struct project_case cases[] = {
		{ "/data/jo", "is the home directory" },
		{ "/home/jo", "is the home directory" },
		{ "/data", "holds the home directory" },
		{ "/home", "holds the home directory" },
		{ "/data/jo/x", NULL },
		{ "/data/al", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		AUTO_ARENA struct arena arena = { 0 };
		struct host host = host_with(cases[i].path);
		const char *text;

		host.home.path = "/data/jo";
		text = check(&arena, &host);
		if (cases[i].reason ? !text || !strstr(text, cases[i].reason) : text != NULL)
			fail_msg("case %zu, '%s': %s", i, cases[i].path, text ? text : "taken");
	}
}

static void places_of_keys_in_the_home_are_refused(void **state)
{
	static const struct project_case cases[] = {
		{ "/home/jo/.ssh", "is where keys, or what sandboxes leave" },
		{ "/home/jo/.ssh/below", "is where keys, or what sandboxes leave" },
		{ "/home/jo/.gnupg", "is where keys, or what sandboxes leave" },
		{ "/home/jo/.aws", "is where keys, or what sandboxes leave" },
		{ "/home/jo/.kube/cache", "is where keys, or what sandboxes leave" },
		{ "/home/jo/.docker", "is where keys, or what sandboxes leave" },
		{ "/home/jo/.password-store/work", "is where keys, or what sandboxes leave" },
		{ "/home/jo/.local/share/keyrings", "is where keys, or what sandboxes leave" },
		{ "/data/jo/.ssh", "is where keys, or what sandboxes leave" },
		{ "/home/jo/.local/share", "holds a place where keys, or what" },
		{ "/home/jo/.local", "holds a place where keys, or what" },
		{ "/data/jo/.local", "holds a place where keys, or what" },
		{ "/home/jo/.ssh-tools", NULL },
		{ "/home/jo/.local/share/app", NULL },
		{ "/home/jo/.local/shared", NULL },
		{ "/home/jo/proj/.ssh", NULL },
		{ "/home/al/.ssh", NULL },
		{ "/.ssh", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		AUTO_ARENA struct arena arena = { 0 };
		struct host host = host_with(cases[i].path);
		const char *text;

		host.home.path = "/data/jo";
		text = check(&arena, &host);
		if (cases[i].reason ? !text || !strstr(text, cases[i].reason) : text != NULL)
			fail_msg("case %zu, '%s': %s", i, cases[i].path, text ? text : "taken");
	}
}

static void a_link_is_warned_of(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct diag diag = { .arena = &arena };
	struct host host = host_with("/data/x");

	(void)state;
	host.project.asked = "x";
	host.project.is_link = true;
	project_check(&host, &diag);
	assert_int_equal(diag.count, 1);
	assert_int_equal(diag.fault_count, 0);
	assert_string_equal(diag.entries[0].text,
			    "the project 'x' is a link, sharing '/data/x', continuing");
}

static void a_working_directory_that_is_gone_is_told_as_such(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct host host = host_with("/p");

	(void)state;
	host.project = (struct host_file) { .asked = ".", .error = ENOENT };
	assert_string_equal(check(&arena, &host),
			    "cannot use the working directory: it has been removed");
	host.project.asked = "./x";
	assert_string_equal(check(&arena, &host),
			    "cannot use './x' as the project: No such file or directory");
	host.project = (struct host_file) { .asked = ".", .error = EACCES };
	assert_string_equal(check(&arena, &host),
			    "cannot use '.' as the project: Permission denied");
}

static void a_missing_home_is_refused_all_the_same(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct host host = host_with("/home");

	(void)state;
	host.home = (struct host_file) { .asked = "/home/jo", .error = ENOENT };
	assert_non_null(strstr(check(&arena, &host), "holds the home directory"));
	host.project.path = "/home/jo";
	assert_non_null(strstr(check(&arena, &host), "is the home directory"));
}

static void what_cannot_be_worked_in_is_refused(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct host host = host_with("/p");

	(void)state;
	host.project.can_access = false;
	assert_string_equal(check(&arena, &host),
			    "cannot use '/p' as the project: user 'jo' cannot enter it");
	host.project.kind = HOST_FILE_REGULAR;
	assert_string_equal(check(&arena, &host),
			    "cannot use '/p' as the project: not a directory");
	host.project.error = ENOENT;
	host.project.path = NULL;
	assert_string_equal(check(&arena, &host),
			    "cannot use '/p' as the project: No such file or directory");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(places_of_the_system_are_refused),
		cmocka_unit_test(a_home_behind_a_link_is_refused_by_either_name),
		cmocka_unit_test(places_of_keys_in_the_home_are_refused),
		cmocka_unit_test(a_link_is_warned_of),
		cmocka_unit_test(a_working_directory_that_is_gone_is_told_as_such),
		cmocka_unit_test(a_missing_home_is_refused_all_the_same),
		cmocka_unit_test(what_cannot_be_worked_in_is_refused),
	};

	return cmocka_run_group_tests_name("project", tests, NULL, NULL);
}
