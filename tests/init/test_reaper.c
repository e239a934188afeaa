/* PID 1's loop: children, signals, stops, the control socket. Without privileges and namespaces. */
#include "tests/support/test.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fd.h"
#include "init/control.h"
#include "tests/init/harness.h"

static void orphans_are_reaped(void **state)
{
	struct harness harness;

	(void)state;
	harness_start_reaper(&harness, NULL);
	harness_spawn_probe(&harness, "orphans", "100");
	harness_check_status(&harness, 0);
}

static void signal_reaches_the_payload(void **state)
{
	static const int signals[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGWINCH };
	struct harness harness;

	(void)state;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		harness_start_reaper(&harness, NULL);
		harness_spawn_probe(&harness, "await", NULL);
		harness_expect_line(&harness, "ready");
		harness_send(&harness, CONTROL_SIGNAL, signals[i]);
		harness_check_status(&harness, signals[i]);
	}
}

/* It comes before the probe waits for it, and ends it, or after; to a group that must exist by
 * then. */
static void signal_right_after_the_spawn_is_not_lost(void **state)
{
	struct harness harness;

	(void)state;
	for (int i = 0; i < 50; i++) {
		int signal_number = i % 2 ? SIGINT : SIGTERM, status;

		harness_start_reaper(&harness, NULL);
		harness_spawn_probe(&harness, "await", NULL);
		harness_send(&harness, CONTROL_SIGNAL, signal_number);
		status = harness_wait(&harness);
		assert_true(status == 128 + signal_number || status == signal_number);
		harness_finish(&harness);
	}
}

static void only_signals_of_a_terminal_go_to_the_group(void **state)
{
	static const struct {
		int signal_number;
		const char *expected;
	} cases[] = { { SIGINT, "2 2" },   { SIGQUIT, "3 3" },	{ SIGHUP, "1 1" },
		      { SIGTERM, "15 0" }, { SIGUSR1, "10 0" }, { SIGWINCH, "28 0" } };
	struct harness harness;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		harness_start_reaper(&harness, NULL);
		harness_spawn_probe(&harness, "group", NULL);
		harness_expect_line(&harness, "ready");
		harness_send(&harness, CONTROL_SIGNAL, cases[i].signal_number);
		harness_expect_line(&harness, cases[i].expected);
		harness_check_status(&harness, 0);
	}
}

static void nonsense_is_ignored(void **state)
{
	static const int32_t signals[] = { 0, -1, -9, 65, 1000, INT32_MAX, INT32_MIN };
	struct control_message message = { .type = CONTROL_SPAWN };
	char big[512] = { 0 };
	int fds[8];
	struct harness harness;

	(void)state;
	for (size_t i = 0; i < 8; i++)
		fds[i] = STDERR_FILENO;
	harness_start_reaper(&harness, NULL);
	harness_send(&harness, CONTROL_SIGNAL, SIGKILL);
	harness_send(&harness, CONTROL_CONTINUE, 0);
	assert_int_equal(fd_send(harness.control_fd, &message, sizeof(message), fds, 8), 0);
	harness_spawn_probe(&harness, "await", NULL);
	harness_expect_line(&harness, "ready");
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		harness_send(&harness, CONTROL_SIGNAL, signals[i]);
	harness_send(&harness, 0, 0);
	harness_send(&harness, UINT32_MAX, 0);
	harness_send(&harness, CONTROL_GO, 0);
	harness_send(&harness, CONTROL_CONTINUE, 0);
	assert_int_equal(send(harness.control_fd, "x", 1, 0), 1);
	assert_int_equal(send(harness.control_fd, big, sizeof(big), 0), sizeof(big));
	/* A second SPAWN, with all descriptors, with too many, and with none. */
	assert_int_equal(fd_send(harness.control_fd, &message, sizeof(message), fds, 4), 0);
	assert_int_equal(fd_send(harness.control_fd, &message, sizeof(message), fds, 8), 0);
	assert_int_equal(fd_send(harness.control_fd, big, sizeof(big), fds, 8), 0);
	assert_int_equal(fd_send(harness.control_fd, &message, sizeof(message), NULL, 0), 0);
	harness_send(&harness, CONTROL_SIGNAL, SIGUSR1);
	harness_check_status(&harness, SIGUSR1);
}

static void spawn_without_its_descriptors_is_an_error(void **state)
{
	struct control_message message = { .type = CONTROL_SPAWN };
	int fds[] = { STDIN_FILENO, STDIN_FILENO, STDIN_FILENO };
	struct harness harness;

	(void)state;
	harness_start_reaper(&harness, NULL);
	assert_int_equal(fd_send(harness.control_fd, &message, sizeof(message), fds, 3), 0);
	harness_check_error(&harness, CONTROL_EXIT_FAILURE,
			    "claude-sandbox: cannot start the payload: Bad file descriptor\n");
}

static void terminal_that_is_none_is_an_error(void **state)
{
	struct control_message message = { .type = CONTROL_SPAWN };
	int null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	int fds[CONTROL_SPAWN_FDS_MAX];
	struct harness harness;

	(void)state;
	for (size_t i = 0; i < CONTROL_SPAWN_FDS_MAX; i++)
		fds[i] = null_fd;
	harness_start_reaper(&harness, NULL);
	assert_int_equal(fd_send(harness.control_fd, &message, sizeof(message), fds, 5), 0);
	harness_check_error(&harness, CONTROL_EXIT_FAILURE,
			    "claude-sandbox: cannot make the terminal the session's: "
			    "Inappropriate ioctl for device\n");
	assert_int_equal(close(null_fd), 0);
}

static void end_of_file_ends_pid_1(void **state)
{
	struct harness harness;

	(void)state;
	harness_start_reaper(&harness, NULL);
	assert_int_equal(shutdown(harness.control_fd, SHUT_RDWR), 0);
	harness_check_status(&harness, CONTROL_EXIT_FAILURE);

	harness_start_reaper(&harness, NULL);
	harness_spawn_probe(&harness, "await", NULL);
	harness_expect_line(&harness, "ready");
	assert_int_equal(close(harness.control_fd), 0);
	harness.control_fd = -1;
	harness_check_status(&harness, CONTROL_EXIT_FAILURE);
}

/* Unread packets of PID 1 turn the end of file into ECONNRESET. */
static void end_of_file_with_unread_reports_ends_pid_1(void **state)
{
	struct harness harness;

	(void)state;
	harness_start_reaper(&harness, NULL);
	harness_spawn_probe(&harness, "stop", NULL);
	harness_expect_line(&harness, "ready");
	assert_int_equal(recv(harness.control_fd, NULL, 0, MSG_PEEK), 0);
	assert_int_equal(close(harness.control_fd), 0);
	harness.control_fd = -1;
	harness_check_status(&harness, CONTROL_EXIT_FAILURE);
}

static void stop_is_reported_and_undone(void **state)
{
	struct harness harness;

	(void)state;
	harness_start_reaper(&harness, NULL);
	harness_spawn_probe(&harness, "stop", NULL);
	harness_expect_line(&harness, "ready");
	assert_int_equal(harness_await_stop(&harness), SIGSTOP);
	harness_send(&harness, CONTROL_CONTINUE, 0);
	harness_expect_line(&harness, "back");
	harness_check_status(&harness, 4);
}

static void stop_of_another_process_is_not_reported(void **state)
{
	char buffer[16];
	struct harness harness;

	(void)state;
	harness_start_reaper(&harness, NULL);
	harness_spawn_probe(&harness, "stopped-orphan", NULL);
	assert_int_equal(harness_wait(&harness), 0);
	assert_int_equal(recv(harness.control_fd, buffer, sizeof(buffer), MSG_DONTWAIT), 0);
	harness_finish(&harness);
}

static void terminal_belongs_to_the_payload(void **state)
{
	struct harness harness;

	(void)state;
	harness_start_reaper(&harness, NULL);
	harness_use_terminal(&harness);
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
	harness_type(&harness, "\004");
	harness_check_status(&harness, 3);
}

static void terminal_interrupt_reaches_the_payload_only(void **state)
{
	struct harness harness;

	(void)state;
	harness_start_reaper(&harness, NULL);
	harness_use_terminal(&harness);
	harness_spawn_probe(&harness, "terminal", NULL);
	harness_expect_line(&harness, "terminal 1");
	harness_type(&harness, "\003");
	harness_check_status(&harness, 128 + SIGINT);
}

static void continue_gives_the_terminal_back(void **state)
{
	struct harness harness;

	(void)state;
	harness_start_reaper(&harness, NULL);
	harness_use_terminal(&harness);
	harness_spawn_probe(&harness, "background", NULL);
	assert_int_equal(harness_await_stop(&harness), SIGSTOP);
	harness_send(&harness, CONTROL_CONTINUE, 0);
	harness_expect_line(&harness, "foreground 1");
	harness_check_status(&harness, 0);
}

static void pid_1_keeps_only_the_control_socket(void **state)
{
	struct harness harness;

	(void)state;
	harness_start_reaper(&harness, NULL);
	harness_check_descriptors(&harness);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(orphans_are_reaped),
		cmocka_unit_test(signal_reaches_the_payload),
		cmocka_unit_test(signal_right_after_the_spawn_is_not_lost),
		cmocka_unit_test(only_signals_of_a_terminal_go_to_the_group),
		cmocka_unit_test(nonsense_is_ignored),
		cmocka_unit_test(spawn_without_its_descriptors_is_an_error),
		cmocka_unit_test(terminal_that_is_none_is_an_error),
		cmocka_unit_test(end_of_file_ends_pid_1),
		cmocka_unit_test(end_of_file_with_unread_reports_ends_pid_1),
		cmocka_unit_test(stop_is_reported_and_undone),
		cmocka_unit_test(stop_of_another_process_is_not_reported),
		cmocka_unit_test(terminal_belongs_to_the_payload),
		cmocka_unit_test(terminal_interrupt_reaches_the_payload_only),
		cmocka_unit_test(continue_gives_the_terminal_back),
		cmocka_unit_test(pid_1_keeps_only_the_control_socket),
	};

	return cmocka_run_group_tests_name("reaper", tests, NULL, NULL);
}
