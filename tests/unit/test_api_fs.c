#include "tests/support/test.h"

#include <string.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/path.h"
#include "mounts/api_fs.h"

static struct mount_list plan(struct arena *arena)
{
	struct mount_list list = { 0 };

	api_fs_plan(&(struct api_fs) { .uid = 1234, .gid = 2345 }, arena, &list);
	return list;
}

static void interfaces_to_the_machine_are_masked(void **state)
{
	static const char *const masked[] = {
		"/proc/acpi",	       "/proc/asound",	   "/proc/interrupts",
		"/proc/kallsyms",      "/proc/kcore",	   "/proc/key-users",
		"/proc/keys",	       "/proc/kmsg",	   "/proc/kpagecgroup",
		"/proc/kpagecount",    "/proc/kpageflags", "/proc/latency_stats",
		"/proc/sched_debug",   "/proc/scsi",	   "/proc/slabinfo",
		"/proc/sysrq-trigger", "/proc/timer_list", "/proc/timer_stats",
		"/proc/vmallocinfo",   "/sys/firmware",	   "/sys/devices/virtual/powercap",
	};
	AUTO_ARENA struct arena arena = { 0 };
	struct mount_list list = plan(&arena);

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(masked); i++) {
		const struct mount_op *op = mount_list_find(&list, masked[i]);

		if (!op || op->kind != MOUNT_MASK || !(op->flags & MOUNT_READ_ONLY))
			fail_msg("'%s' is not masked", masked[i]);
	}
}

static void settings_of_the_kernel_are_read_only(void **state)
{
	static const char *const read_only[] = { "/proc/bus", "/proc/fs", "/proc/irq",
						 "/proc/sys" };
	AUTO_ARENA struct arena arena = { 0 };
	struct mount_list list = plan(&arena);
	const struct mount_op *sys = mount_list_find(&list, "/sys");

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(read_only); i++) {
		const struct mount_op *op = mount_list_find(&list, read_only[i]);

		if (!op || op->kind != MOUNT_SELF || !(op->flags & MOUNT_READ_ONLY))
			fail_msg("'%s' is not read-only", read_only[i]);
	}
	assert_int_equal(sys->kind, MOUNT_SYSFS);
	assert_true(sys->flags & MOUNT_READ_ONLY);
}

static void devices_are_the_harmless_ones(void **state)
{
	static const struct {
		const char *path;
		unsigned major_number, minor_number;
	} nodes[] = {
		{ "/dev/null", 1, 3 },	 { "/dev/zero", 1, 5 },	   { "/dev/full", 1, 7 },
		{ "/dev/random", 1, 8 }, { "/dev/urandom", 1, 9 }, { "/dev/tty", 5, 0 },
	};
	AUTO_ARENA struct arena arena = { 0 };
	struct mount_list list = plan(&arena);
	size_t count = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(nodes); i++) {
		const struct mount_op *op = mount_list_find(&list, nodes[i].path);

		if (!op || op->kind != MOUNT_NODE || op->device_major != nodes[i].major_number ||
		    op->device_minor != nodes[i].minor_number || op->mode != 0666)
			fail_msg("'%s'", nodes[i].path);
	}
	for (size_t i = 0; i < list.count; i++)
		count += list.ops[i].kind == MOUNT_NODE;
	assert_int_equal(count, ARRAY_LENGTH(nodes));
}

/* Devices are in /dev alone, and what masks a file is one. What can be filled is bounded. */
static void every_file_system_is_restricted(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct mount_list list = plan(&arena);

	(void)state;
	for (size_t i = 0; i < list.count; i++) {
		const struct mount_op *op = &list.ops[i];

		if (!mount_kind_is_mount(op->kind))
			continue;
		if (!(op->flags & MOUNT_NO_SUID))
			fail_msg("'%s' allows setuid", op->target);
		if (!(op->flags & MOUNT_NO_DEVICES) && op->kind != MOUNT_MASK &&
		    strcmp(op->target, "/dev") != 0 && strcmp(op->target, "/dev/pts") != 0)
			fail_msg("'%s' allows devices", op->target);
		if (op->kind == MOUNT_TMPFS &&
		    (!strstr(op->options, "size=") || !strstr(op->options, "nr_inodes=")))
			fail_msg("'%s' is not bounded", op->target);
	}
}

static void directories_have_the_usual_modes(void **state)
{
	static const struct {
		const char *path;
		mode_t mode;
		unsigned uid, gid;
	} directories[] = {
		{ "/run/lock", 01777, 0, 0 },		{ "/run/user", 0755, 0, 0 },
		{ "/run/user/1234", 0700, 1234, 2345 }, { "/tmp/.X11-unix", 01777, 0, 0 },
		{ "/tmp/.ICE-unix", 01777, 0, 0 },
	};
	AUTO_ARENA struct arena arena = { 0 };
	struct mount_list list = plan(&arena);

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(directories); i++) {
		const struct mount_op *op = mount_list_find(&list, directories[i].path);

		if (!op || op->kind != MOUNT_DIRECTORY || op->mode != directories[i].mode ||
		    op->uid != directories[i].uid || op->gid != directories[i].gid)
			fail_msg("'%s'", directories[i].path);
	}
	assert_non_null(strstr(mount_list_find(&list, "/tmp")->options, "mode=1777"));
	assert_non_null(strstr(mount_list_find(&list, "/dev/shm")->options, "mode=1777"));
	assert_non_null(strstr(mount_list_find(&list, "/dev/pts")->options, "newinstance"));
	assert_non_null(strstr(mount_list_find(&list, "/dev/pts")->options, "ptmxmode=0666"));
	assert_string_equal(mount_list_find(&list, "/dev/ptmx")->source, "pts/ptmx");
}

static void every_step_finds_its_parent_made(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };
	struct mount_list list = plan(&arena);

	(void)state;
	for (size_t i = 0; i < list.count; i++) {
		const struct mount_op *op = &list.ops[i];
		struct mount_list before = { list.ops, i };
		const char *parent = path_parent(&arena, op->target);

		assert_true(path_is_normal(op->target));
		if (strcmp(parent, "/") != 0 && !op->must_exist &&
		    !mount_list_find(&before, parent))
			fail_msg("'%s' comes before '%s'", op->target, parent);
	}
}

static void the_runtime_directory_is_named_by_uid(void **state)
{
	AUTO_ARENA struct arena arena = { 0 };

	(void)state;
	assert_string_equal(api_fs_runtime_directory(&arena, 4294967294U), "/run/user/4294967294");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(interfaces_to_the_machine_are_masked),
		cmocka_unit_test(settings_of_the_kernel_are_read_only),
		cmocka_unit_test(devices_are_the_harmless_ones),
		cmocka_unit_test(every_file_system_is_restricted),
		cmocka_unit_test(directories_have_the_usual_modes),
		cmocka_unit_test(every_step_finds_its_parent_made),
		cmocka_unit_test(the_runtime_directory_is_named_by_uid),
	};

	return cmocka_run_group_tests_name("api_fs", tests, NULL, NULL);
}
