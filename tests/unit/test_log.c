#include "tests/support/test.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"
#include "tests/support/run.h"

/* The log writes to stderr: what it wrote is read by the parent. */
static int say_one_line(void *argument)
{
	(void)argument;
	errno = EDOM;
	if (log_error_errno(ENOENT, "cannot open '%s'", "/x") != -ENOENT || errno != EDOM)
		return 1;
	if (log_error_errno(-EACCES, "cannot open '%s'", "/y") != -EACCES || errno != EDOM)
		return 2;
	log_error("cannot go on");
	log_warning("odd, ignoring");
	log_info("done");
	log_debug("step");
	log_hint("try '%s'", "z");
	return errno == EDOM ? 0 : 3;
}

static void a_message_is_one_line_with_its_reason(void **state)
{
	char output[1024];

	(void)state;
	assert_int_equal(run_child_stderr(say_one_line, NULL, output, sizeof(output)), 0);
	assert_string_equal(output, "claude-sandbox: cannot open '/x': No such file or directory\n"
				    "claude-sandbox: cannot open '/y': Permission denied\n"
				    "claude-sandbox: cannot go on\n"
				    "claude-sandbox: odd, ignoring\n"
				    "claude-sandbox: done\n"
				    "hint: try 'z'\n");
}

static int say_to_nobody(void *argument)
{
	(void)argument;
	(void)close(STDERR_FILENO);
	errno = EDOM;
	if (log_error_errno(ENOENT, "cannot be read") != -ENOENT || errno != EDOM)
		return 1;
	log_hint("nor this");
	return errno == EDOM ? 0 : 2;
}

static void a_closed_stderr_changes_nothing(void **state)
{
	(void)state;
	assert_int_equal(run_child(say_to_nobody, NULL), 0);
}

static int say_quietly(void *argument)
{
	(void)argument;
	log_set_quiet(true);
	log_set_role("setup");
	log_error("error");
	log_warning("warning");
	log_info("info");
	log_debug("debug");
	return 0;
}

static void quiet_leaves_the_errors(void **state)
{
	char output[1024];

	(void)state;
	assert_int_equal(run_child_stderr(say_quietly, NULL, output, sizeof(output)), 0);
	assert_string_equal(output, "claude-sandbox: error\n");
}

static int say_with_debug(void *argument)
{
	(void)argument;
	log_set_debug(true);
	log_debug("no role");
	log_set_role("setup");
	log_error("error");
	log_debug("debug");
	return log_debug_errno(EINVAL, "reason") == -EINVAL ? 0 : 1;
}

static void debug_shows_who_speaks(void **state)
{
	char output[1024];

	(void)state;
	assert_int_equal(run_child_stderr(say_with_debug, NULL, output, sizeof(output)), 0);
	assert_string_equal(output, "claude-sandbox: no role\n"
				    "claude-sandbox[setup]: error\n"
				    "claude-sandbox[setup]: debug\n"
				    "claude-sandbox[setup]: reason: Invalid argument\n");
}

static int say_hostile_path(void *argument)
{
	const char *path = argument;

	(void)log_error_errno(ENOENT, "cannot open '%s'", path);
	log_hint("see '%s'", path);
	return 0;
}

static void a_hostile_path_does_not_reach_the_terminal(void **state)
{
	char path[] = "\033]0;x\007\nclaude-sandbox: all is well\302\233\377%s%n";
	char output[1024];

	(void)state;
	assert_int_equal(run_child_stderr(say_hostile_path, path, output, sizeof(output)), 0);
	assert_string_equal(output,
			    "claude-sandbox: cannot open '\\033]0;x\\007\\012claude-sandbox: all "
			    "is well\\302\\233\\377%s%n': No such file or directory\n"
			    "hint: see '\\033]0;x\\007\\012claude-sandbox: all is "
			    "well\\302\\233\\377%s%n'\n");
}

static void a_long_line_is_cut_and_keeps_its_reason(void **state)
{
	static char path[20000];
	char output[65536];

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		memset(path, i == 0 ? 1 : 'x', sizeof(path) - 1);
		assert_int_equal(run_child_stderr(say_hostile_path, path, output, sizeof(output)),
				 0);
		assert_true(strlen(output) < 45000);
		assert_non_null(strstr(output, ": No such file or directory\n"));
		assert_true(text_ends_with(output, "\n"));
	}
}

static int say_reason_within(void *argument)
{
	log_error("cannot use '%s': not a directory", (const char *)argument);
	return 0;
}

static void a_long_line_keeps_a_reason_that_is_part_of_its_text(void **state)
{
	static char path[20000];
	char output[65536];

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		memset(path, i == 0 ? 1 : 'x', sizeof(path) - 1);
		assert_int_equal(run_child_stderr(say_reason_within, path, output, sizeof(output)),
				 0);
		assert_true(text_starts_with(output, "claude-sandbox: cannot use '"));
		assert_non_null(strstr(output, "[...]"));
		assert_true(text_ends_with(output, "': not a directory\n"));
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_is_one_line_with_its_reason),
		cmocka_unit_test(a_closed_stderr_changes_nothing),
		cmocka_unit_test(quiet_leaves_the_errors),
		cmocka_unit_test(debug_shows_who_speaks),
		cmocka_unit_test(a_hostile_path_does_not_reach_the_terminal),
		cmocka_unit_test(a_long_line_is_cut_and_keeps_its_reason),
		cmocka_unit_test(a_long_line_keeps_a_reason_that_is_part_of_its_text),
	};

	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
