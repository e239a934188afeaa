#include "tests/support/run.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"

#define SECONDS_MAXIMUM 10

static int start(int (*function)(void *argument), void *argument, int stderr_fd)
{
	pid_t child = fork();
	int status;

	if (child < 0)
		return -errno;
	if (child == 0) {
		(void)alarm(SECONDS_MAXIMUM);
		if (stderr_fd >= 0 && dup2(stderr_fd, STDERR_FILENO) < 0)
			_exit(255);
		_exit(function(argument));
	}
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int run_child(int (*function)(void *argument), void *argument)
{
	return start(function, argument, -1);
}

int run_child_stderr(int (*function)(void *argument), void *argument, char *output, size_t size)
{
	AUTO_CLOSE int fd = memfd_create("stderr", MFD_CLOEXEC);
	ssize_t length;
	int status;

	if (fd < 0)
		return -errno;
	status = start(function, argument, fd);
	length = pread(fd, output, size - 1, 0);
	if (length < 0)
		return -errno;
	output[length] = '\0';
	return status;
}
