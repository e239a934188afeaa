#include "tests/support/test.h"

#include <errno.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "forward/user.h"

/* What the user database has, whoever is asked for. */
static struct passwd entry;
static bool has_entry;

struct passwd *__wrap_getpwuid(uid_t uid);

struct passwd *__wrap_getpwuid(uid_t uid)
{
	entry.pw_uid = uid;
	return has_entry ? &entry : NULL;
}

static void set_entry(const char *name, const char *home, const char *shell)
{
	has_entry = true;
	entry = (struct passwd) {
		.pw_name = (char *)name,
		.pw_dir = (char *)home,
		.pw_shell = (char *)shell,
		.pw_gid = 2345,
	};
}

/* As root for the user whom sudo names, otherwise for ourselves. */
static int identify(struct arena *arena, struct diag *diag, struct caller *ret_caller)
{
	char sudo_uid[] = "SUDO_UID=1234", *environment[] = { sudo_uid, NULL };

	*diag = (struct diag) { .arena = arena };
	return user_identify(arena, environment, NULL, diag, ret_caller);
}

static void the_caller_is_as_the_database_has_them(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct caller caller = { 0 };
	struct diag diag;

	(void)state;
	set_entry("jo", "/home//jo/", "/bin/bash");
	assert_int_equal(identify(&arena, &diag, &caller), 0);
	assert_int_equal(caller.uid, geteuid() == 0 ? 1234 : getuid());
	assert_int_equal(caller.gid, 2345);
	assert_string_equal(caller.name, "jo");
	assert_string_equal(caller.home, "/home/jo");
	assert_string_equal(caller.shell, "/bin/bash");
}

static void a_user_without_a_proper_entry_is_refused(void **state)
{
	static const struct {
		const char *name;
		const char *home;
		const char *says;
	} cases[] = {
		{ NULL, NULL, "not in the user database" },
		{ "jo", "", "not absolute" },
		{ "jo", "home/jo", "not absolute" },
		{ "jo", "/home/j:o", "a colon or newline" },
		{ "jo", "/home/jo\ntoor:x:0:0::/:", "a colon or newline" },
		{ "j:0:0", "/home/jo", "a colon or newline" },
		{ "jo\n", "/home/jo", "a colon or newline" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		AUTO_ARENA struct arena arena = { 0 };
		struct caller caller = { .name = "untouched" };
		struct diag diag;

		set_entry(cases[i].name, cases[i].home, "/bin/bash");
		has_entry = cases[i].name != NULL;
		if (identify(&arena, &diag, &caller) != -EINVAL || diag.fault_count != 1 ||
		    !strstr(diag.entries[0].text, cases[i].says))
			fail_msg("case %zu", i);
		assert_string_equal(caller.name, "untouched");
	}
}

/* Another one is taken instead, so that passwd inside has the right fields. */
static void an_odd_shell_is_none(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct caller caller = { 0 };
	struct diag diag;

	(void)state;
	set_entry("jo", "/home/jo", "/bin/sh\ntoor:x:0:0::/:/bin/sh");
	assert_int_equal(identify(&arena, &diag, &caller), 0);
	assert_string_equal(caller.shell, "");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_caller_is_as_the_database_has_them),
		cmocka_unit_test(a_user_without_a_proper_entry_is_refused),
		cmocka_unit_test(an_odd_shell_is_none),
	};

	return cmocka_run_group_tests_name("user", tests, NULL, NULL);
}
