#include "tests/support/test.h"

#include <errno.h>
#include <string.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "tests/support/forward_run.h"

#define COOKIES "/home/jo/.Xauthority"

/* One of this machine's display 5 (Xauthority's format, as libXau writes it). */
static const char cookies[] = "\x01\x00\x00\x07machine\x00\x01"
			      "5\x00\x12MIT-MAGIC-COOKIE-1\x00\x03key";
static const char rewritten[] = "\xff\xff\x00\x00\x00\x04"
				"1005\x00\x12MIT-MAGIC-COOKIE-1\x00\x03key";

static void plan(struct forward_run *planned, struct host_file *cookie_file)
{
	static char *environment[] = { (char *)"DISPLAY=:5.1", NULL };
	struct host_file files[] = {
		{ .asked = "/tmp/.X11-unix/X5",
		  .path = "/tmp/.X11-unix/X5",
		  .kind = HOST_FILE_SOCKET },
		*cookie_file,
	};
	struct host host = {
		.caller = { .uid = 7, .gid = 8, .name = "jo", .home = "/home/jo" },
		.node_name = "machine",
		.environment = environment,
		.files = files,
		.file_count = ARRAY_LENGTH(files),
	};

	forward_run(planned, "x11", &host);
	assert_null(planned->skipped);
	assert_int_equal(planned->binds.count, 1);
	assert_string_equal(planned->binds.ops[0].target, "/tmp/.X11-unix/X1005");
	assert_string_equal(env_list_get(&planned->env, "DISPLAY"), ":1005.1");
}

static void the_cookie_goes_with_the_socket(void **state)
{
	struct forward_run planned;
	const struct seed *seed;

	(void)state;
	plan(&planned, &(struct host_file) {
			       .asked = COOKIES,
			       .path = "/data/cookies",
			       .kind = HOST_FILE_REGULAR,
			       .content = cookies,
			       .content_length = sizeof(cookies) - 1,
		       });
	assert_int_equal(planned.seeds.count, 1);
	seed = &planned.seeds.seeds[0];
	assert_string_equal(seed->target, COOKIES);
	assert_int_equal(seed->mode, 0600);
	assert_int_equal(seed->uid, 7);
	assert_int_equal(seed->gid, 8);
	assert_int_equal(seed->content_length, sizeof(rewritten) - 1);
	assert_memory_equal(seed->content, rewritten, seed->content_length);
	assert_string_equal(env_list_get(&planned.env, "XAUTHORITY"), COOKIES);
	arena_finish(&planned.arena);
}

/* A server may let the user in without one. */
static void without_a_cookie_the_socket_goes_alone(void **state)
{
	static struct host_file files[] = {
		{ .asked = COOKIES, .error = ENOENT },
		{ .asked = COOKIES, .path = COOKIES, .kind = HOST_FILE_REGULAR },
		{ .asked = COOKIES, .path = COOKIES, .kind = HOST_FILE_OTHER },
		{ .asked = COOKIES,
		  .path = COOKIES,
		  .kind = HOST_FILE_REGULAR,
		  .content = "text",
		  .content_length = 4 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(files); i++) {
		struct forward_run planned;

		plan(&planned, &files[i]);
		assert_int_equal(planned.seeds.count, 0);
		assert_null(env_list_get(&planned.env, "XAUTHORITY"));
		arena_finish(&planned.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_cookie_goes_with_the_socket),
		cmocka_unit_test(without_a_cookie_the_socket_goes_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
