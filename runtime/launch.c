#include "runtime/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/log.h"
#include "init/image.h"
#include "mounts/source.h"
#include "runtime/bus_proxy.h"
#include "runtime/setup_child.h"

/* What the processes are given: closed here once they run, so that either side sees the other's
 * end. */
struct channels {
	int control_fds[2]; /* ours, the setup child's */
	int source_fds[2];  /* the setup child's, the helper's */
	int image_fd;
	int bus_fds[2];	  /* the setup child's, the bus proxy's; -1 without one */
	int ready_fds[2]; /* ours, the bus proxy's; a pipe */
};

#define CHANNELS_EMPTY                                  \
	{                                               \
		{ -1, -1 }, { -1, -1 }, -1, { -1, -1 }, \
		{                                       \
			-1, -1                          \
		}                                       \
	}

static void close_one(int fd)
{
	if (fd >= 0)
		(void)close(fd);
}

static void close_both(const int fds[static 2])
{
	close_one(fds[0]);
	close_one(fds[1]);
}

static void channels_finish(struct channels *channels)
{
	for (size_t i = 0; i < 2; i++) {
		cleanup_close(&channels->control_fds[i]);
		cleanup_close(&channels->source_fds[i]);
		cleanup_close(&channels->bus_fds[i]);
		cleanup_close(&channels->ready_fds[i]);
	}
	cleanup_close(&channels->image_fd);
}

static int channels_open(struct channels *channels, bool has_buses)
{
	size_t length = (size_t)(init_image_end - init_image_start);

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, channels->control_fds) < 0 ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, channels->source_fds) < 0)
		return log_error_errno(errno, "cannot make a socket");
	if (has_buses &&
	    (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, channels->bus_fds) < 0 ||
	     pipe2(channels->ready_fds, O_CLOEXEC) < 0))
		return log_error_errno(errno, "cannot make a socket for the buses");
	channels->image_fd = fd_sealed_memory("claude-sandbox-init", FD_MEMORY_EXECUTABLE,
					      init_image_start, length);
	if (channels->image_fd < 0)
		return log_error_errno(channels->image_fd, "cannot make init's memory file");
	return 0;
}

static int start_setup_child(const struct plan *plan, struct channels *channels,
			     struct launch *launch)
{
	struct clone_args arguments = {
		.flags = CLONE_PIDFD | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS |
			 (plan->private_network ? CLONE_NEWNET : 0U),
		.pidfd = (uint64_t)(uintptr_t)&launch->pid_fd,
		.exit_signal = SIGCHLD,
	};
	struct setup_fds fds = {
		.control_fd = channels->control_fds[1],
		.sources_fd = channels->source_fds[0],
		.image_fd = channels->image_fd,
		.bus_fd = channels->bus_fds[0],
	};
	long pid = syscall(SYS_clone3, &arguments, sizeof(arguments));

	if (pid < 0)
		return log_error_errno(errno, "cannot make the sandbox's namespaces");
	if (pid == 0) {
		(void)close(channels->control_fds[0]);
		(void)close(channels->source_fds[1]);
		close_one(channels->bus_fds[1]);
		close_both(channels->ready_fds);
		setup_child_main(plan, &fds);
	}
	launch->child = (pid_t)pid;
	return 0;
}

/* Before the setup child misses the helper, and says so, too. */
static int fail_helper(const struct launch *launch, int error)
{
	(void)syscall(SYS_pidfd_send_signal, launch->pid_fd, SIGKILL, NULL, 0U);
	return log_error_errno(error, "cannot start a helper");
}

/* A child of ours, not of the setup child: inside, the payload is to be the second process. */
static int start_source_helper(const struct plan *plan, struct channels *channels,
			       struct launch *launch)
{
	struct source_sandbox sandbox = { .pid = launch->child, .pid_fd = launch->pid_fd };
	pid_t parent = getpid(), pid = fork();

	if (pid < 0)
		return fail_helper(launch, errno);
	if (pid == 0) {
		log_set_role("source");
		(void)close(channels->control_fds[0]);
		(void)close(channels->control_fds[1]);
		(void)close(channels->source_fds[0]);
		close_both(channels->bus_fds);
		close_one(channels->ready_fds[1]);
		close_one(launch->bus_ready_fd);
		_exit(source_list_serve(&plan->sources, plan->caller, &sandbox,
					channels->source_fds[1], parent));
	}
	launch->helper = pid;
	return 0;
}

/* Waits for what the setup child has for it, which comes first of all. */
static int start_bus_proxy(const struct plan *plan, struct channels *channels,
			   struct launch *launch)
{
	pid_t parent = getpid(), pid;

	if (plan->buses.count == 0)
		return 0;
	pid = fork();
	if (pid < 0)
		return fail_helper(launch, errno);
	if (pid == 0) {
		log_set_role("bus");
		close_both(channels->control_fds);
		close_both(channels->source_fds);
		close_one(channels->bus_fds[0]);
		close_one(channels->ready_fds[0]);
		bus_proxy_exec(plan, channels->bus_fds[1], channels->ready_fds[1], parent);
	}
	launch->bus_proxy = pid;
	launch->bus_ready_fd = take_fd(&channels->ready_fds[0]);
	return 0;
}

int launch_run(const struct plan *plan, struct launch *launch)
{
	CLEANUP(channels_finish)
	struct channels channels = CHANNELS_EMPTY;
	int r = 0;

	r = r ?: channels_open(&channels, plan->buses.count > 0);
	r = r ?: start_setup_child(plan, &channels, launch);
	r = r ?: start_bus_proxy(plan, &channels, launch);
	r = r ?: start_source_helper(plan, &channels, launch);
	launch->control_fd = take_fd(&channels.control_fds[0]);
	return r;
}
