/* The program itself as PID 1 of a PID namespace. Needs uid 0.
 *
 *	test_init_namespace INIT [IMAGE_MAX_KIB RESIDENT_MAX_KIB]
 *
 * INIT is the program to test: the ordinary target or the embedded image. */
#include "tests/support/test.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "init/control.h"
#include "tests/init/harness.h"

/* linux/capability.h */
#define SETGID (UINT64_C(1) << 6)
#define SETUID (UINT64_C(1) << 7)
#define SETPCAP (UINT64_C(1) << 8)
#define KILL_AND_CHOWN (UINT64_C(1) << 5 | UINT64_C(1) << 0)

#define LANDLOCK_VERSION_SCOPES 6

static const char *init_path;
static long image_max;
static long resident_max;

static const char *identity_words[] = { "default", NULL, "12345", "23456", "34567", "44", NULL };

/* Landlock's scopes are asked for where the kernel has them. */
static const char *scopes_word(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) >=
			       LANDLOCK_VERSION_SCOPES
		       ? "scoped"
		       : "unscoped";
}

/* As the launcher does it. */
static struct harness_launch proper_launch(void)
{
	identity_words[1] = scopes_word();
	return (struct harness_launch) {
		.init_path = init_path,
		.words = identity_words,
		.capabilities = SETGID | SETUID | SETPCAP,
	};
}

static char *payload_status(const struct harness_launch *launch)
{
	struct harness harness;
	char *output;

	(void)harness_start_init(&harness, launch);
	harness_spawn_probe(&harness, "file", "/proc/self/status");
	output = harness_read_output(&harness, NULL);
	harness_check_status(&harness, 0);
	return output;
}

static void status_expect_unprivileged(const char *status)
{
	static const char *const lines[] = {
		"\nPid:\t2\n",
		"\nUid:\t12345\t12345\t12345\t12345\n",
		"\nGid:\t23456\t23456\t23456\t23456\n",
		"\nGroups:\t44 34567 \n",
		"\nCapInh:\t0000000000000000\n",
		"\nCapPrm:\t0000000000000000\n",
		"\nCapEff:\t0000000000000000\n",
		"\nCapBnd:\t0000000000000000\n",
		"\nCapAmb:\t0000000000000000\n",
		"\nNoNewPrivs:\t1\n",
		"\nSigIgn:\t0000000000000000\n",
		"\nSigBlk:\t0000000000000000\n",
		"\nSeccomp:\t2\n",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		if (!strstr(status, lines[i]))
			print_error("not found: %s\n%s\n", lines[i] + 1, status);
		assert_non_null(strstr(status, lines[i]));
	}
}

static void payload_has_no_privileges(void **state)
{
	struct harness_launch launch = proper_launch();
	char *status = payload_status(&launch);

	(void)state;
	status_expect_unprivileged(status);
	free(status);
}

static void payload_has_the_filters_of_each_policy(void **state)
{
	static const char *const policies[] = { "default", "no-userns", "nested" };

	(void)state;
	for (size_t i = 0; i < sizeof(policies) / sizeof(policies[0]); i++) {
		const char *words[] = { policies[i], scopes_word(), "12345", "23456",
					"34567",     "44",	    NULL };
		struct harness_launch launch = proper_launch();
		char *status;

		launch.words = words;
		status = payload_status(&launch);
		status_expect_unprivileged(status);
		free(status);
	}
}

static void what_the_launcher_left_is_dropped(void **state)
{
	struct harness_launch launch = proper_launch();
	char *status;

	(void)state;
	launch.capabilities |= KILL_AND_CHOWN;
	launch.bounding = SETGID | SETUID | SETPCAP | KILL_AND_CHOWN;
	status = payload_status(&launch);
	status_expect_unprivileged(status);
	free(status);
}

static void groups_may_be_none(void **state)
{
	static const char *const words[] = { "default", "unscoped", "12345", "23456", NULL };
	struct harness_launch launch = proper_launch();
	char *status;

	(void)state;
	launch.words = words;
	status = payload_status(&launch);
	assert_non_null(strstr(status, "\nGroups:\t \n"));
	free(status);
}

static void bad_policies_are_an_error(void **state)
{
	static const char *const cases[][4] = {
		{ NULL },
		{ "", "12345", "23456", NULL },
		{ "12345", "23456", NULL },
		{ "none", "12345", "23456", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct harness_launch launch = proper_launch();
		struct harness harness;

		launch.words = cases[i];
		(void)harness_start_init(&harness, &launch);
		harness_check_error(&harness, CONTROL_EXIT_FAILURE,
				    "claude-sandbox: cannot use the policy of the command line: ");
	}
}

/* Without one of the three the drop could not be complete. */
static void missing_privilege_is_an_error(void **state)
{
	static const struct {
		uint64_t capabilities;
		const char *error;
	} cases[] = {
		{ SETGID | SETUID, "lock the securebits" },
		{ SETPCAP | SETUID, "set the supplementary groups" },
		{ SETPCAP | SETGID, "set the user id" },
		{ 0, "lock the securebits" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct harness_launch launch = proper_launch();
		struct harness harness;
		char line[256];

		launch.capabilities = cases[i].capabilities;
		(void)snprintf(line, sizeof(line),
			       "claude-sandbox: cannot %s: Operation not permitted\n",
			       cases[i].error);
		(void)harness_start_init(&harness, &launch);
		harness_check_error(&harness, CONTROL_EXIT_FAILURE, line);
	}
}

static void bad_ids_are_an_error(void **state)
{
	static const char *const cases[][6] = {
		{ "default", NULL },
		{ "default", "scoped", NULL },
		{ "default", "12345", "23456", NULL },
		{ "default", "scopes", "12345", "23456", NULL },
		{ "default", "scoped", "12345", NULL },
		{ "default", "scoped", "0", "0", NULL },
		{ "default", "scoped", "4294967295", "23456", NULL },
		{ "default", "scoped", "12345", "-1", NULL },
		{ "default", "scoped", "12345", "23456", "root", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct harness_launch launch = proper_launch();
		struct harness harness;

		launch.words = cases[i];
		(void)harness_start_init(&harness, &launch);
		harness_check_status(&harness, CONTROL_EXIT_FAILURE);
	}
}

static void control_socket_is_needed(void **state)
{
	static const struct {
		enum harness_control control;
		const char *error;
	} cases[] = {
		{ HARNESS_CONTROL_MISSING, "use the control socket: Bad file descriptor" },
		{ HARNESS_CONTROL_FILE, "use the control socket: " },
		{ HARNESS_CONTROL_STREAM, "use the control socket: " },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct harness_launch launch = proper_launch();
		struct harness harness;
		char line[256];

		(void)snprintf(line, sizeof(line), "claude-sandbox: cannot %s", cases[i].error);
		launch.control = cases[i].control;
		(void)harness_start_init(&harness, &launch);
		harness_check_error(&harness, CONTROL_EXIT_FAILURE, line);
	}
}

static void supervisor_that_is_gone_is_the_end_without_a_word(void **state)
{
	struct harness_launch launch = proper_launch();
	struct harness harness;
	char *error;

	(void)state;
	launch.control = HARNESS_CONTROL_HUNG_UP;
	(void)harness_start_init(&harness, &launch);
	assert_int_equal(harness_wait(&harness), CONTROL_EXIT_FAILURE);
	error = harness_read_error(&harness);
	assert_string_equal(error, "");
	free(error);
	harness_finish(&harness);
}

static void payload_cannot_touch_pid_1(void **state)
{
	struct harness_launch launch = proper_launch();
	struct harness harness;
	char *output;

	(void)state;
	(void)harness_start_init(&harness, &launch);
	harness_spawn_probe(&harness, "attack", NULL);
	output = harness_read_output(&harness, NULL);
	assert_string_equal(output, "environ: Permission denied\n"
				    "mem: Permission denied\n"
				    "fd: Permission denied\n"
				    "root: Permission denied\n"
				    "ptrace: Operation not permitted\n"
				    "setuid: Operation not permitted\n"
				    "core 0 0\n"
				    "umask 22\n");
	free(output);
	harness_check_status(&harness, 5);
}

static void pid_1_keeps_only_the_control_socket(void **state)
{
	struct harness_launch launch = proper_launch();
	struct harness harness;

	(void)state;
	(void)harness_start_init(&harness, &launch);
	harness_check_descriptors(&harness);
}

static size_t file_size(pid_t pid, const char *name)
{
	char path[64], buffer[4096];
	size_t size = 0;
	ssize_t n;
	int fd;

	(void)snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	for (n = read(fd, buffer, sizeof(buffer)); n > 0; n = read(fd, buffer, sizeof(buffer))) {
		for (ssize_t i = 0; i < n; i++)
			size += buffer[i] != '\0';
	}
	assert_int_equal(close(fd), 0);
	return size;
}

static void environment_of_pid_1_is_empty(void **state)
{
	static const char *const secret[] = { "SECRET=1", "LD_PRELOAD=/nonexistent", NULL };
	struct harness_launch launch = proper_launch();
	struct harness harness;

	(void)state;
	for (int i = 0; i < 2; i++) {
		launch.environment = i == 1 ? secret : NULL;
		(void)harness_start_init(&harness, &launch);
		harness_spawn_probe(&harness, "await", NULL);
		harness_expect_line(&harness, "ready");
		assert_int_equal(file_size(harness.pid, "environ"), 0);
		harness_send(&harness, CONTROL_SIGNAL, SIGTERM);
		harness_check_status(&harness, SIGTERM);
	}
}

static long status_number(pid_t pid, const char *field)
{
	char path[64], line[256];
	long value = -1;
	FILE *file;

	(void)snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	file = fopen(path, "re");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		if (strncmp(line, field, strlen(field)) == 0)
			value = strtol(line + strlen(field), NULL, 10);
	}
	assert_int_equal(fclose(file), 0);
	return value;
}

static void pid_1_is_small(void **state)
{
	struct harness_launch launch = proper_launch();
	struct harness harness;
	long resident;
	struct stat st;

	(void)state;
	assert_int_equal(stat(init_path, &st), 0);
	print_message("image: %jd bytes\n", (intmax_t)st.st_size);
	if (image_max > 0)
		assert_true(st.st_size <= image_max * 1024);
	(void)harness_start_init(&harness, &launch);
	harness_spawn_probe(&harness, "await", NULL);
	harness_expect_line(&harness, "ready");
	resident = status_number(harness.pid, "VmRSS:");
	print_message("resident: %ld KiB\n", resident);
	assert_true(resident > 0);
	if (resident_max > 0)
		assert_true(resident <= resident_max);
	harness_send(&harness, CONTROL_SIGNAL, SIGTERM);
	harness_check_status(&harness, SIGTERM);
}

/* The daemon holds the output open, so end of file there means that it is gone. */
static void daemon_start(struct harness *harness)
{
	harness_spawn_probe(harness, "daemon", NULL);
	harness_expect_line(harness, "ready");
}

static void all_are_gone(struct harness *harness)
{
	char *output = harness_read_output(harness, NULL);

	assert_string_equal(output, "");
	free(output);
}

static void end_of_file_kills_everything(void **state)
{
	struct harness_launch launch = proper_launch();
	struct harness harness;

	(void)state;
	(void)harness_start_init(&harness, &launch);
	daemon_start(&harness);
	assert_int_equal(close(harness.control_fd), 0);
	harness.control_fd = -1;
	all_are_gone(&harness);
	harness_check_status(&harness, CONTROL_EXIT_FAILURE);
}

static void end_of_the_payload_kills_everything(void **state)
{
	struct harness_launch launch = proper_launch();
	struct harness harness;

	(void)state;
	(void)harness_start_init(&harness, &launch);
	daemon_start(&harness);
	harness_send(&harness, CONTROL_SIGNAL, SIGKILL);
	all_are_gone(&harness);
	harness_check_status(&harness, 128 + SIGKILL);
}

/* With the control socket still open here: this is the parent-death signal alone. */
static void death_of_the_parent_kills_everything(void **state)
{
	struct harness_launch launch = proper_launch();
	struct harness harness;
	pid_t parent;

	(void)state;
	launch.by_middleman = true;
	parent = harness_start_init(&harness, &launch);
	daemon_start(&harness);
	assert_int_equal(kill(parent, SIGKILL), 0);
	assert_int_equal(waitpid(parent, NULL, 0), parent);
	all_are_gone(&harness);
	harness_check_status(&harness, -SIGKILL);
}

static void orphans_are_reaped(void **state)
{
	struct harness_launch launch = proper_launch();
	struct harness harness;

	(void)state;
	(void)harness_start_init(&harness, &launch);
	harness_spawn_probe(&harness, "orphans", "50");
	harness_check_status(&harness, 0);
}

static void terminal_stops_and_continues(void **state)
{
	struct harness_launch launch = proper_launch();
	struct harness harness;

	(void)state;
	(void)harness_start_init(&harness, &launch);
	harness_use_terminal(&harness);
	assert_int_equal(fchown(harness.stdout_fd, 12345, 23456), 0);
	harness_spawn_probe(&harness, "terminal", NULL);
	harness_expect_line(&harness, "terminal 1");
	harness_expect_line(&harness, "foreground 1");
	for (int i = 0; i < 3; i++) {
		harness_type(&harness, "\032");
		assert_int_equal(harness_await_stop(&harness), SIGTSTP);
		harness_send(&harness, CONTROL_CONTINUE, 0);
		harness_type(&harness, "\n");
		harness_expect_line(&harness, "again 1");
	}
	harness_type(&harness, "\003");
	harness_check_status(&harness, 128 + SIGINT);
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(payload_has_no_privileges),
		cmocka_unit_test(payload_has_the_filters_of_each_policy),
		cmocka_unit_test(what_the_launcher_left_is_dropped),
		cmocka_unit_test(groups_may_be_none),
		cmocka_unit_test(missing_privilege_is_an_error),
		cmocka_unit_test(bad_policies_are_an_error),
		cmocka_unit_test(bad_ids_are_an_error),
		cmocka_unit_test(control_socket_is_needed),
		cmocka_unit_test(supervisor_that_is_gone_is_the_end_without_a_word),
		cmocka_unit_test(payload_cannot_touch_pid_1),
		cmocka_unit_test(pid_1_keeps_only_the_control_socket),
		cmocka_unit_test(environment_of_pid_1_is_empty),
		cmocka_unit_test(pid_1_is_small),
		cmocka_unit_test(end_of_file_kills_everything),
		cmocka_unit_test(end_of_the_payload_kills_everything),
		cmocka_unit_test(death_of_the_parent_kills_everything),
		cmocka_unit_test(orphans_are_reaped),
		cmocka_unit_test(terminal_stops_and_continues),
	};

	if (argc < 2 || geteuid() != 0)
		return 77;
	init_path = argv[1];
	if (argc > 3) {
		image_max = strtol(argv[2], NULL, 10);
		resident_max = strtol(argv[3], NULL, 10);
	}
	/* Adopts PID 1 when its parent is gone. */
	if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0)
		return 1;
	return cmocka_run_group_tests_name("namespace", tests, harness_publish_probe,
					   harness_remove_probe);
}
