/* What the payload starts with, and how its end is told: the reaper without the privileges. */
#include "tests/support/test.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "init/control.h"
#include "tests/init/harness.h"

static void exit_status_is_the_payloads(void **state)
{
	static const struct {
		const char *word;
		int expected;
	} cases[] = { { "0", 0 }, { "7", 7 }, { "125", 125 }, { "255", 255 } };
	struct harness harness;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		harness_start_reaper(&harness, NULL);
		harness_spawn_probe(&harness, "exit", cases[i].word);
		harness_check_status(&harness, cases[i].expected);
	}
}

static void exit_status_tells_the_signal(void **state)
{
	static const int signals[] = { SIGHUP, SIGINT, SIGTRAP, SIGKILL, SIGSEGV, SIGTERM, 64 };
	struct harness harness;
	char word[16];

	(void)state;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		(void)snprintf(word, sizeof(word), "%d", signals[i]);
		harness_start_reaper(&harness, NULL);
		harness_spawn_probe(&harness, "kill", word);
		harness_check_status(&harness, 128 + signals[i]);
	}
}

/* --- programs: a directory with files that can and cannot be executed ----------------------------
 */

static void file_create(const char *directory, const char *name, const char *content, mode_t mode)
{
	char path[256];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%s", directory, name);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, content, strlen(content)), (ssize_t)strlen(content));
	assert_int_equal(fchmod(fd, mode), 0);
	assert_int_equal(close(fd), 0);
}

#define PROGRAMS "/tmp/init-test-XXXXXX"

static int programs_create(void **state)
{
	static char base[sizeof(PROGRAMS)];
	char first[64], second[64];

	memcpy(base, PROGRAMS, sizeof(PROGRAMS));
	assert_non_null(mkdtemp(base));
	(void)snprintf(first, sizeof(first), "%s/first", base);
	(void)snprintf(second, sizeof(second), "%s/second", base);
	assert_int_equal(mkdir(first, 0755), 0);
	assert_int_equal(mkdir(second, 0755), 0);
	file_create(first, "both", "#!/bin/sh\nexit 1\n", 0644);
	file_create(second, "both", "#!/bin/sh\nexit 12\n", 0755);
	file_create(first, "closed", "#!/bin/sh\nexit 1\n", 0644);
	file_create(first, "order", "#!/bin/sh\nexit 13\n", 0755);
	file_create(second, "order", "#!/bin/sh\nexit 14\n", 0755);
	file_create(first, "garbage", "this is no program\n", 0755);
	file_create(first, "script", "#!/nonexistent/interpreter\n", 0755);
	file_create(base, "planted", "#!/bin/sh\nexit 15\n", 0755);
	*state = base;
	return 0;
}

static int programs_remove(void **state)
{
	char command[128];

	(void)snprintf(command, sizeof(command), "rm -r '%s'", (char *)*state);
	return system(command); /* NOLINT(cert-env33-c) */
}

/* %1 stands for the directory of the programs. */
static const char *expand(char *buffer, size_t size, const char *text, const char *base)
{
	size_t used = 0;

	buffer[0] = '\0';
	for (; *text && used < size - 1; text++) {
		if (strncmp(text, "%1", 2) == 0) {
			used += (size_t)snprintf(buffer + used, size - used, "%s", base);
			text++;
		} else {
			buffer[used++] = *text;
			buffer[used] = '\0';
		}
	}
	return buffer;
}

static const struct {
	const char *program;
	const char *path; /* NULL: no PATH at all */
	int expected;
	const char *error;
} searches[] = {
	{ "order", "PATH=%1/first:%1/second", 13, "" },
	{ "order", "PATH=%1/second:%1/first", 14, "" },
	{ "order", "PATH=/nonexistent:%1/first/order:%1/second", 14, "" },
	{ "both", "PATH=%1/first:%1/second", 12, "" },
	{ "planted", "PATH=:.::%1/first:", 127, "'planted': No such file or directory" },
	{ "planted", "PATH=..", 127, "'planted': No such file or directory" },
	{ "order", "PATH=", 127, "'order': No such file or directory" },
	{ "order", NULL, 127, "'order': No such file or directory" },
	{ "", "PATH=%1/first", 127, "'': No such file or directory" },
	{ "missing", "PATH=%1/first", 127, "'missing': No such file or directory" },
	{ "closed", "PATH=%1/first:%1/second", 126, "'closed': Permission denied" },
	{ "garbage", "PATH=%1/first:%1/second", 126, "'garbage': Exec format error" },
	{ "script", "PATH=%1/first", 127, "'script': The interpreter it names is missing" },
	{ "./planted", "PATH=", 15, "" },
	{ "first/order", NULL, 13, "" },
	{ "%1/first/order", NULL, 13, "" },
	{ "%1/first", NULL, 126, "'%1/first': Permission denied" },
	{ "%1/first/script", NULL, 127, "'%1/first/script': The interpreter it names is missing" },
	{ "%1/none", NULL, 127, "'%1/none': No such file or directory" },
	{ "%1/planted/none", NULL, 127, "'%1/planted/none': Not a directory" },
	{ "evil\n\033[2Jname", "PATH=%1", 127,
	  "'evil\\012\\033[2Jname': No such file or directory" },
};

/* It gives a process up whose execve fails for a reason that it has not foreseen. */
static void skip_below_valgrind(void)
{
	if (getenv("TEST_BELOW_VALGRIND"))
		skip();
}

static void program_is_searched_as_by_a_shell(void **state)
{
	skip_below_valgrind();
	for (size_t i = 0; i < sizeof(searches) / sizeof(searches[0]); i++) {
		char program[256], path[256], error[256], line[512];
		const char *arguments[] = { program, NULL };
		const char *environment[] = { "FIRST=1", path, "PATH=/nonexistent", NULL };
		struct harness_request request = { *state, arguments, environment };
		struct harness harness;
		char *text;
		int status;

		(void)expand(program, sizeof(program), searches[i].program, *state);
		(void)expand(path, sizeof(path), searches[i].path ? searches[i].path : "", *state);
		(void)expand(error, sizeof(error), searches[i].error, *state);
		if (!searches[i].path)
			environment[1] = NULL;
		(void)snprintf(line, sizeof(line), "claude-sandbox: cannot execute %s\n", error);

		harness_start_reaper(&harness, NULL);
		harness_spawn(&harness, &request);
		status = harness_wait(&harness);
		text = harness_read_error(&harness);
		if (status != searches[i].expected)
			print_error("case %zu: %s\n", i, text);
		assert_int_equal(status, searches[i].expected);
		assert_string_equal(text, *error ? line : "");
		free(text);
		harness_finish(&harness);
	}
}

/* --- what it starts with
 * -------------------------------------------------------------------------- */

static void strings_expect(struct harness *harness, const char *const *expected)
{
	size_t length = 0;
	char *output = harness_read_output(harness, &length), *end = output;

	for (; *expected; expected++) {
		size_t size = strlen(*expected) + 1;

		assert_true((size_t)(end - output) + size <= length);
		assert_memory_equal(end, *expected, size);
		end += size;
	}
	assert_int_equal(end - output, length);
	free(output);
	harness_check_status(harness, 0);
}

/* The kernel's limit for one string is 32 pages, the NUL included (MAX_ARG_STRLEN). */
static size_t argument_max(void)
{
	return 32 * (size_t)sysconf(_SC_PAGESIZE) - 1;
}

static char *long_argument(size_t length)
{
	char *text = malloc(length + 1);

	assert_non_null(text);
	for (size_t i = 0; i < length; i++)
		text[i] = (char)(1 + i % 255);
	text[length] = '\0';
	return text;
}

static void arguments_arrive_byte_for_byte(void **state)
{
	char *first = long_argument(argument_max()), *second = long_argument(70000);
	const char *arguments[] = { PROBE_PATH, "arguments", "", "a b", "\n\n", "--", "'\"\\$`*",
				    "\377\001", "\t\r ",     "", first, second, "",   NULL };
	struct harness_request request = { .arguments = arguments };
	struct harness harness;

	(void)state;
	harness_start_reaper(&harness, NULL);
	harness_spawn(&harness, &request);
	strings_expect(&harness, arguments + 2);
	free(first);
	free(second);
}

static void argument_beyond_the_kernels_limit_is_an_error(void **state)
{
	char *argument = long_argument(argument_max() + 1);
	const char *arguments[] = { "/bin/true", argument, NULL };
	struct harness_request request = { .arguments = arguments };
	struct harness harness;

	(void)state;
	skip_below_valgrind();
	harness_start_reaper(&harness, NULL);
	harness_spawn(&harness, &request);
	harness_check_error(&harness, CONTROL_EXIT_NOT_EXECUTABLE,
			    "claude-sandbox: cannot execute '/bin/true': Argument list too long\n");
	free(argument);
}

static void environment_is_exactly_the_requests(void **state)
{
	static const char *const environments[][6] = {
		{ NULL },
		{ "A=", "B==", "C=a\nb", "A=twice", "LAST=\377", NULL },
	};
	static const char *const arguments[] = { PROBE_PATH, "environment", NULL };
	struct harness harness;

	(void)state;
	(void)setenv("LEAK", "1", 1);
	for (size_t i = 0; i < 2; i++) {
		struct harness_request request = { "/", arguments, environments[i] };

		harness_start_reaper(&harness, NULL);
		harness_spawn(&harness, &request);
		strings_expect(&harness, environments[i]);
	}
}

static void output_expect(struct harness *harness, int status, const char *expected)
{
	char *output = harness_read_output(harness, NULL);

	assert_string_equal(output, expected);
	free(output);
	harness_check_status(harness, status);
}

static void directory_is_the_requests(void **state)
{
	static const char *const arguments[] = { PROBE_PATH, "directory", NULL };
	struct harness_request request = { .directory = "/proc/self/../sys/kernel",
					   .arguments = arguments };
	struct harness harness;

	(void)state;
	harness_start_reaper(&harness, NULL);
	harness_spawn(&harness, &request);
	output_expect(&harness, 0, "/proc/sys/kernel");
}

static void missing_directory_is_an_error(void **state)
{
	static const char *const arguments[] = { PROBE_PATH, "exit", "0", NULL };
	struct harness_request request = { .directory = "/nonexistent/\ta",
					   .arguments = arguments };
	struct harness harness;

	(void)state;
	harness_start_reaper(&harness, NULL);
	harness_spawn(&harness, &request);
	harness_check_error(&harness, CONTROL_EXIT_FAILURE,
			    "claude-sandbox: cannot change to directory '/nonexistent/\\011a': "
			    "No such file or directory\n");
}

static void malformed_request_is_an_error(void **state)
{
	struct harness harness;

	(void)state;
	harness_start_reaper(&harness, NULL);
	harness_spawn_raw(&harness, "nonsense, nonsense", 18);
	harness_check_error(&harness, CONTROL_EXIT_FAILURE,
			    "claude-sandbox: cannot read the request: Protocol error\n");

	harness_start_reaper(&harness, NULL);
	harness_spawn_raw(&harness, "", 0);
	harness_check_error(&harness, CONTROL_EXIT_FAILURE,
			    "claude-sandbox: cannot read the request: Invalid argument\n");
}

static void descriptors_are_only_the_standard_ones(void **state)
{
	struct harness harness;

	(void)state;
	harness_start_reaper(&harness, NULL);
	harness_spawn_probe(&harness, "descriptors", NULL);
	output_expect(&harness, 0, "0 1 2 ");
}

static void signals_spoil(void)
{
	sigset_t all;

	for (int i = 1; i < NSIG; i++)
		(void)signal(i, SIG_IGN);
	(void)sigfillset(&all);
	(void)sigprocmask(SIG_SETMASK, &all, NULL);
}

static void signals_are_default_and_unblocked(void **state)
{
	char *output;
	struct harness harness;

	(void)state;
	harness_start_reaper(&harness, signals_spoil);
	harness_spawn_probe(&harness, "file", "/proc/self/status");
	output = harness_read_output(&harness, NULL);
	assert_non_null(strstr(output, "\nSigPnd:\t0000000000000000\n"));
	assert_non_null(strstr(output, "\nShdPnd:\t0000000000000000\n"));
	assert_non_null(strstr(output, "\nSigBlk:\t0000000000000000\n"));
	assert_non_null(strstr(output, "\nSigIgn:\t0000000000000000\n"));
	free(output);
	harness_check_status(&harness, 0);
}

static void streams_close(void)
{
	(void)close(STDIN_FILENO);
	(void)close(STDOUT_FILENO);
	(void)close(STDERR_FILENO);
}

static void closed_streams_of_pid_1_do_no_harm(void **state)
{
	struct harness harness;

	(void)state;
	harness_start_reaper(&harness, streams_close);
	harness_spawn_probe(&harness, "descriptors", NULL);
	output_expect(&harness, 0, "0 1 2 ");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(exit_status_is_the_payloads),
		cmocka_unit_test(exit_status_tells_the_signal),
		cmocka_unit_test_setup_teardown(program_is_searched_as_by_a_shell, programs_create,
						programs_remove),
		cmocka_unit_test(arguments_arrive_byte_for_byte),
		cmocka_unit_test(argument_beyond_the_kernels_limit_is_an_error),
		cmocka_unit_test(environment_is_exactly_the_requests),
		cmocka_unit_test(directory_is_the_requests),
		cmocka_unit_test(missing_directory_is_an_error),
		cmocka_unit_test(malformed_request_is_an_error),
		cmocka_unit_test(descriptors_are_only_the_standard_ones),
		cmocka_unit_test(signals_are_default_and_unblocked),
		cmocka_unit_test(closed_streams_of_pid_1_do_no_harm),
	};

	return cmocka_run_group_tests_name("payload", tests, NULL, NULL);
}
