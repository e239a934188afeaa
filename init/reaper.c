#include "init/reaper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "init/message.h"
#include "init/packet.h"

/* The loop goes on; every other value is the exit status. */
#define STATUS_NONE (-1)

/* The kernel's sigset_t and its number of signals; the C library hides two or three of them. */
#define KERNEL_SIGSET_SIZE 8
#define KERNEL_SIGNAL_MAX 64

/* An ignored signal stays ignored across execve: SIGPIPE would be so in the payload, and with
 * SIGCHLD ignored the kernel would reap for us and throw the status away. All bytes zero is SIG_DFL
 * in the kernel's struct sigaction; sigaction() refuses the signals that the C library keeps for
 * itself. */
static int signals_reset(void)
{
	static const unsigned long default_action[8];

	for (int i = 1; i <= KERNEL_SIGNAL_MAX; i++) {
		if (i == SIGKILL || i == SIGSTOP)
			continue;
		if (syscall(SYS_rt_sigaction, i, default_action, NULL, KERNEL_SIGSET_SIZE) < 0)
			return message_error(errno, "reset signals");
	}
	return 0;
}

/* Only SIGCHLD is read. The others are blocked all the same: SIGTTOU, so that tcsetpgrp() works
 * from the background, and all of them because the child must not meet one before it is the
 * payload. */
static int signals_block(int *ret_signal_fd)
{
	sigset_t all, child;
	int fd;

	(void)sigfillset(&all);
	(void)sigemptyset(&child);
	(void)sigaddset(&child, SIGCHLD);
	if (sigprocmask(SIG_SETMASK, &all, NULL) < 0)
		return message_error(errno, "block signals");
	fd = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		return message_error(errno, "watch for signals");
	*ret_signal_fd = fd;
	return 0;
}

/* Above 2, so that nothing of ours sits where the standard streams will be. */
static int null_open(int *ret_null_fd)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd < 0)
		return message_error(errno, "open '/dev/null'");
	*ret_null_fd = fd;
	return 0;
}

int reaper_open(struct reaper *reaper, int control_fd)
{
	int r = 0;

	*reaper = (struct reaper) {
		.control_fd = control_fd,
		.signal_fd = -1,
		.null_fd = -1,
		.payload = { .pid = 0, .terminal_fd = -1 },
	};
	r = r ?: signals_reset();
	r = r ?: null_open(&reaper->null_fd);
	r = r ?: signals_block(&reaper->signal_fd);
	return r;
}

/* Without waiting: a supervisor that does not read must not keep PID 1 from reaping. A report is
 * lost only when hundreds are unread, by a payload that stops and continues itself on purpose. */
static void stop_report(const struct reaper *reaper, int signal_number)
{
	struct control_message message = { .type = CONTROL_STOPPED, .value = signal_number };

	(void)send(reaper->control_fd, &message, sizeof(message), MSG_DONTWAIT | MSG_NOSIGNAL);
}

static int children_reap(const struct reaper *reaper)
{
	for (;;) {
		int status = 0;
		pid_t pid = waitpid(-1, &status, WNOHANG | WUNTRACED);

		if (pid <= 0)
			return STATUS_NONE;
		if (pid != reaper->payload.pid)
			continue;
		if (WIFEXITED(status))
			return WEXITSTATUS(status);
		if (WIFSIGNALED(status))
			return 128 + WTERMSIG(status);
		if (WIFSTOPPED(status))
			stop_report(reaper, WSTOPSIG(status));
	}
}

/* From here on PID 1 says nothing and holds nothing of the host but the control socket. */
static void standard_streams_forget(struct reaper *reaper)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		(void)dup2(reaper->null_fd, fd);
	(void)close(reaper->null_fd);
	reaper->null_fd = -1;
}

/* There is one payload; a second SPAWN is not answered. */
static int spawn_handle(struct reaper *reaper, const struct packet *packet)
{
	if (reaper->payload.pid != 0)
		return STATUS_NONE;
	if (payload_start(&reaper->payload, packet->fds) < 0)
		return CONTROL_EXIT_FAILURE;
	standard_streams_forget(reaper);
	return STATUS_NONE;
}

static int packet_handle(struct reaper *reaper, const struct packet *packet)
{
	switch (packet->message.type) {
	case CONTROL_SPAWN:
		return spawn_handle(reaper, packet);
	case CONTROL_CONTINUE:
		payload_continue(&reaper->payload);
		return STATUS_NONE;
	case CONTROL_SIGNAL:
		payload_signal(&reaper->payload, packet->message.value);
		return STATUS_NONE;
	default:
		return STATUS_NONE;
	}
}

static int control_handle(struct reaper *reaper)
{
	struct packet packet;
	int r, status;

	r = packet_receive(reaper->control_fd, &packet);
	if (r < 0)
		return CONTROL_EXIT_FAILURE; /* the supervisor is gone, and the sandbox with it */
	if (r == 0)
		return STATUS_NONE;
	status = packet_handle(reaper, &packet);
	packet_close(&packet);
	return status;
}

int reaper_run(struct reaper *reaper)
{
	struct pollfd events[] = {
		{ .fd = reaper->signal_fd, .events = POLLIN },
		{ .fd = reaper->control_fd, .events = POLLIN },
	};
	struct signalfd_siginfo info;
	int status = STATUS_NONE;

	/* PID 1 must not fail here: its death would kill the sandbox. What is not understood is
	 * ignored, and what ends the loop is meant to end the sandbox. So is the one failure there
	 * is: poll() says EINVAL after somebody inside has lowered PID 1's limit of descriptors,
	 * and would say it for ever. */
	while (status == STATUS_NONE) {
		if (poll(events, 2, -1) < 0) {
			if (errno != EINTR)
				return CONTROL_EXIT_FAILURE;
			continue;
		}
		/* Children first: the payload's own status wins over a hang-up that follows it. */
		if (events[0].revents) {
			(void)!read(reaper->signal_fd, &info, sizeof(info));
			status = children_reap(reaper);
		}
		if (status == STATUS_NONE && events[1].revents)
			status = control_handle(reaper);
	}
	return status;
}
