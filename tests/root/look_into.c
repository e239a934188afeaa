/* look-into PID: tries every way in which a process of the same user can look into another one, and
 * prints, in one line, those that are open. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/array.h"

static bool can_read_file(pid_t pid, const char *name)
{
	char path[64], byte;
	int fd;
	bool is_open;

	(void)snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	/* Nothing is mapped at 0, which read(2) of `mem` tells only after it has let us. */
	is_open = fd >= 0 && (read(fd, &byte, 1) >= 0 || errno == EIO || errno == EISDIR);
	if (fd >= 0)
		(void)close(fd);
	return is_open;
}

static bool can_follow_link(pid_t pid, const char *name)
{
	char path[64], text[PATH_MAX];

	(void)snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	return readlink(path, text, sizeof(text)) >= 0;
}

static bool can_list(pid_t pid, const char *name)
{
	char path[64];
	DIR *directory;

	(void)snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	directory = opendir(path);
	if (directory)
		(void)closedir(directory);
	return directory;
}

/* Whether we may comes first; that nothing is mapped at 1, after. */
static bool can_read_memory(pid_t pid)
{
	char byte;
	struct iovec own = { &byte, 1 }, other = { (void *)1, 1 };

	return process_vm_readv(pid, &own, 1, &other, 1, 0) >= 0 || errno != EPERM;
}

static bool can_take_descriptor(pid_t pid)
{
	int pid_fd = (int)syscall(SYS_pidfd_open, pid, 0);

	return pid_fd >= 0 && syscall(SYS_pidfd_getfd, pid_fd, 2, 0) >= 0;
}

/* Says no of a process that is traced already. */
static bool can_trace(pid_t pid)
{
	if (ptrace(PTRACE_ATTACH, pid, NULL, NULL) < 0)
		return false;
	(void)waitpid(pid, NULL, __WALL);
	(void)ptrace(PTRACE_DETACH, pid, NULL, NULL);
	return true;
}

int main(int argc, char **argv)
{
	static const char *const files[] = { "environ", "auxv", "maps", "mem" };
	static const char *const links[] = { "cwd", "root", "exe", "fd/0", "ns/mnt" };
	static const char *const directories[] = { "fd", "fdinfo", "map_files" };
	pid_t pid = argc == 2 ? (pid_t)strtol(argv[1], NULL, 10) : 0;

	if (pid <= 0)
		return 2;
	for (size_t i = 0; i < ARRAY_LENGTH(files); i++)
		if (can_read_file(pid, files[i]))
			(void)printf("%s ", files[i]);
	for (size_t i = 0; i < ARRAY_LENGTH(links); i++)
		if (can_follow_link(pid, links[i]))
			(void)printf("%s ", links[i]);
	for (size_t i = 0; i < ARRAY_LENGTH(directories); i++)
		if (can_list(pid, directories[i]))
			(void)printf("%s ", directories[i]);
	if (can_read_memory(pid))
		(void)printf("process_vm_readv ");
	if (can_take_descriptor(pid))
		(void)printf("pidfd_getfd ");
	if (can_trace(pid))
		(void)printf("ptrace ");
	(void)printf("\n");
	return 0;
}
