#include "tests/support/test.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/array.h"
#include "tests/support/forward_run.h"

#define UID 1234
#define GID 2345
#define RENDER 105
#define DOCKER 999

static struct caller_group known[] = { { "render", RENDER } };

static struct host_file node_of(const char *path, unsigned major, unsigned minor, gid_t group)
{
	return (struct host_file) {
		.asked = path,
		.path = path,
		.kind = HOST_FILE_DEVICE,
		.device = makedev(major, minor),
		.group = group,
		.mode = S_IFCHR | 0660,
	};
}

static struct host host_with(struct host_file *files, size_t count)
{
	return (struct host) {
		.caller = { .uid = UID,
			    .gid = GID,
			    .name = "jo",
			    .home = "/home/jo",
			    .device_groups = { known, ARRAY_LENGTH(known) } },
		.files = files,
		.file_count = count,
	};
}

/* What becomes of one file in the place of the first render node. */
static struct forward_run run_with(struct host_file file)
{
	struct host host = host_with(&file, 1);
	struct forward_run run;

	file.asked = "/dev/dri/renderD128";
	forward_run(&run, "gpu", &host);
	return run;
}

static struct host_file render_node(void)
{
	return node_of("/dev/dri/renderD128", 226, 128, RENDER);
}

static void expect_reason(struct host_file file, const char *reason)
{
	struct forward_run run = run_with(file);

	assert_non_null(run.skipped);
	assert_string_equal(run.skipped, reason);
	assert_int_equal(run.binds.count, 0);
	assert_int_equal(run.groups.count, 0);
	arena_finish(&run.arena);
}

/* How many groups come along with it. */
static size_t groups_with(struct host_file file)
{
	struct forward_run run = run_with(file);
	size_t count = run.groups.count;

	assert_null(run.skipped);
	assert_int_equal(run.binds.count, 1);
	arena_finish(&run.arena);
	return count;
}

static void a_node_works_and_is_all_that_works(void **state)
{
	struct forward_run run = run_with(render_node());
	const struct mount_op *bind = &run.binds.ops[0];
	const struct source *source = &run.sources.items[bind->source_index];

	(void)state;
	assert_null(run.skipped);
	assert_string_equal(bind->target, "/dev/dri/renderD128");
	assert_int_equal(bind->flags, MOUNT_READ_ONLY | MOUNT_NO_SUID | MOUNT_NO_EXEC);
	assert_int_equal(bind->device_major, 226);
	assert_int_equal(bind->device_minor, 128);
	assert_false(bind->is_directory);
	assert_int_equal(source->kind, SOURCE_DEVICE);
	assert_int_equal(source->device, makedev(226, 128));
	arena_finish(&run.arena);
}

static void the_group_that_opens_it_comes_along(void **state)
{
	struct forward_run run = run_with(render_node());

	(void)state;
	assert_int_equal(run.groups.count, 1);
	assert_string_equal(run.groups.items[0].name, "render");
	assert_int_equal(run.groups.items[0].gid, RENDER);
	arena_finish(&run.arena);
}

static void no_group_comes_along_that_is_not_needed(void **state)
{
	struct host_file file = render_node();

	(void)state;
	file.mode = S_IFCHR | 0666;
	assert_int_equal(groups_with(file), 0);
	file = render_node();
	file.is_granted = true;
	assert_int_equal(groups_with(file), 0);
	file = render_node();
	file.owner = UID;
	assert_int_equal(groups_with(file), 0);
	file = render_node();
	file.group = GID;
	assert_int_equal(groups_with(file), 0);
}

static void no_other_group_comes_along(void **state)
{
	struct host_file file = render_node();

	(void)state;
	file.group = DOCKER;
	expect_reason(file, "'/dev/dri/renderD128' is opened by group 999, which stays outside");
	file.group = 0;
	expect_reason(file, "'/dev/dri/renderD128' is opened by group 0, which stays outside");
	file = render_node();
	file.mode = S_IFCHR | 0606 | S_ISVTX;
	assert_int_equal(groups_with(file), 0);
	file.mode = S_IFCHR | 0640;
	expect_reason(file, "'/dev/dri/renderD128' is opened by group 105, which stays outside");
}

static void only_graphics_devices_are_forwarded(void **state)
{
	struct host_file file = render_node();

	(void)state;
	file.device = makedev(1, 1);
	expect_reason(file, "'/dev/dri/renderD128' is another device, 1:1");
	file = render_node();
	file.kind = HOST_FILE_REGULAR;
	expect_reason(file, "'/dev/dri/renderD128' is no character device");
	file = render_node();
	file.path = "/dev/dri/card7";
	expect_reason(file, "'/dev/dri/renderD128' is a link");
	file = render_node();
	file.is_denied = true;
	expect_reason(file, "'/dev/dri/renderD128': Permission denied");
	expect_reason((struct host_file) { .error = ENOENT, .is_link = true, .is_dangling = true },
		      "there is no graphics device");
	expect_reason((struct host_file) { .error = EACCES, .is_link = true },
		      "'/dev/dri/renderD128': Permission denied");
}

static void a_number_that_the_kernel_chooses_is_no_fixed_one(void **state)
{
	static const struct {
		unsigned major;
		bool is_taken;
	} cases[] = {
		{ 1, false },  { 8, false },  { 226, false }, { 233, false },
		{ 234, true }, { 254, true }, { 255, false }, { 383, false },
		{ 384, true }, { 511, true }, { 512, false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct host_file file = node_of("/dev/nvidia-uvm", cases[i].major, 0, 0);
		struct host host = host_with(&file, 1);
		struct forward_run run;

		file.mode = S_IFCHR | 0666;
		forward_run(&run, "gpu", &host);
		assert_int_equal(run.binds.count, cases[i].is_taken);
		arena_finish(&run.arena);
	}
}

static void all_are_asked_about_at_once(void **state)
{
	struct forward_run run = { 0 };
	struct forward_questions questions = { .arena = &run.arena };
	struct host host = host_with(NULL, 0);
	bool has_last = false;

	(void)state;
	forward_find("gpu")->ask(&host, &questions);
	for (size_t i = 0; i < questions.count; i++)
		has_last = has_last || strcmp(questions.items[i].path, "/dev/dri/renderD143") == 0;
	assert_true(has_last);
	assert_null(forward_find("gpu")->ask_further);
	arena_finish(&run.arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_node_works_and_is_all_that_works),
		cmocka_unit_test(the_group_that_opens_it_comes_along),
		cmocka_unit_test(no_group_comes_along_that_is_not_needed),
		cmocka_unit_test(no_other_group_comes_along),
		cmocka_unit_test(only_graphics_devices_are_forwarded),
		cmocka_unit_test(a_number_that_the_kernel_chooses_is_no_fixed_one),
		cmocka_unit_test(all_are_asked_about_at_once),
	};

	return cmocka_run_group_tests_name("gpu", tests, NULL, NULL);
}
