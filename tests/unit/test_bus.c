#include "tests/support/test.h"

#include <errno.h>
#include <string.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "forward/bus_list.h"
#include "tests/support/forward_run.h"

#define PROXY "/opt/xdg-dbus-proxy"
#define SESSION "/run/user/7/bus"
#define SYSTEM "/run/dbus/system_bus_socket"

/* Plans `name` on a host where these are the only files. */
static void plan(struct forward_run *planned, const char *name, const struct host_file files[2])
{
	struct host_file copies[] = { files[0], files[1] };
	struct host host = {
		.caller = { .uid = 7, .gid = 8, .name = "jo", .home = "/home/jo" },
		.dbus_proxy = PROXY,
		.files = copies,
		.file_count = ARRAY_LENGTH(copies),
	};

	forward_run(planned, name, &host);
}

static struct host_file program(void)
{
	return (struct host_file) {
		.asked = PROXY, .path = PROXY, .kind = HOST_FILE_REGULAR, .can_access = true
	};
}

static struct host_file socket_at(const char *path)
{
	return (struct host_file) { .asked = path, .path = path, .kind = HOST_FILE_SOCKET };
}

static bool starts_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

/* Whatever is told to the proxy, it filters; no name may be called whole, or owned. */
static void check_filter(const struct bus *bus)
{
	assert_string_equal(bus->filter[0], "--filter");
	for (const char *const *word = &bus->filter[1]; *word; word++) {
		assert_true(starts_with(*word, "--call=") || starts_with(*word, "--broadcast="));
		assert_non_null(strstr(*word, "@/"));
		assert_true(!starts_with(*word, "--call=") || !strstr(*word, "=*"));
	}
}

static void check_proxied(const char *name, const char *path, const char *address,
			  const char *socket)
{
	struct forward_run planned;

	plan(&planned, name, (struct host_file[]) { program(), socket_at(path) });
	assert_null(planned.skipped);
	assert_int_equal(planned.buses.count, 1);
	assert_string_equal(planned.buses.items[0].name, name);
	assert_string_equal(planned.buses.items[0].address, address);
	assert_string_equal(planned.buses.items[0].program, PROXY);
	assert_false(planned.buses.items[0].is_wished);
	check_filter(&planned.buses.items[0]);
	assert_int_equal(planned.sources.count, 0);
	assert_int_equal(planned.binds.count, 1);
	assert_int_equal(planned.binds.ops[0].kind, MOUNT_LINK);
	assert_string_equal(planned.binds.ops[0].target, path);
	assert_string_equal(planned.binds.ops[0].source, socket);
	arena_finish(&planned.arena);
}

static void a_bus_is_served_by_the_proxy(void **state)
{
	(void)state;
	check_proxied("dbus", SESSION, "unix:path=" SESSION, MOUNT_BUSES_TARGET "/session");
	check_proxied("system-bus", SYSTEM, "unix:path=" SYSTEM, MOUNT_BUSES_TARGET "/system");
}

static void check_skipped(const char *reason, const struct host_file files[2])
{
	struct forward_run planned;

	plan(&planned, "dbus", files);
	assert_non_null(planned.skipped);
	assert_string_equal(planned.skipped, reason);
	assert_int_equal(planned.buses.count, 0);
	assert_int_equal(planned.binds.count, 0);
	assert_int_equal(planned.env.count, 0);
	arena_finish(&planned.arena);
}

static void what_cannot_be_served_is_left_out(void **state)
{
	struct host_file dangling = { .asked = SESSION, .error = ENOENT, .is_dangling = true };
	struct host_file missing = { .asked = SESSION, .error = ENOENT };
	struct host_file closed = { .asked = SESSION, .error = EACCES };
	struct host_file denied = socket_at(SESSION), plain = program(), no_program = program();
	const char *not_installed =
		"xdg-dbus-proxy is not installed: the package of that name has it";

	(void)state;
	denied.is_denied = true;
	plain.asked = SESSION;
	no_program.can_access = false;
	check_skipped("there is no '" SESSION "'", (struct host_file[]) { program(), missing });
	check_skipped("'" SESSION "' is a link to nothing",
		      (struct host_file[]) { program(), dangling });
	check_skipped("'" SESSION "': Permission denied",
		      (struct host_file[]) { program(), closed });
	check_skipped("'" SESSION "': Permission denied",
		      (struct host_file[]) { program(), denied });
	check_skipped("'" SESSION "' is no socket", (struct host_file[]) { program(), plain });
	check_skipped(not_installed, (struct host_file[]) { no_program, socket_at(SESSION) });
	no_program.kind = HOST_FILE_DIRECTORY;
	no_program.can_access = true;
	check_skipped(not_installed, (struct host_file[]) { no_program, socket_at(SESSION) });
}

static void no_bus_is_in_strict_and_raw_is_a_mode(void **state)
{
	static const char *const names[] = { "dbus", "system-bus" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
		const struct forward *forward = forward_find(names[i]);

		assert_non_null(forward);
		assert_false(forward->in_strict);
		assert_false(forward->by_wish);
		assert_string_equal(forward->modes[0], "raw");
		assert_null(forward->modes[1]);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bus_is_served_by_the_proxy),
		cmocka_unit_test(what_cannot_be_served_is_left_out),
		cmocka_unit_test(no_bus_is_in_strict_and_raw_is_a_mode),
	};

	return cmocka_run_group_tests_name("bus", tests, NULL, NULL);
}
