#include "runtime/console.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"

/* Group "tty" of the sandbox, as in its devpts. */
#define TTY_GROUP 5

/* How long a terminal may take nothing before the last words for it are dropped. */
#define PATIENCE_MILLISECONDS 500

/* How long the terminal of a payload that is gone may be silent before that is its end, and how
 * long it may go on without us being late with writing. */
#define DRAIN_SILENCE_MILLISECONDS 100
#define DRAIN_MILLISECONDS 1000

/* The kernel keeps less than this of what has been written to a terminal. */
#define LAST_OUTPUT_MAXIMUM (256UL * 1024)

static int access_mode(int fd)
{
	return fcntl(fd, F_GETFL) & O_ACCMODE;
}

/* A description of our own, so that O_NONBLOCK does not reach the shell's; where the terminal
 * cannot be opened anew the old one serves. Root opens what the caller holds, so never for more:
 * neither to read what they may only write, nor once the terminal was hung up and belongs to
 * somebody else's session. The old descriptor tells that, looked at afterwards. */
static int reopen_terminal(int fd)
{
	AUTO_CLOSE int opened = -1;
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	opened = open(path, access_mode(fd) | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (!isatty(fd))
		return -EIO;
	return opened >= 0 ? take_fd(&opened) : fcntl(fd, F_DUPFD_CLOEXEC, 3);
}

/* The first that may be written to, in the order in which they are looked at. */
static int find_output(const bool is_terminal[static 3])
{
	static const int order[] = { 1, 2, 0 };

	for (size_t i = 0; i < ARRAY_LENGTH(order); i++)
		if (is_terminal[order[i]] && access_mode(order[i]) != O_RDONLY)
			return order[i];
	return -1;
}

static bool is_same_terminal(int a, int b)
{
	struct stat st_a, st_b;

	return fstat(a, &st_a) == 0 && fstat(b, &st_b) == 0 && st_a.st_rdev == st_b.st_rdev;
}

static int open_slave(struct console *console, uid_t owner)
{
	console->slave_fd = ioctl(console->master_fd, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (console->slave_fd < 0)
		return log_error_errno(errno, "cannot open the payload's terminal");
	if (fchown(console->slave_fd, owner, TTY_GROUP) < 0)
		return log_error_errno(errno, "cannot give the payload its terminal");
	return 0;
}

/* A newline is made a carriage return and a newline once, by the outer terminal where that keeps
 * doing so. */
static int slave_settle(const struct console *console)
{
	struct termios mode;

	if (!console->keeps_output_processing)
		return 0;
	if (tcgetattr(console->slave_fd, &mode) < 0)
		return log_error_errno(errno, "cannot read the mode of the payload's terminal");
	mode.c_oflag &= ~(tcflag_t)OPOST;
	(void)tcsetattr(console->slave_fd, TCSANOW, &mode);
	return 0;
}

int console_open(struct console *console, int master_fd, const bool is_terminal[static 3],
		 uid_t owner)
{
	int output = find_output(is_terminal), r;

	console->master_fd = master_fd;
	r = open_slave(console, owner);
	if (r < 0)
		return r;
	/* Where there is none, what the payload shows is dropped. */
	console->output_fd = output < 0 ? -1 : reopen_terminal(output);
	if (output >= 0 && console->output_fd < 0)
		return log_error_errno(console->output_fd, "cannot open the terminal");
	if (!is_terminal[0] || access_mode(0) == O_WRONLY) {
		console->keeps_output_processing = true;
		return slave_settle(console);
	}
	console->input_fd = reopen_terminal(0);
	if (console->input_fd < 0 || tcgetattr(console->input_fd, &console->saved) < 0)
		return log_error_errno(errno, "cannot open the terminal");
	/* Somebody else writes to this terminal, `… | cat`: they need their newlines processed. */
	console->keeps_output_processing = !is_terminal[1] || !is_same_terminal(0, 1);
	/* Erase and interrupt characters, UTF-8 mode and the like are as the caller set them. */
	(void)tcsetattr(console->slave_fd, TCSANOW, &console->saved);
	return slave_settle(console);
}

/* A job in the background that changes the terminal is stopped (SIGTTOU); a terminal that is not
 * ours to control has no such job. */
static bool is_foreground(int fd)
{
	pid_t group = tcgetpgrp(fd);

	return group < 0 || group == getpgrp();
}

/* Writes all of it, unless the terminal takes nothing for too long. */
static void write_patiently(int fd, const char *data, size_t length)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLOUT };

	while (length > 0 && poll(&poll_fd, 1, PATIENCE_MILLISECONDS) > 0) {
		ssize_t n = write(fd, data, length);

		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return;
		if (n > 0) {
			data += n;
			length -= (size_t)n;
		}
	}
}

static void print_modes(const struct console *console,
			void (*print)(const struct terminal_modes *modes, FILE *stream))
{
	AUTO_FREE char *data = NULL;
	size_t length = 0;
	FILE *stream = open_memstream(&data, &length);

	if (!stream)
		return;
	print(&console->modes, stream);
	if (fclose(stream) == 0)
		write_patiently(console->output_fd, data, length);
}

void console_enter(struct console *console)
{
	struct termios raw = console->saved;

	console_resize(console);
	if (console->is_suspended)
		print_modes(console, terminal_modes_print_restore);
	console->is_suspended = false;
	if (console->input_fd < 0)
		return;
	cfmakeraw(&raw);
	if (console->keeps_output_processing)
		raw.c_oflag = console->saved.c_oflag;
	if (tcsetattr(console->input_fd, TCSANOW, &raw) == 0)
		console->is_raw = true;
}

/* TCSANOW: what has been written is processed already, and a terminal that takes no more must not
 * make us wait. */
void console_leave(struct console *console)
{
	/* Whoever has the terminal now has set it up for themselves. */
	if (console->output_fd < 0 || !is_foreground(console->output_fd))
		return;
	print_modes(console, terminal_modes_print_reset);
	console->is_suspended = true;
	if (console->is_raw) {
		/* What was typed for the payload, and the terminal's answers to it, is not for the
		 * shell. */
		(void)tcflush(console->input_fd, TCIFLUSH);
		(void)tcsetattr(console->input_fd, TCSANOW, &console->saved);
	}
	console->is_raw = false;
}

void console_finish(struct console *console)
{
	console_leave(console);
	cleanup_close(&console->master_fd);
	cleanup_close(&console->slave_fd);
	cleanup_close(&console->input_fd);
	cleanup_close(&console->output_fd);
	console->master_fd = console->slave_fd = console->input_fd = console->output_fd = -1;
}

void console_resize(const struct console *console)
{
	struct winsize size;

	if (ioctl(console->output_fd, TIOCGWINSZ, &size) == 0)
		(void)ioctl(console->master_fd, TIOCSWINSZ, &size);
}

void console_poll(const struct console *console, struct pollfd polls[static CONSOLE_POLL_COUNT])
{
	const struct console_buffer *in = &console->to_payload, *out = &console->to_terminal;

	short events = (short)((out->length < sizeof(out->data) ? POLLIN : 0) |
			       (in->length > 0 ? POLLOUT : 0));

	/* A master that hung up is always ready, whatever is asked for. */
	polls[CONSOLE_POLL_MASTER] = (struct pollfd) {
		.fd = console->is_ended || events == 0 ? -1 : console->master_fd,
		.events = events,
	};
	polls[CONSOLE_POLL_INPUT] = (struct pollfd) {
		.fd = in->length < sizeof(in->data) && !console->is_hung_up ? console->input_fd
									    : -1,
		.events = POLLIN,
	};
	polls[CONSOLE_POLL_OUTPUT] = (struct pollfd) {
		.fd = out->length > 0 ? console->output_fd : -1,
		.events = POLLOUT,
	};
}

/* Fills the buffer as far as there is something to read. Returns false at the end of the stream. */
static bool buffer_fill(struct console_buffer *buffer, int fd)
{
	while (fd >= 0 && buffer->length < sizeof(buffer->data)) {
		ssize_t n = read(fd, buffer->data + buffer->length,
				 sizeof(buffer->data) - buffer->length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 && errno == EAGAIN;
		buffer->length += (size_t)n;
		/* Without O_NONBLOCK a second read might wait. */
		if (!(fcntl(fd, F_GETFL) & O_NONBLOCK))
			break;
	}
	return true;
}

/* Writes what can be written, and returns how much; when nobody reads the other side any more the
 * bytes are dropped. */
static size_t buffer_drain(struct console_buffer *buffer, int fd)
{
	size_t written = 0;

	while (written < buffer->length) {
		ssize_t n = write(fd, buffer->data + written, buffer->length - written);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno != EAGAIN)
			buffer->length = written;
		if (n < 0)
			break;
		written += (size_t)n;
	}
	return written;
}

static void buffer_consume(struct console_buffer *buffer, size_t count)
{
	buffer->length -= count;
	memmove(buffer->data, buffer->data + count, buffer->length);
}

static bool is_readable(int fd)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

	return fd >= 0 && poll(&poll_fd, 1, 0) > 0;
}

/* All processes inside are gone. Whoever still writes is outside and got the terminal from them:
 * they cannot keep us. */
static bool is_too_much(struct console *console, size_t length_before)
{
	size_t count = console->to_terminal.length - length_before;

	if (!console->is_hung_up)
		return false;
	console->output_left -= count < console->output_left ? count : console->output_left;
	return console->output_left == 0;
}

bool console_pump(struct console *console)
{
	struct console_buffer *in = &console->to_payload, *out = &console->to_terminal;
	size_t before = out->length, written;

	if (!console->is_hung_up && is_readable(console->input_fd) &&
	    !buffer_fill(in, console->input_fd)) {
		/* The terminal hung up; SIGHUP says the rest. */
		cleanup_close(&console->input_fd);
		console->input_fd = -1;
		console->is_raw = false;
	}
	buffer_consume(in, buffer_drain(in, console->master_fd));
	if (!console->is_ended)
		console->is_ended =
			!buffer_fill(out, console->master_fd) || is_too_much(console, before);
	written = buffer_drain(out, console->output_fd);
	terminal_modes_scan(&console->modes, out->data, written);
	buffer_consume(out, written);
	return !console->is_ended || out->length > 0;
}

void console_hang_up(struct console *console)
{
	cleanup_close(&console->slave_fd);
	console->slave_fd = -1;
	console->to_payload.length = 0;
	console->is_hung_up = true;
	console->output_left = LAST_OUTPUT_MAXIMUM;
}

void console_drain(struct console *console, int signal_fd)
{
	struct signalfd_siginfo info;
	int64_t patience = DRAIN_MILLISECONDS;

	if (console->master_fd < 0)
		return;
	console_hang_up(console);
	while (console_pump(console) && patience > 0) {
		struct pollfd polls[1 + CONSOLE_POLL_COUNT] = {
			{ .fd = signal_fd, .events = POLLIN },
		};
		bool is_written = console->to_terminal.length == 0;
		int64_t before = clock_milliseconds();

		console_poll(console, &polls[1]);
		if (poll(polls, 1 + CONSOLE_POLL_COUNT,
			 is_written ? DRAIN_SILENCE_MILLISECONDS : -1) == 0)
			return;
		if (is_written)
			patience -= clock_milliseconds() - before;
		while (read(signal_fd, &info, sizeof(info)) == sizeof(info))
			if (info.ssi_signo != SIGWINCH && info.ssi_signo != SIGCHLD)
				return;
	}
}
