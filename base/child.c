#include "base/child.h"

#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"

#define END_MILLISECONDS 1000

void child_await(pid_t pid, int milliseconds)
{
	AUTO_CLOSE int pid_fd = (int)syscall(SYS_pidfd_open, pid, 0U);
	struct pollfd end = { .fd = pid_fd, .events = POLLIN };

	if (pid_fd >= 0)
		(void)poll(&end, 1, milliseconds);
}

void child_kill(pid_t pid)
{
	(void)kill(pid, SIGKILL);
	child_await(pid, END_MILLISECONDS);
	(void)waitpid(pid, NULL, WNOHANG);
}
