#include "init/payload.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "init/message.h"
#include "init/program.h"
#include "init/request.h"

/* --- in the child: each of these returns 0, or a negative errno after saying why --- */

/* stderr first: from then on errors are seen where the payload's own would be. */
static int standard_streams_apply(const int *fds)
{
	if (dup2(fds[CONTROL_SPAWN_STDERR], STDERR_FILENO) < 0 ||
	    dup2(fds[CONTROL_SPAWN_STDIN], STDIN_FILENO) < 0 ||
	    dup2(fds[CONTROL_SPAWN_STDOUT], STDOUT_FILENO) < 0)
		return message_error(errno, "set up the standard streams");
	return 0;
}

/* Also done by PID 1, whoever is first. SIGTTOU is blocked here, so that a process of the
 * background may give the terminal to itself; PID 1 does not repeat this one, because when it comes
 * late the payload may have given the terminal to a job of its own. */
static int foreground_enter(int terminal_fd)
{
	if (setpgid(0, 0) < 0)
		return message_error(errno, "create a process group");
	if (terminal_fd >= 0 && tcsetpgrp(terminal_fd, getpid()) < 0)
		return message_error(errno, "take the terminal");
	return 0;
}

/* The strings stay in the mapping up to the exec. It is only read, which any seal allows. */
static int request_load(int request_fd, struct request *ret_request)
{
	struct stat info;
	void *data;
	int r;

	if (fstat(request_fd, &info) < 0)
		return message_error(errno, "read the request");
	if (info.st_size <= 0)
		return message_error(EINVAL, "read the request");
	data = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, request_fd, 0);
	if (data == MAP_FAILED)
		return message_error(errno, "read the request");
	r = request_parse(data, (size_t)info.st_size, ret_request);
	return r < 0 ? message_error(-r, "read the request") : 0;
}

static int vectors_build(const struct request *request, struct request_vectors *ret_vectors)
{
	size_t size = request_pointer_count(request) * sizeof(char *);
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return message_error(errno, "prepare the arguments");
	request_fill(request, memory, ret_vectors);
	return 0;
}

static int descriptors_close(void)
{
	if (syscall(SYS_close_range, STDERR_FILENO + 1, UINT_MAX, 0) < 0)
		return message_error(errno, "close descriptors");
	return 0;
}

static int directory_enter(const char *directory)
{
	int error;

	if (chdir(directory) == 0)
		return 0;
	error = errno;
	message_write("change to directory", directory, strerror(error));
	return -error;
}

/* What came in meanwhile is delivered now, to default dispositions. */
static int signals_unblock(void)
{
	sigset_t none;

	(void)sigemptyset(&none);
	if (sigprocmask(SIG_SETMASK, &none, NULL) < 0)
		return message_error(errno, "unblock signals");
	return 0;
}

static _Noreturn void payload_run(const int *fds)
{
	struct request_vectors vectors = { 0 };
	struct request request = { .directory = "" };
	int r = 0;

	r = r ?: standard_streams_apply(fds);
	r = r ?: foreground_enter(fds[CONTROL_SPAWN_TTY]);
	r = r ?: request_load(fds[CONTROL_SPAWN_REQUEST], &request);
	r = r ?: vectors_build(&request, &vectors);
	r = r ?: descriptors_close();
	r = r ?: directory_enter(request.directory);
	r = r ?: signals_unblock();
	if (r < 0)
		_exit(CONTROL_EXIT_FAILURE);
	_exit(program_execute(vectors.arguments, vectors.environment));
}

/* --- in PID 1 --- */

int payload_start(struct payload *payload, const int fds[CONTROL_SPAWN_FDS_MAX])
{
	int terminal_fd = -1;
	pid_t pid;

	for (size_t i = CONTROL_SPAWN_REQUEST; i <= CONTROL_SPAWN_STDERR; i++) {
		if (fds[i] < 0)
			return message_error(EBADF, "start the payload");
	}
	if (fds[CONTROL_SPAWN_TTY] >= 0) {
		terminal_fd = fcntl(fds[CONTROL_SPAWN_TTY], F_DUPFD_CLOEXEC, 0);
		if (terminal_fd < 0 || ioctl(terminal_fd, TIOCSCTTY, 0) < 0)
			return message_error(errno, "make the terminal the session's");
	}
	pid = fork();
	if (pid < 0)
		return message_error(errno, "start the payload");
	if (pid == 0)
		payload_run(fds);

	/* So that a signal to the group cannot come before there is one. EACCES: it has called
	 * execve already, and so has a group. */
	(void)setpgid(pid, pid);
	*payload = (struct payload) { .pid = pid, .terminal_fd = terminal_fd };
	return 0;
}

static bool is_from_terminal(int signal_number)
{
	return signal_number == SIGINT || signal_number == SIGQUIT || signal_number == SIGHUP;
}

void payload_signal(const struct payload *payload, int signal_number)
{
	/* kill() with 0 or less than 0 would mean everybody. */
	if (payload->pid <= 1 || signal_number <= 0 || signal_number >= NSIG)
		return;
	(void)kill(is_from_terminal(signal_number) ? -payload->pid : payload->pid, signal_number);
}

void payload_continue(const struct payload *payload)
{
	if (payload->pid <= 1)
		return;
	if (payload->terminal_fd >= 0)
		(void)tcsetpgrp(payload->terminal_fd, payload->pid);
	(void)kill(-payload->pid, SIGCONT);
}
