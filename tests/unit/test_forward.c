#include "tests/support/test.h"

#include <errno.h>
#include <string.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "forward/forward.h"
#include "tests/support/forward_run.h"

static struct host host_of_jo(char **environment)
{
	return (struct host) {
		.caller = { .uid = 7, .gid = 8, .name = "jo", .home = "/home/jo" },
		.environment = environment,
		.home = { .asked = "/home/jo", .path = "/home/jo", .kind = HOST_FILE_DIRECTORY },
		.claude_directory = {
			.asked = "/home/jo/.claude",
			.path = "/home/jo/.claude",
			.kind = HOST_FILE_DIRECTORY,
		},
		.claude_settings = {
			.asked = "/home/jo/.claude.json",
			.path = "/data/claude.json",
			.kind = HOST_FILE_REGULAR,
		},
	};
}

static void forwards_are_found_by_name_in_order(void **state)
{
	(void)state;
	assert_true(forward_count > 0);
	for (size_t i = 0; i < forward_count; i++) {
		assert_ptr_equal(forward_find(forwards[i]->name), forwards[i]);
		assert_non_null(forwards[i]->summary);
		if (i > 0)
			assert_true(strcmp(forwards[i - 1]->name, forwards[i]->name) < 0);
	}
	assert_null(forward_find(""));
	assert_null(forward_find("ap"));
	assert_null(forward_find("apis"));
}

/* Without anything on the host each forward says why it does nothing, and does nothing. */
static void a_bare_host_has_nothing_to_forward(void **state)
{
	struct host host = {
		.caller = { .name = "jo", .home = "/home/jo" },
		.project = { .asked = "." },
	};

	(void)state;
	for (size_t i = 0; i < forward_count; i++) {
		struct forward_run planned;

		forward_run(&planned, forwards[i]->name, &host);
		assert_non_null(planned.skipped);
		assert_int_equal(planned.diag.count, 0);
		assert_int_equal(planned.sources.count, 0);
		assert_int_equal(planned.seeds.count, 0);
		assert_int_equal(planned.env.count, 0);
		assert_int_equal(planned.binds.count, 0);
		arena_finish(&planned.arena);
	}
}

static void strict_leaves_what_claude_cannot_do_without(void **state)
{
	(void)state;
	assert_true(forward_find("api")->in_strict);
	assert_true(forward_find("claude")->in_strict);
	assert_false(forward_find("proxy")->in_strict);
}

static void keys_are_taken_over_as_secrets(void **state)
{
	static char *environment[] = {
		(char *)"ANTHROPIC_API_KEY=key",
		(char *)"CLAUDE_CODE_USE_BEDROCK=1",
		(char *)"BASH_MAX_TIMEOUT_MS=1",
		(char *)"CLAUDE_CODE_SESSION_ID=x",
		(char *)"CLAUDE_CODE_SSE_PORT=1",
		(char *)"CLAUDECODE=1",
		(char *)"ANTHROPIC_EMPTY=",
		(char *)"ANTHROPIC_NO_VALUE",
		(char *)"ANTHROPIC_BAD-NAME=1",
		(char *)"XANTHROPIC_API_KEY=1",
		(char *)"AWS_SECRET_ACCESS_KEY=key",
		(char *)"ANTHROPIC_API_KEY=second",
		NULL,
	};
	struct host host = host_of_jo(environment);
	struct forward_run planned;

	(void)state;
	forward_run(&planned, "api", &host);
	assert_null(planned.skipped);
	assert_int_equal(planned.env.count, 3);
	assert_string_equal(env_list_get(&planned.env, "CLAUDE_CODE_USE_BEDROCK"), "1");
	assert_string_equal(env_list_get(&planned.env, "BASH_MAX_TIMEOUT_MS"), "1");
	for (size_t i = 0; i < planned.env.count; i++)
		assert_true(planned.env.entries[i].is_secret);
	arena_finish(&planned.arena);
}

static void the_state_of_claude_is_shared_and_its_settings_copied(void **state)
{
	struct host host = host_of_jo(NULL);
	struct forward_run planned;
	const struct mount_op *bind;
	const struct seed *seed;

	(void)state;
	forward_run(&planned, "claude", &host);
	assert_null(planned.skipped);
	bind = &planned.binds.ops[0];
	assert_int_equal(planned.binds.count, 2);
	assert_string_equal(bind->target, "/home/jo/.claude");
	assert_int_equal(bind->flags, MOUNT_NO_SUID | MOUNT_NO_DEVICES);
	assert_true(bind->is_directory);
	assert_false(planned.sources.items[bind->source_index].make_directory);
	seed = &planned.seeds.seeds[0];
	assert_int_equal(planned.seeds.count, 1);
	assert_string_equal(seed->target, "/home/jo/.claude.json");
	assert_int_equal(seed->mode, 0600);
	assert_int_equal(seed->uid, 7);
	assert_int_equal(seed->gid, 8);
	assert_null(seed->content);
	assert_string_equal(planned.sources.items[seed->source_index].path, "/data/claude.json");
	assert_true(planned.sources.items[seed->source_index].is_copied);
	arena_finish(&planned.arena);
}

static void a_missing_state_directory_is_made_where_home_really_is(void **state)
{
	struct host host = host_of_jo(NULL);
	struct forward_run planned;

	(void)state;
	host.home.path = "/data/jo";
	host.claude_directory = (struct host_file) { .asked = "/home/jo/.claude", .error = 2 };
	forward_run(&planned, "claude", &host);
	assert_null(planned.skipped);
	assert_string_equal(planned.binds.ops[0].source, "/data/jo/.claude");
	assert_string_equal(planned.binds.ops[0].target, "/home/jo/.claude");
	assert_true(planned.sources.items[planned.binds.ops[0].source_index].make_directory);
	arena_finish(&planned.arena);
}

static void what_tells_of_processes_is_kept_apart(void **state)
{
	struct host host = host_of_jo(NULL);
	struct host_file files[] = {
		{ .asked = "/home/jo/.claude/sessions", .error = ENOENT },
		{ .asked = "/home/jo/.claude/ide",
		  .path = "/data/claude/ide",
		  .kind = HOST_FILE_DIRECTORY },
	};
	struct forward_run planned;

	(void)state;
	host.claude_directory.path = "/data/claude";
	host.files = files;
	host.file_count = 2;
	forward_run(&planned, "claude", &host);
	assert_int_equal(planned.binds.count, 3);
	assert_int_equal(planned.binds.ops[1].kind, MOUNT_OWN);
	assert_string_equal(planned.binds.ops[1].target, "/home/jo/.claude/sessions");
	assert_string_equal(planned.binds.ops[1].source, "/data/claude/sessions");
	assert_int_equal(planned.binds.ops[1].uid, 7);
	assert_true(planned.sources.items[planned.binds.ops[1].source_index].make_directory);
	assert_int_equal(planned.binds.ops[2].kind, MOUNT_GUARD);
	assert_string_equal(planned.binds.ops[2].source, "/data/claude/ide");
	assert_true(planned.binds.ops[2].flags & MOUNT_READ_ONLY);
	assert_false(planned.sources.items[planned.binds.ops[2].source_index].make_directory);
	arena_finish(&planned.arena);

	files[0] = (struct host_file) {
		.asked = files[0].asked,
		.path = "/etc",
		.kind = HOST_FILE_DIRECTORY,
		.is_link = true,
	};
	files[1].kind = HOST_FILE_REGULAR;
	forward_run(&planned, "claude", &host);
	assert_null(planned.skipped);
	assert_int_equal(planned.binds.count, 1);
	assert_int_equal(planned.diag.count, 2);
	assert_false(diag_has_faults(&planned.diag));
	arena_finish(&planned.arena);
}

static void addresses_of_proxies_are_secrets(void **state)
{
	static char *environment[] = {
		(char *)"https_proxy=http://user:password@host",
		(char *)"NO_PROXY=localhost",
		(char *)"FTP_PROXY=x",
		NULL,
	};
	struct host host = host_of_jo(environment);
	struct forward_run planned;

	(void)state;
	forward_run(&planned, "proxy", &host);
	assert_int_equal(planned.env.count, 2);
	assert_true(planned.env.entries[0].is_secret && planned.env.entries[1].is_secret);
	arena_finish(&planned.arena);
}

static void the_terminal_and_the_language_are_no_secrets(void **state)
{
	static char *environment[] = { (char *)"TERM=xterm", (char *)"LC_ALL=C", (char *)"TZ=UTC",
				       (char *)"TERMCAP=x", NULL };
	struct host host = host_of_jo(environment);
	struct forward_run planned;

	(void)state;
	forward_run(&planned, "terminal", &host);
	assert_int_equal(planned.env.count, 1);
	assert_string_equal(env_list_get(&planned.env, "TERM"), "xterm");
	assert_false(planned.env.entries[0].is_secret);
	arena_finish(&planned.arena);
	forward_run(&planned, "locale", &host);
	assert_int_equal(planned.env.count, 1);
	assert_false(planned.env.entries[0].is_secret);
	arena_finish(&planned.arena);
	forward_run(&planned, "tz", &host);
	assert_int_equal(planned.env.count, 1);
	assert_string_equal(env_list_get(&planned.env, "TZ"), "UTC");
	arena_finish(&planned.arena);
}

/* What becomes of SSL_CERT_FILE=/asked. */
static struct forward_run run_with_certificate(struct host_file file, const char *system)
{
	static char *environment[] = { (char *)"SSL_CERT_FILE=/asked", NULL };
	struct host host = host_of_jo(environment);
	struct forward_run planned;

	file.asked = "/asked";
	host.files = &file;
	host.file_count = 1;
	host.rootfs.system = system;
	forward_run(&planned, "tls", &host);
	return planned;
}

static void a_variable_names_the_place_inside(void **state)
{
	struct forward_run planned = run_with_certificate(
		(struct host_file) { .path = "/home/jo/ca.pem", .kind = HOST_FILE_REGULAR }, NULL);

	(void)state;
	assert_null(planned.skipped);
	assert_int_equal(planned.binds.count, 1);
	assert_string_equal(planned.binds.ops[0].source, "/home/jo/ca.pem");
	assert_true(planned.binds.ops[0].flags & MOUNT_READ_ONLY);
	assert_string_equal(env_list_get(&planned.env, "SSL_CERT_FILE"),
			    planned.binds.ops[0].target);
	arena_finish(&planned.arena);
}

static void a_variable_that_names_nothing_stays_outside(void **state)
{
	static const struct host_file files[] = {
		{ .error = ENOENT },
		{ .error = ENOENT, .is_link = true, .is_dangling = true },
		{ .error = EACCES, .is_link = true },
		{ .path = "/secret", .kind = HOST_FILE_REGULAR, .is_denied = true },
		{ .path = "/directory", .kind = HOST_FILE_DIRECTORY },
		{ .path = "/fifo", .kind = HOST_FILE_OTHER },
		{ .path = "/proc/7/environ", .kind = HOST_FILE_REGULAR },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(files); i++) {
		struct forward_run planned = run_with_certificate(files[i], NULL);

		assert_non_null(planned.skipped);
		assert_int_equal(planned.binds.count, 0);
		assert_null(env_list_get(&planned.env, "SSL_CERT_FILE"));
		assert_int_equal(planned.diag.count, 1);
		arena_finish(&planned.arena);
	}
}

/* By a name that leads there, through a link or dots. */
static void only_what_is_inside_keeps_its_name(void **state)
{
	static char *environment[] = { (char *)"SSL_CERT_FILE=/usr/share/ca.pem",
				       (char *)"CURL_CA_BUNDLE=/usr/../srv/ca.pem",
				       (char *)"GIT_SSL_CAINFO=/usr/share/link.pem",
				       (char *)"NODE_EXTRA_CA_CERTS=/usr/../srv/link.pem", NULL };
	static struct host_file files[] = {
		{ .asked = "/usr/share/ca.pem",
		  .path = "/usr/share/ca.pem",
		  .kind = HOST_FILE_REGULAR },
		{ .asked = "/usr/../srv/ca.pem", .path = "/srv/ca.pem", .kind = HOST_FILE_REGULAR },
		{ .asked = "/usr/share/link.pem",
		  .path = "/srv/other.pem",
		  .kind = HOST_FILE_REGULAR },
		{ .asked = "/usr/../srv/link.pem",
		  .path = "/usr/share/other.pem",
		  .kind = HOST_FILE_REGULAR },
	};
	struct host host = host_of_jo(environment);
	struct forward_run planned;

	(void)state;
	host.files = files;
	host.file_count = ARRAY_LENGTH(files);
	forward_run(&planned, "tls", &host);
	assert_string_equal(env_list_get(&planned.env, "SSL_CERT_FILE"), "/usr/share/ca.pem");
	assert_int_equal(planned.binds.count, 3);
	arena_finish(&planned.arena);
	host.rootfs.system = "/srv/tree";
	forward_run(&planned, "tls", &host);
	assert_int_equal(planned.binds.count, 4);
	arena_finish(&planned.arena);
}

static void no_variable_shares_what_is_around_the_home(void **state)
{
	static const char *const paths[] = {
		"/", "/home", "/home/jo", "/data", "/sys", "/dev/shm"
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(paths); i++) {
		static char *environment[] = { (char *)"LANG=C", (char *)"LOCPATH=/asked", NULL };
		struct host_file file = { .asked = "/asked",
					  .path = paths[i],
					  .kind = HOST_FILE_DIRECTORY };
		struct host host = host_of_jo(environment);
		struct forward_run planned;

		host.home.path = "/data/jo";
		host.files = &file;
		host.file_count = 1;
		forward_run(&planned, "locale", &host);
		assert_int_equal(planned.binds.count, 0);
		assert_null(env_list_get(&planned.env, "LOCPATH"));
		arena_finish(&planned.arena);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(forwards_are_found_by_name_in_order),
		cmocka_unit_test(a_bare_host_has_nothing_to_forward),
		cmocka_unit_test(strict_leaves_what_claude_cannot_do_without),
		cmocka_unit_test(keys_are_taken_over_as_secrets),
		cmocka_unit_test(the_state_of_claude_is_shared_and_its_settings_copied),
		cmocka_unit_test(a_missing_state_directory_is_made_where_home_really_is),
		cmocka_unit_test(what_tells_of_processes_is_kept_apart),
		cmocka_unit_test(addresses_of_proxies_are_secrets),
		cmocka_unit_test(the_terminal_and_the_language_are_no_secrets),
		cmocka_unit_test(a_variable_names_the_place_inside),
		cmocka_unit_test(a_variable_that_names_nothing_stays_outside),
		cmocka_unit_test(only_what_is_inside_keeps_its_name),
		cmocka_unit_test(no_variable_shares_what_is_around_the_home),
	};

	return cmocka_run_group_tests_name("forward", tests, NULL, NULL);
}
