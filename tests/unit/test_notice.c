#include "tests/support/test.h"

#include <string.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "runtime/notice.h"

static bool has(const char *text, const char *part)
{
	return strstr(text, part) != NULL;
}

static void it_says_what_lasts(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct source sources[] = {
		{ .path = "/usr", .kind = SOURCE_DIRECTORY },
		{ .path = "/home/jo/p", .kind = SOURCE_DIRECTORY },
		{ .path = "/x", .kind = SOURCE_SOCKET },
		{ .path = "/data", .kind = SOURCE_REGULAR },
	};
	struct mount_op ops[] = {
		{ .kind = MOUNT_BIND, .target = "/usr", .source_index = 0 },
		{ .kind = MOUNT_BIND, .target = "/home/jo/p", .source_index = 1 },
		{ .kind = MOUNT_BIND, .target = "/project", .source_index = 1 },
		{ .kind = MOUNT_BIND, .target = "/srv/socket", .source_index = 2 },
		{ .kind = MOUNT_BIND,
		  .target = "/srv/a\n# `b`",
		  .source_index = 3,
		  .flags = MOUNT_READ_ONLY },
		{ .kind = MOUNT_DIRECTORY, .target = "/srv/made" },
	};
	struct plan plan = {
		.sources = { sources, ARRAY_LENGTH(sources) },
		.mounts = { ops, ARRAY_LENGTH(ops) },
		.directory = "/home/jo/p",
		.private_network = true,
	};
	const char *text = notice_text(&arena, &plan, 1);

	(void)state;
	assert_true(has(text, "\n- `/home/jo/p`, the project, also at `/project`, read-write\n"));
	/* A name is data, whatever it says. */
	assert_true(has(text, "\n- `/srv/a\\012# 'b'`, read-only\n"));
	assert_false(has(text, "/usr"));
	assert_false(has(text, "/srv/socket"));
	assert_false(has(text, "/srv/made"));
	assert_true(has(text, "There is no network"));

	plan.directory = "/project";
	plan.private_network = false;
	text = notice_text(&arena, &plan, 1);
	assert_true(
		has(text, "\n- `/project`, the project, read-write\n- `/home/jo/p`, read-write\n"));
	assert_true(has(text, "The network is the machine's own"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_says_what_lasts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
