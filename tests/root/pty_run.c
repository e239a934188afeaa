/* pty-run [STEP...] -- COMMAND...: runs the command as the leader of a session on a new terminal
 * and carries out the steps in order:
 *
 *	size ROWSxCOLUMNS	of the terminal, at once
 *	expect TEXT		waits until the terminal shows TEXT, after what was expected before
 *	send TEXT		types TEXT; printf(1)'s \r \n \t \\ \xHH are understood
 *	signal NUMBER		to the command
 *	mode			notes "mode: raw" or "mode: cooked" on stderr
 *	pause MILLISECONDS
 *	idle MILLISECONDS	the same, without taking in what the terminal shows
 *
 * Then waits for its end and notes the mode once more, "mode at end: …". What the terminal showed
 * goes to stdout, unchanged. Exit status: the command's, 128+N for signal N; 250 when a step failed
 * or LIMIT_SECONDS were over. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "tests/root/factor.h"

#define LIMIT_SECONDS 20
#define STATUS_FAILED 250

struct session {
	int master_fd;
	int slave_fd; /* held, so that the terminal outlives the command */
	pid_t child;
	time_t deadline;
	char *shown;
	size_t length;
	size_t expected; /* how much of `shown` has been expected already */
};

static _Noreturn void fail(struct session *session, const char *what, const char *detail)
{
	if (session->length > 0)
		(void)fwrite(session->shown, 1, session->length, stdout);
	(void)fflush(stdout);
	(void)fprintf(stderr, "pty-run: %s '%s'\n", what, detail);
	if (session->child > 0)
		(void)kill(session->child, SIGKILL);
	exit(STATUS_FAILED);
}

static time_t now(void)
{
	struct timespec time;

	(void)clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec;
}

static void set_size(struct session *session, const char *text)
{
	struct winsize size = { 0 };
	char *end;

	size.ws_row = (unsigned short)strtoul(text, &end, 10);
	if (*end == 'x')
		size.ws_col = (unsigned short)strtoul(end + 1, &end, 10);
	if (*end != '\0' || size.ws_col == 0 || ioctl(session->master_fd, TIOCSWINSZ, &size) < 0)
		fail(session, "cannot set size", text);
}

/* Takes in what the terminal shows; waits for it at most so long. */
static bool take_output(struct session *session, int milliseconds)
{
	struct pollfd master = { .fd = session->master_fd, .events = POLLIN };
	char buffer[4096], *grown;
	ssize_t n;

	if (poll(&master, 1, milliseconds) <= 0)
		return false;
	n = read(session->master_fd, buffer, sizeof(buffer));
	if (n <= 0)
		return false;
	grown = realloc(session->shown, session->length + (size_t)n);
	if (!grown)
		abort();
	session->shown = grown;
	memcpy(session->shown + session->length, buffer, (size_t)n);
	session->length += (size_t)n;
	return true;
}

static void expect(struct session *session, const char *text)
{
	for (;;) {
		char *found = session->length == 0 ? NULL
						   : memmem(session->shown + session->expected,
							    session->length - session->expected,
							    text, strlen(text));

		if (found) {
			session->expected = (size_t)(found - session->shown) + strlen(text);
			return;
		}
		if (now() >= session->deadline)
			fail(session, "was not shown:", text);
		(void)take_output(session, 100);
	}
}

static size_t unescape(const char *text, char *out)
{
	size_t length = 0;

	for (; *text; text++) {
		char digits[3] = "";

		if (text[0] != '\\' || text[1] == '\0') {
			out[length++] = *text;
			continue;
		}
		text++;
		switch (*text) {
		case 'r':
			out[length++] = '\r';
			break;
		case 'n':
			out[length++] = '\n';
			break;
		case 't':
			out[length++] = '\t';
			break;
		case 'x':
			(void)strncat(digits, text + 1, 2);
			out[length++] = (char)strtol(digits, NULL, 16);
			text += strlen(digits);
			break;
		default:
			out[length++] = *text;
		}
	}
	return length;
}

static void type(struct session *session, const char *text)
{
	char *bytes = malloc(strlen(text) + 1);
	size_t length;

	if (!bytes)
		abort();
	length = unescape(text, bytes);
	if (write(session->master_fd, bytes, length) != (ssize_t)length)
		fail(session, "cannot type", text);
	free(bytes);
}

static void note_mode(const struct session *session, const char *label)
{
	struct termios mode;
	bool is_cooked;

	if (tcgetattr(session->slave_fd, &mode) < 0)
		return;
	is_cooked = (mode.c_lflag & ICANON) && (mode.c_lflag & ECHO) && (mode.c_lflag & ISIG) &&
		    (mode.c_oflag & OPOST);
	(void)fprintf(stderr, "%s: %s\n", label,
		      is_cooked				  ? "cooked"
		      : !(mode.c_lflag & (ICANON | ISIG)) ? "raw"
							  : "mixed");
}

static void wait_milliseconds(struct session *session, const char *text)
{
	struct timespec start, current;
	long wanted = strtol(text, NULL, 10), passed = 0;

	(void)clock_gettime(CLOCK_MONOTONIC, &start);
	while (passed < wanted) {
		if (!take_output(session, (int)(wanted - passed)))
			(void)poll(NULL, 0, 5);
		(void)clock_gettime(CLOCK_MONOTONIC, &current);
		passed = (current.tv_sec - start.tv_sec) * 1000 +
			 (current.tv_nsec - start.tv_nsec) / 1000000;
	}
}

static void step_run(struct session *session, const char *verb, const char *argument)
{
	if (strcmp(verb, "size") == 0)
		set_size(session, argument);
	else if (strcmp(verb, "expect") == 0)
		expect(session, argument);
	else if (strcmp(verb, "send") == 0)
		type(session, argument);
	else if (strcmp(verb, "signal") == 0)
		(void)kill(session->child, (int)strtol(argument, NULL, 10));
	else if (strcmp(verb, "pause") == 0)
		wait_milliseconds(session, argument);
	else if (strcmp(verb, "idle") == 0)
		(void)poll(NULL, 0, (int)strtol(argument, NULL, 10));
	else
		fail(session, "does not know", verb);
}

static _Noreturn void child_run(const struct session *session, char **command)
{
	if (setsid() < 0 || ioctl(session->slave_fd, TIOCSCTTY, 0) < 0)
		_exit(STATUS_FAILED);
	for (int fd = 0; fd <= 2; fd++)
		(void)dup2(session->slave_fd, fd);
	(void)execvp(command[0], command);
	_exit(127);
}

static void session_open(struct session *session)
{
	session->master_fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (session->master_fd < 0 || grantpt(session->master_fd) < 0 ||
	    unlockpt(session->master_fd) < 0)
		fail(session, "cannot make", "a terminal");
	session->slave_fd = ioctl(session->master_fd, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (session->slave_fd < 0)
		fail(session, "cannot open", "the terminal");
	set_size(session, "24x80");
}

static int finish(struct session *session)
{
	int status = 0;

	while (waitpid(session->child, &status, WNOHANG) == 0) {
		if (now() >= session->deadline)
			fail(session, "has not ended:", "the command");
		(void)take_output(session, 20);
	}
	while (take_output(session, 50))
		;
	note_mode(session, "mode at end");
	if (session->length > 0)
		(void)fwrite(session->shown, 1, session->length, stdout);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int steps_run(struct session *session, char **words, int count)
{
	int i = 0;

	while (i < count) {
		if (strcmp(words[i], "mode") == 0) {
			note_mode(session, "mode");
			i++;
		} else if (i + 1 < count) {
			step_run(session, words[i], words[i + 1]);
			i += 2;
		} else {
			fail(session, "has no argument for", words[i]);
		}
	}
	return finish(session);
}

int main(int argc, char **argv)
{
	struct session session = { .child = -1, .deadline = now() + factor() * LIMIT_SECONDS };
	int command = 1, first = 1, status = STATUS_FAILED;

	while (command < argc && strcmp(argv[command], "--") != 0)
		command++;
	if (command + 1 >= argc)
		return STATUS_FAILED;
	session_open(&session);
	/* A size that comes first is there from the start. */
	if (command > 2 && strcmp(argv[1], "size") == 0) {
		set_size(&session, argv[2]);
		first = 3;
	}
	session.child = fork();
	if (session.child == 0)
		child_run(&session, argv + command + 1);
	if (session.child > 0)
		status = steps_run(&session, argv + first, command - first);
	free(session.shown);
	return status;
}
