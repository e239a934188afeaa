/* Theory of operation.
 *
 * The child is a copy of the supervisor until it executes the proxy: it holds secrets, is root, and
 * not dumpable. All it does as root is to wait for one descriptor from the setup child. It becomes
 * the caller like every helper, and dies with the supervisor from then on; execve(2) keeps that,
 * since it gives no rights. The proxy itself is a program of the caller's as any other: they can
 * stop it, end it, and look into it, where they find nothing but the buses they have anyway, and
 * the directory with its sockets.
 *
 * Its life is bound to ours three times: by the signal of its parent's death, by the pipe that only
 * we hold the other end of, and by SIGKILL at our end. */
#include "runtime/bus_proxy.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/fd.h"
#include "base/log.h"
#include "init/control.h"
#include "mounts/caller.h"

/* It takes hundredths of a second; more is for a machine that has others to serve. */
#define START_MILLISECONDS 5000

/* The descriptors that the proxy has, beside the standard ones. */
enum { PROXY_DIRECTORY_FD = 3, PROXY_READY_FD, PROXY_FD_COUNT };

struct command {
	struct arena arena;
	char **words;
	size_t count;
};

static void command_add(struct command *command, const char *word)
{
	command->words = arena_grow(&command->arena, command->words, command->count,
				    sizeof(*command->words));
	command->words[command->count++] = (char *)word;
}

/* Never freed: the process becomes another program. */
static char **command_build(const struct bus_list *buses)
{
	struct command command = { 0 };

	command_add(&command, buses->items[0].program);
	command_add(&command, arena_printf(&command.arena, "--fd=%d", PROXY_READY_FD));
	for (size_t i = 0; i < buses->count; i++) {
		const struct bus *bus = &buses->items[i];

		command_add(&command, bus->address);
		command_add(&command, arena_printf(&command.arena, "/proc/self/fd/%d/%s",
						   PROXY_DIRECTORY_FD, bus->socket));
		for (const char *const *word = bus->filter; *word; word++)
			command_add(&command, *word);
	}
	command_add(&command, NULL);
	return command.words;
}

/* -EPIPE: the set-up has ended before, and has said why. */
static int receive_directory(int socket_fd)
{
	size_t fd_count = 0;
	char packet;
	int fd = -1;
	ssize_t n = fd_receive(socket_fd, &packet, sizeof(packet), &fd, 1, &fd_count);

	return n == sizeof(packet) && fd_count == 1 ? fd : -EPIPE;
}

/* Neither the signals of the caller's terminal nor a mask or a disposition of ours reach it, and
 * the caller's directory is not held. */
static int settle(void)
{
	sigset_t none;

	(void)sigemptyset(&none);
	(void)signal(SIGPIPE, SIG_DFL);
	(void)signal(SIGXFSZ, SIG_DFL);
	(void)umask(077);
	if (setsid() < 0 || chdir("/") < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    sigprocmask(SIG_SETMASK, &none, NULL) < 0)
		return -errno;
	return 0;
}

/* What it has to say is for those who ask: it would stand in the middle of a program's screen. */
static int arrange_descriptors(int directory_fd, int ready_fd)
{
	const int first = PROXY_FD_COUNT;
	int null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	int last = log_is_debug() ? STDOUT_FILENO : STDERR_FILENO;

	/* Out of the way of the numbers they are to have; dup2() then clears close-on-exec. */
	directory_fd = fcntl(directory_fd, F_DUPFD_CLOEXEC, first);
	ready_fd = fcntl(ready_fd, F_DUPFD_CLOEXEC, first);
	if (null_fd < 0 || directory_fd < 0 || ready_fd < 0 ||
	    dup2(directory_fd, PROXY_DIRECTORY_FD) < 0 || dup2(ready_fd, PROXY_READY_FD) < 0)
		return -errno;
	for (int fd = STDIN_FILENO; fd <= last; fd++)
		if (dup2(null_fd, fd) < 0)
			return -errno;
	return fd_close_from(PROXY_FD_COUNT);
}

_Noreturn void bus_proxy_exec(const struct plan *plan, int directory_socket_fd, int ready_fd,
			      pid_t parent)
{
	char *environment[] = { NULL };
	char **command = command_build(&plan->buses);
	int directory_fd = receive_directory(directory_socket_fd);
	int r = directory_fd < 0 ? directory_fd : 0;

	r = r ?: settle();
	r = r ?: caller_become(plan->caller, parent);
	r = r ?: arrange_descriptors(directory_fd, ready_fd);
	if (r == 0) {
		(void)execve(command[0], command, environment);
		r = -errno;
	}
	if (r != -EPIPE && r != -ESRCH)
		(void)log_debug_errno(r, "cannot start '%s'", command[0]);
	_exit(CONTROL_EXIT_FAILURE);
}

void bus_proxy_start(struct bus_proxy *proxy, pid_t pid, int ready_fd)
{
	*proxy = (struct bus_proxy) {
		.pid = pid,
		.ready_fd = ready_fd,
		.deadline = clock_milliseconds() + START_MILLISECONDS,
	};
}

bool bus_proxy_is_awaited(const struct bus_proxy *proxy)
{
	return proxy->ready_fd >= 0 && !proxy->is_listening;
}

int bus_proxy_timeout(const struct bus_proxy *proxy)
{
	int64_t left = proxy->deadline - clock_milliseconds();

	if (!bus_proxy_is_awaited(proxy))
		return -1;
	return left > 0 ? (int)left : 0;
}

void bus_proxy_listen(struct bus_proxy *proxy)
{
	struct pollfd ready = { .fd = proxy->ready_fd, .events = POLLIN };
	char byte;

	if (!bus_proxy_is_awaited(proxy))
		return;
	if (poll(&ready, 1, 0) > 0)
		proxy->is_listening = read(proxy->ready_fd, &byte, 1) == 1;
	else if (bus_proxy_timeout(proxy) > 0)
		return;
	if (!proxy->is_listening)
		bus_proxy_finish(proxy);
}

void bus_proxy_reap(struct bus_proxy *proxy)
{
	if (proxy->pid > 0 && waitpid(proxy->pid, NULL, WNOHANG) != 0)
		proxy->pid = -1;
}

void bus_proxy_finish(struct bus_proxy *proxy)
{
	cleanup_close(&proxy->ready_fd);
	proxy->ready_fd = -1;
	if (proxy->pid > 0) {
		child_kill(proxy->pid);
		proxy->pid = -1;
	}
}
