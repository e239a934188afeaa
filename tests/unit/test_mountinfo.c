#include "tests/support/test.h"

#include <errno.h>
#include <string.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "mounts/mountinfo.h"

static void a_line_gives_target_flags_type_and_root(void **state)
{
	char plain[] = "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=x";
	char flags[] = "1 2 0:1 / /x ro,nosuid,nodev,noexec,relatime - proc proc rw";
	char optional[] =
		"1 2 0:1 / /x rw shared:7 master:1 propagate_from:2 unbindable - tmpfs t rw";
	struct mountinfo_entry entry;

	(void)state;
	assert_int_equal(mountinfo_parse_line(plain, &entry), 0);
	assert_string_equal(entry.target, "/mnt2");
	assert_string_equal(entry.root, "/mnt1");
	assert_string_equal(entry.type, "ext3");
	assert_int_equal(entry.flags, 0);
	assert_int_equal(mountinfo_parse_line(flags, &entry), 0);
	assert_int_equal(entry.flags,
			 MOUNT_READ_ONLY | MOUNT_NO_SUID | MOUNT_NO_DEVICES | MOUNT_NO_EXEC);
	assert_int_equal(mountinfo_parse_line(optional, &entry), 0);
	assert_string_equal(entry.type, "tmpfs");
}

static void escapes_of_the_kernel_are_undone(void **state)
{
	char line[] = "1 2 0:1 /r\\040r /a\\040b\\011\\012\\134\\043\\303\\244\\ rw - tmpfs t rw";
	struct mountinfo_entry entry;

	(void)state;
	assert_int_equal(mountinfo_parse_line(line, &entry), 0);
	assert_string_equal(entry.target, "/a b\t\n\\#\303\244\\");
	assert_string_equal(entry.root, "/r r");
}

/* A name that looks like options, or a backslash that looks like an escape once undone. */
static void hostile_names_stay_names(void **state)
{
	char options[] = "1 2 0:1 / /x\\040ro,nosuid\\040-\\040tmpfs rw - tmpfs t rw";
	char twice[] = "1 2 0:1 / /x\\134040y rw - tmpfs t rw";
	char like_flags[] = "1 2 0:1 / /x rw,xro,ro=1,noro - tmpfs t ro";
	struct mountinfo_entry entry;

	(void)state;
	assert_int_equal(mountinfo_parse_line(options, &entry), 0);
	assert_string_equal(entry.target, "/x ro,nosuid - tmpfs");
	assert_int_equal(entry.flags, 0);
	assert_int_equal(mountinfo_parse_line(twice, &entry), 0);
	assert_string_equal(entry.target, "/x\\040y");
	assert_int_equal(mountinfo_parse_line(like_flags, &entry), 0);
	assert_int_equal(entry.flags, 0);
}

static void anything_but_a_whole_line_is_refused(void **state)
{
	static const char *const lines[] = {
		"",
		" ",
		"1",
		"1 2 0:1 / /x",
		"1 2 0:1 / /x rw",
		"1 2 0:1 / /x rw -",
		"1 2 0:1 / /x rw - ",
		"1 2 0:1 / /x rw shared:1",
		"1 2 0:1 / /x rw shared:1 tmpfs t rw",
		"1 2 0:1  /x rw - tmpfs t rw",
		"1 2 0:1 /  rw - tmpfs t rw",
		" 1 2 0:1 / /x rw - tmpfs t rw",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(lines); i++) {
		struct mountinfo_entry entry = { .target = "untouched" };
		char line[64] = { 0 };

		memcpy(line, lines[i], strlen(lines[i]));
		if (mountinfo_parse_line(line, &entry) != -EINVAL ||
		    strcmp(entry.target, "untouched") != 0)
			fail_msg("case %zu: '%s'", i, lines[i]);
	}
}

struct expectation {
	const char *what;
	const char *text;
	size_t faults;
	bool has_no_cover; /* the kernel has neither of the targets */
};

static struct mount_list planned(struct arena *arena)
{
	static const struct mount_op ops[] = {
		{ MOUNT_DIRECTORY, "/etc", .mode = 0755 },
		{ MOUNT_PROC, "/proc", .flags = MOUNT_NO_SUID },
		{ MOUNT_MASK, "/proc/keys", .flags = MOUNT_READ_ONLY },
		{ MOUNT_SELF, "/proc/sys", .flags = MOUNT_READ_ONLY },
		{ MOUNT_BIND, "/usr", .flags = MOUNT_READ_ONLY | MOUNT_NO_SUID },
		{ MOUNT_TMPFS, "/tmp", .flags = MOUNT_NO_SUID },
		{ MOUNT_BIND, "/tmp/a b", .flags = MOUNT_NO_SUID },
	};
	struct mount_list list = { 0 };

	for (size_t i = 0; i < ARRAY_LENGTH(ops); i++)
		(void)mount_list_append(&list, arena, &ops[i]);
	return list;
}

#define ROOT "1 0 0:1 / / rw - overlay overlay rw\n"
#define PROC "2 1 0:2 / /proc rw,nosuid - proc proc rw\n"
#define KEYS "3 2 0:3 /null /proc/keys ro - devtmpfs d rw\n"
#define SYS "4 2 0:2 /sys /proc/sys ro,nosuid - proc proc rw\n"
#define USR "5 1 8:1 /usr /usr ro,nosuid - ext4 /dev/sda rw\n"
#define TMP "6 1 0:4 / /tmp rw,nosuid - tmpfs tmpfs rw\n"
#define BIND "7 6 8:1 /ab /tmp/a\\040b rw,nosuid - ext4 /dev/sda rw\n"

/* clang-format off */
/* One line a case reads best. */
static const struct expectation expectations[] = {
	{ "as planned", ROOT PROC KEYS SYS USR TMP BIND, 0, false },
	{ "nothing to cover", ROOT PROC USR TMP BIND, 0, true },
	{ "a cover that is missing", ROOT PROC SYS USR TMP BIND, 1, false },
	{ "no newline at the end", ROOT PROC KEYS SYS USR TMP "7 6 8:1 / /tmp/a\\040b nosuid - x y z", 0, false },
	{ "no mount at all", "", 4, true },
	{ "proc is missing", ROOT USR TMP BIND, 1, true },
	{ "a bind is missing", ROOT PROC USR TMP, 1, true },
	{ "usr is writable", ROOT PROC TMP BIND "5 1 8:1 /usr /usr rw,nosuid - ext4 d rw\n", 2, true },
	{ "the mask is writable", ROOT PROC SYS USR TMP BIND "3 2 0:3 /null /proc/keys rw - d d rw\n", 1, false },
	{ "a mask of a directory", ROOT PROC SYS USR TMP BIND "3 2 0:3 /empty /proc/keys ro - d d rw\n", 0, false },
	{ "the mask is something else", ROOT PROC SYS USR TMP BIND "3 2 0:3 /keys /proc/keys ro - proc p rw\n", 1, false },
	{ "proc/sys is writable", ROOT PROC KEYS USR TMP BIND "4 2 0:2 /sys /proc/sys rw - proc p rw\n", 1, false },
	{ "tmp allows setuid", ROOT PROC USR BIND "6 1 0:4 / /tmp rw - tmpfs tmpfs rw\n", 1, true },
	{ "read-only only as a file system", ROOT PROC TMP BIND "5 1 8:1 /usr /usr rw,nosuid - ext4 d ro\n", 2, true },
	{ "another file system", ROOT USR TMP BIND "2 1 0:2 / /proc rw,nosuid - tmpfs proc rw\n", 1, true },
	{ "a writable one on top of usr", ROOT PROC TMP BIND USR "9 5 0:9 / /usr rw,nosuid - tmpfs t rw\n", 2, true },
	{ "a submount that is writable", ROOT PROC USR TMP BIND "9 5 0:9 / /usr/share rw,nosuid - tmpfs t rw\n", 1, true },
	{ "a submount that allows setuid", ROOT PROC USR TMP BIND "9 5 0:9 / /usr/share ro - tmpfs t rw\n", 1, true },
	{ "a submount as it should be", ROOT PROC USR TMP BIND "9 5 0:9 / /usr/share ro,nosuid,noexec - tmpfs t rw\n", 0, true },
	{ "a procfs that came along", ROOT PROC USR TMP BIND "9 5 0:9 / /usr/p ro,nosuid - proc p rw\n", 1, true },
	{ "a mount that nobody planned", ROOT PROC USR TMP BIND "9 1 0:9 / /srv rw - tmpfs t rw\n", 1, true },
	{ "a mount on one of ours", ROOT PROC USR TMP BIND "9 1 0:9 / /tmp/x rw,nosuid - tmpfs t rw\n", 1, true },
	{ "a malformed line", ROOT PROC USR TMP BIND "nonsense\n", 1, true },
	/* Neither is it the one planned, nor does the plan explain it. */
	{ "a name alike is not the same", ROOT PROC USR TMP "7 6 8:1 / /tmp/a rw,nosuid - x y z\n", 2, true },
};
/* clang-format on */

/* Which of the planned steps have no target. */
static const bool *absent(const struct mount_list *list, struct arena *arena, bool has_no_cover)
{
	bool *flags = arena_alloc(arena, list->count * sizeof(*flags));

	for (size_t i = 0; i < list->count; i++)
		flags[i] = has_no_cover &&
			   (list->ops[i].kind == MOUNT_MASK || list->ops[i].kind == MOUNT_SELF);
	return flags;
}

static void what_is_mounted_is_compared_with_the_plan(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(expectations); i++) {
		AUTO_ARENA struct arena arena = { 0 };
		struct diag diag = { .arena = &arena };
		struct mount_list list = planned(&arena);

		mountinfo_check(&list, absent(&list, &arena, expectations[i].has_no_cover),
				arena_strdup(&arena, expectations[i].text), &diag);
		if (diag.fault_count != expectations[i].faults)
			fail_msg("case %zu, %s: %zu faults, the first: %s", i, expectations[i].what,
				 diag.fault_count, diag.count > 0 ? diag.entries[0].text : "none");
	}
}

static void faults_say_what_is_wrong_where(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct diag diag = { .arena = &arena };
	struct mount_list list = planned(&arena);
	char text[] = ROOT PROC USR TMP "9 5 0:9 / /usr/share rw,nosuid - tmpfs t rw\n";

	(void)state;
	mountinfo_check(&list, absent(&list, &arena, true), text, &diag);
	assert_int_equal(diag.count, 2);
	assert_string_equal(diag.entries[0].text, "cannot find the mount on '/tmp/a b' again");
	assert_string_equal(diag.entries[1].text,
			    "cannot find the flags ro on '/usr/share' below '/usr'");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_gives_target_flags_type_and_root),
		cmocka_unit_test(escapes_of_the_kernel_are_undone),
		cmocka_unit_test(hostile_names_stay_names),
		cmocka_unit_test(anything_but_a_whole_line_is_refused),
		cmocka_unit_test(what_is_mounted_is_compared_with_the_plan),
		cmocka_unit_test(faults_say_what_is_wrong_where),
	};

	return cmocka_run_group_tests_name("mountinfo", tests, NULL, NULL);
}
