/* Theory of operation.
 *
 * In a user namespace a procfs can only be mounted where one without anything mounted on it is in
 * view already (mount_too_revealing() in the kernel's fs/namespace.c): else it would show what the
 * mounts on /proc cover. Ours are covered, so for nested sandboxes another one stays mounted where
 * nobody reaches it. The kernel counts one with `subset=pid` too, which has nothing to cover; but
 * that is not promised anywhere, so it is tried. */
#include "runtime/nested.h"

#include <errno.h>
#include <linux/mount.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* The check is made by fsmount(2), so that no name is needed to mount it on. */
static int make_proc(void)
{
	long fs_fd = syscall(SYS_fsopen, "proc", FSOPEN_CLOEXEC);

	if (fs_fd < 0 || syscall(SYS_fsconfig, fs_fd, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0 ||
	    syscall(SYS_fsmount, fs_fd, FSMOUNT_CLOEXEC, 0) < 0)
		return errno;
	return 0;
}

int nested_try_proc(void)
{
	/* A number that is asked for is not counted as the last one: the payload's is 2 as well. */
	const pid_t pids[] = { 1, 2 };
	struct clone_args arguments = {
		.flags = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID,
		.exit_signal = SIGCHLD,
		.set_tid = (uint64_t)(uintptr_t)pids,
		.set_tid_size = 2,
	};
	long pid = syscall(SYS_clone3, &arguments, sizeof(arguments));
	int status;

	if (pid < 0)
		return -errno;
	if (pid == 0)
		_exit(make_proc());
	while (waitpid((pid_t)pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -ECHILD;
}
