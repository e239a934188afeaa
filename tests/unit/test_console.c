#include "tests/support/test.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "runtime/console.h"

/* The payload's terminal, which somebody holds on to: a descriptor may have been handed out of the
 * sandbox. */
struct fixture {
	struct console console;
	int held_fd;
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	struct termios raw;

	if (!fixture)
		return -1;
	*state = fixture;
	fixture->console = (struct console)CONSOLE_EMPTY;
	fixture->console.master_fd = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (fixture->console.master_fd < 0 || unlockpt(fixture->console.master_fd) < 0)
		return -1;
	fixture->held_fd = ioctl(fixture->console.master_fd, TIOCGPTPEER,
				 O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (fixture->held_fd < 0 || tcgetattr(fixture->held_fd, &raw) < 0)
		return -1;
	cfmakeraw(&raw);
	if (tcsetattr(fixture->held_fd, TCSANOW, &raw) < 0)
		return -1;
	fixture->console.slave_fd = fcntl(fixture->held_fd, F_DUPFD_CLOEXEC, 0);
	return fixture->console.slave_fd < 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	console_finish(&fixture->console);
	cleanup_close(&fixture->held_fd);
	free(fixture);
	return 0;
}

static void type(struct console *console, const char *text)
{
	console->to_payload.length = strlen(text);
	memcpy(console->to_payload.data, text, console->to_payload.length);
}

static void what_is_typed_reaches_the_payload(void **state)
{
	struct fixture *fixture = *state;
	char seen[16] = "";

	type(&fixture->console, "word");
	assert_true(console_pump(&fixture->console));
	assert_int_equal(read(fixture->held_fd, seen, sizeof(seen) - 1), 4);
	assert_string_equal(seen, "word");
}

static void what_was_typed_for_a_payload_that_is_gone_reaches_nobody(void **state)
{
	struct fixture *fixture = *state;
	struct pollfd polls[CONSOLE_POLL_COUNT];
	char seen[16] = "";

	type(&fixture->console, "word");
	console_hang_up(&fixture->console);
	console_poll(&fixture->console, polls);
	assert_int_equal(polls[CONSOLE_POLL_MASTER].events & POLLOUT, 0);
	(void)console_pump(&fixture->console);
	assert_int_equal(read(fixture->held_fd, seen, sizeof(seen)), -1);
}

static void what_the_payload_wrote_last_is_kept_until_it_is_written(void **state)
{
	struct fixture *fixture = *state;
	struct console *console = &fixture->console;
	int pipe_fds[2];
	char seen[16] = "";

	assert_int_equal(pipe2(pipe_fds, O_CLOEXEC | O_NONBLOCK), 0);
	assert_int_equal(write(fixture->held_fd, "last", 4), 4);
	cleanup_close(&fixture->held_fd);
	fixture->held_fd = -1;
	console_hang_up(console);
	console->output_fd = pipe_fds[1];
	while (console_pump(console))
		;
	assert_int_equal(read(pipe_fds[0], seen, sizeof(seen) - 1), 4);
	assert_string_equal(seen, "last");
	(void)close(pipe_fds[0]);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_typed_reaches_the_payload, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(
			what_was_typed_for_a_payload_that_is_gone_reaches_nobody, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			what_the_payload_wrote_last_is_kept_until_it_is_written, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("console", tests, NULL, NULL);
}
