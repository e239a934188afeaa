#include "tests/support/test.h"

#include <errno.h>
#include <string.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "tests/support/forward_run.h"

#define CONF "/etc/nix/nix.conf"

/* The files of a machine with a daemon, each of which a test may change. */
enum { STORE, DATABASE, DIRECTORY, SOCKET, SETTINGS, GROUPS, INCLUDED, PROFILE, FILE_COUNT };

struct machine {
	struct host_file files[FILE_COUNT];
	struct host host;
	struct forward_run planned;
};

static struct host_file directory(const char *path)
{
	return (struct host_file) { .asked = path, .path = path, .kind = HOST_FILE_DIRECTORY };
}

static struct host_file text(const char *path, const char *content)
{
	return (struct host_file) {
		.asked = path,
		.path = path,
		.kind = HOST_FILE_REGULAR,
		.content = content,
		.content_length = strlen(content),
	};
}

static void machine_init(struct machine *machine)
{
	*machine = (struct machine) {
		.files = {
			[STORE] = directory("/nix/store"),
			[DATABASE] = directory("/nix/var/nix/db"),
			[DIRECTORY] = directory("/nix/var/nix/daemon-socket"),
			[SOCKET] = { .asked = "/nix/var/nix/daemon-socket/socket",
				     .path = "/nix/var/nix/daemon-socket/socket",
				     .kind = HOST_FILE_SOCKET },
			[SETTINGS] = text(CONF, "include more.conf\n"),
			[GROUPS] = text("/etc/group", "wheel:x:10:jo\n"),
			[INCLUDED] = text("/etc/nix/more.conf", "trusted-users = root\n"),
			[PROFILE] = { .asked = "/home/jo/.nix-profile/bin",
				      .path = "/nix/store/x/bin",
				      .kind = HOST_FILE_DIRECTORY },
		},
		.host = {
			.caller = { .uid = 7, .gid = 8, .name = "jo", .home = "/home/jo" },
			.files = machine->files,
			.file_count = FILE_COUNT,
		},
	};
}

static void run(struct machine *machine)
{
	forward_run_as(&machine->planned, "nix", &machine->host,
		       &(struct forward_sink) { .has_network = true });
}

static void expect_forwarded(struct machine *machine)
{
	run(machine);
	assert_null(machine->planned.skipped);
	assert_int_equal(machine->planned.diag.count, 0);
	assert_string_equal(env_list_get(&machine->planned.env, "NIX_REMOTE"), "daemon");
	arena_finish(&machine->planned.arena);
}

/* Nothing is shared, and that is said once. */
static void expect_left_out(struct machine *machine, const char *reason)
{
	run(machine);
	if (!machine->planned.skipped || !strstr(machine->planned.skipped, reason))
		fail_msg("it is not said that '%s'", reason);
	assert_int_equal(machine->planned.diag.count, 1);
	assert_int_equal(machine->planned.diag.fault_count, 0);
	assert_int_equal(machine->planned.binds.count, 0);
	assert_int_equal(machine->planned.env.count, 0);
	arena_finish(&machine->planned.arena);
}

static void all_of_it_is_read_only(void **state)
{
	struct machine machine;

	(void)state;
	machine_init(&machine);
	run(&machine);
	assert_null(machine.planned.skipped);
	assert_int_equal(machine.planned.binds.count, 3);
	for (size_t i = 0; i < machine.planned.binds.count; i++)
		assert_int_equal(machine.planned.binds.ops[i].flags,
				 MOUNT_READ_ONLY | MOUNT_NO_SUID | MOUNT_NO_DEVICES);
	assert_string_equal(env_list_get(&machine.planned.env, "PATH"), "/nix/store/x/bin");
	assert_int_equal(machine.planned.seeds.count, 0);
	arena_finish(&machine.planned.arena);
	expect_forwarded(&machine);
}

/* What is not known may be anything. */
static void settings_that_are_not_known(void **state)
{
	struct machine machine;
	static char long_text[64 * 1024];

	(void)state;
	machine_init(&machine);
	machine.files[SETTINGS] = (struct host_file) { .asked = CONF, .error = ENOENT };
	expect_forwarded(&machine);
	machine.files[SETTINGS].error = EACCES;
	expect_left_out(&machine, "Permission denied");
	machine.files[SETTINGS] = directory(CONF);
	expect_left_out(&machine, "no file");
	machine.files[SETTINGS] = text(CONF, "sandbox");
	expect_left_out(&machine, "no setting");
	memset(long_text, '\n', sizeof(long_text) - 1);
	machine.files[SETTINGS] = text(CONF, long_text);
	expect_forwarded(&machine);
	machine.files[SETTINGS].content_length = sizeof(long_text);
	expect_left_out(&machine, "a long one");
}

static void settings_of_included_files(void **state)
{
	struct machine machine;
	struct host_file *included = &machine.files[INCLUDED];

	(void)state;
	machine_init(&machine);
	*included = text("/etc/nix/more.conf", "trusted-users = root jo\n");
	expect_left_out(&machine, "trusts 'jo'");
	*included = text("/etc/nix/more.conf", "include /x\n");
	expect_left_out(&machine, "includes others");
	*included = (struct host_file) { .asked = "/etc/nix/more.conf", .error = EACCES };
	expect_left_out(&machine, "Permission denied");
	machine.files[SETTINGS] = text(CONF, "!include more.conf\n");
	expect_left_out(&machine, "Permission denied");
	included->error = ENOENT;
	expect_forwarded(&machine);
	machine.files[SETTINGS] = text(CONF, "include more.conf\n");
	expect_left_out(&machine, "No such file");
	/* In their place: what follows counts. */
	*included = text("/etc/nix/more.conf", "trusted-users = jo\n");
	machine.files[SETTINGS] = text(CONF, "include more.conf\ntrusted-users = root\n");
	expect_forwarded(&machine);
	machine.files[SETTINGS] = text(CONF, "trusted-users = root\ninclude more.conf\n");
	expect_left_out(&machine, "trusts 'jo'");
}

static void groups_that_are_trusted(void **state)
{
	struct machine machine;

	(void)state;
	machine_init(&machine);
	machine.files[INCLUDED] = text("/etc/nix/more.conf", "trusted-users = @wheel\n");
	expect_left_out(&machine, "group 'wheel'");
	machine.files[GROUPS] = text("/etc/group", "wheel:x:10:ann\n");
	expect_forwarded(&machine);
	machine.files[GROUPS].content_length = 1024UL * 1024;
	expect_left_out(&machine, "does not say");
	machine.files[GROUPS] = (struct host_file) { .asked = "/etc/group", .error = ENOENT };
	expect_left_out(&machine, "does not say");
}

static void without_a_daemon_the_store_can_be_read(void **state)
{
	static const struct host_file sockets[] = {
		{ .asked = "/nix/var/nix/daemon-socket/socket", .error = ENOENT },
		{ .asked = "/nix/var/nix/daemon-socket/socket",
		  .path = "/nix/var/nix/daemon-socket/socket",
		  .kind = HOST_FILE_SOCKET,
		  .is_denied = true },
	};
	struct machine machine;

	(void)state;
	machine_init(&machine);
	/* It is nobody's to trust. */
	machine.files[INCLUDED] = text("/etc/nix/more.conf", "trusted-users = jo\n");
	for (size_t i = 0; i < ARRAY_LENGTH(sockets); i++) {
		machine.files[SOCKET] = sockets[i];
		run(&machine);
		assert_null(machine.planned.skipped);
		assert_int_equal(machine.planned.diag.count, 1);
		assert_int_equal(machine.planned.binds.count, 1);
		for (size_t j = 0; j < machine.planned.binds.count; j++)
			assert_string_equal(machine.planned.binds.ops[j].target, "/nix/store");
		assert_null(env_list_get(&machine.planned.env, "NIX_REMOTE"));
		arena_finish(&machine.planned.arena);
	}
	machine_init(&machine);
	machine.files[DIRECTORY].is_denied = true;
	run(&machine);
	assert_null(env_list_get(&machine.planned.env, "NIX_REMOTE"));
	assert_int_equal(machine.planned.diag.count, 1);
	arena_finish(&machine.planned.arena);
}

static void a_store_that_is_not_there(void **state)
{
	static const struct host_file stores[] = {
		{ .asked = "/nix/store", .error = ENOENT },
		{ .asked = "/nix/store", .error = ENOENT, .is_link = true, .is_dangling = true },
		{ .asked = "/nix/store", .error = EACCES, .is_link = true },
		{ .asked = "/nix/store", .path = "/nix/store", .kind = HOST_FILE_REGULAR },
		{ .asked = "/nix/store",
		  .path = "/nix/store",
		  .kind = HOST_FILE_DIRECTORY,
		  .is_denied = true },
	};
	struct machine machine;

	(void)state;
	machine_init(&machine);
	for (size_t i = 0; i < ARRAY_LENGTH(stores); i++) {
		machine.files[STORE] = stores[i];
		run(&machine);
		assert_non_null(machine.planned.skipped);
		assert_int_equal(machine.planned.diag.count, 0);
		assert_int_equal(machine.planned.binds.count, 0);
		assert_int_equal(machine.planned.env.count, 0);
		arena_finish(&machine.planned.arena);
	}
}

/* Where something inside could write, nothing is looked for. */
static void programs_are_only_those_of_the_store(void **state)
{
	struct machine machine;

	(void)state;
	machine_init(&machine);
	machine.files[PROFILE].path = "/home/jo/bin";
	run(&machine);
	assert_null(env_list_get(&machine.planned.env, "PATH"));
	arena_finish(&machine.planned.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_of_it_is_read_only),
		cmocka_unit_test(settings_that_are_not_known),
		cmocka_unit_test(settings_of_included_files),
		cmocka_unit_test(groups_that_are_trusted),
		cmocka_unit_test(without_a_daemon_the_store_can_be_read),
		cmocka_unit_test(a_store_that_is_not_there),
		cmocka_unit_test(programs_are_only_those_of_the_store),
	};

	return cmocka_run_group_tests_name("nix", tests, NULL, NULL);
}
