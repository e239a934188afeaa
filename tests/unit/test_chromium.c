#include "tests/support/test.h"

#include <errno.h>
#include <string.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "tests/support/forward_run.h"

static void run(struct forward_run *planned, const char *system, struct host_file *files,
		size_t count)
{
	struct host host = {
		.caller = { .uid = 7, .gid = 8, .name = "jo", .home = "/home/jo" },
		.rootfs = { .system = system },
		.files = files,
		.file_count = count,
	};

	forward_run_as(planned, "chromium", &host, &(struct forward_sink) { .is_wished = true });
}

static const struct seed *find_seed(const struct forward_run *planned, const char *target)
{
	for (size_t i = 0; i < planned->seeds.count; i++)
		if (strcmp(planned->seeds.seeds[i].target, target) == 0)
			return &planned->seeds.seeds[i];
	return NULL;
}

static void a_script_stands_before_it(void **state)
{
	struct host_file files[] = {
		{ .asked = "/usr/bin/chromium", .path = "/x", .can_access = true },
		{ .asked = "/etc/chromium/policies/managed", .error = ENOENT },
	};
	struct forward_run planned;
	const struct seed *seed;

	(void)state;
	run(&planned, NULL, files, ARRAY_LENGTH(files));
	assert_null(planned.skipped);
	assert_int_equal(planned.diag.count, 0);
	assert_int_equal(planned.seeds.count, 2);
	seed = find_seed(&planned, "/opt/claude-sandbox/bin/chromium");
	assert_true(seed && seed->mode == 0755 && seed->uid == 0 && seed->gid == 0);
	assert_true(seed && strncmp(seed->content, "#!/bin/sh\n", 10) == 0 &&
		    seed->content[seed->content_length - 1] == '\n');
	seed = find_seed(&planned, "/etc/chromium/policies/managed/claude-sandbox.json");
	assert_true(seed && seed->mode == 0644 && seed->uid == 0);
	arena_finish(&planned.arena);
}

static void policies_of_the_machine_stay(void **state)
{
	struct host_file files[] = {
		{ .asked = "/usr/bin/chromium-browser", .path = "/x", .can_access = true },
		{ .asked = "/etc/chromium/policies/managed",
		  .path = "/etc/chromium/policies/managed",
		  .kind = HOST_FILE_DIRECTORY },
	};
	struct forward_run planned;

	(void)state;
	run(&planned, NULL, files, ARRAY_LENGTH(files));
	assert_null(planned.skipped);
	assert_int_equal(planned.diag.count, 1);
	assert_int_equal(planned.seeds.count, 1);
	assert_non_null(find_seed(&planned, "/opt/claude-sandbox/bin/chromium-browser"));
	arena_finish(&planned.arena);
}

static void what_is_no_program_is_none(void **state)
{
	struct host_file files[] = {
		{ .asked = "/usr/bin/chromium", .path = "/usr/bin/chromium" },
		{ .asked = "/usr/bin/chromium-browser", .error = ENOENT, .is_dangling = true },
	};
	struct forward_run planned;

	(void)state;
	run(&planned, NULL, files, ARRAY_LENGTH(files));
	assert_non_null(planned.skipped);
	assert_int_equal(planned.seeds.count, 0);
	arena_finish(&planned.arena);
}

/* Of a given tree that of the machine outside says nothing. */
static void a_tree_has_its_own(void **state)
{
	struct host_file files[] = {
		{ .asked = "/usr/bin/chromium", .path = "/x", .can_access = true },
		{ .asked = "/srv/tree/sw/bin/chromium", .error = ENOENT },
		{ .asked = "/etc/chromium/policies/managed", .path = "/x" },
	};
	struct forward_run planned;

	(void)state;
	run(&planned, "/srv/tree", files, ARRAY_LENGTH(files));
	assert_non_null(planned.skipped);
	arena_finish(&planned.arena);
	files[1].is_dangling = true;
	run(&planned, "/srv/tree", files, ARRAY_LENGTH(files));
	assert_null(planned.skipped);
	assert_int_equal(planned.seeds.count, 2);
	arena_finish(&planned.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_script_stands_before_it),
		cmocka_unit_test(policies_of_the_machine_stay),
		cmocka_unit_test(what_is_no_program_is_none),
		cmocka_unit_test(a_tree_has_its_own),
	};

	return cmocka_run_group_tests_name("chromium", tests, NULL, NULL);
}
