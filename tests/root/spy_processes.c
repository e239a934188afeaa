/* spy-processes MILLISECONDS NAME...: as whoever it is started by, tries to get at each process it
 * sees, over and over, and prints a line for each that let it: "PID COMM WHAT". Processes that have
 * one of the names, or get it a moment later by execve(2), are not of interest. In the end it
 * prints how many it has tried. */
#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char **names;
static char last_tried[32];

static long now_milliseconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void read_name(const char *pid, char name[static 32])
{
	char path[64];
	ssize_t n;
	int fd;

	(void)snprintf(path, sizeof(path), "/proc/%.16s/comm", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? 0 : read(fd, name, 31);
	name[n > 0 ? n - 1 : 0] = '\0';
	if (fd >= 0)
		(void)close(fd);
}

static bool is_of_interest(const char *name)
{
	for (char **other = names; *other; other++)
		if (strcmp(*other, name) == 0)
			return false;
	return true;
}

/* What has just been replaced by a program of no interest needs a moment to have its name. */
static void report(const char *pid, const char *what)
{
	char name[32];

	for (int i = 0; i < 20; i++) {
		read_name(pid, name);
		if (!is_of_interest(name))
			return;
		(void)usleep(500);
	}
	(void)printf("%s %s %s\n", pid, name, what);
}

static bool can_open(const char *pid, const char *file, int flags)
{
	char path[64], byte;
	int fd;
	bool is_open;

	(void)snprintf(path, sizeof(path), "/proc/%.16s/%s", pid, file);
	fd = open(path, flags | O_CLOEXEC);
	if (fd < 0)
		return false;
	/* These are opened by anybody, and then say nothing. */
	is_open = strcmp(file, "environ") != 0 || read(fd, &byte, 1) >= 0;
	(void)close(fd);
	return is_open;
}

static bool can_read_link(const char *pid, const char *file)
{
	char path[64], target[64];

	(void)snprintf(path, sizeof(path), "/proc/%.16s/%s", pid, file);
	return readlink(path, target, sizeof(target)) >= 0;
}

/* The directory itself may belong to the caller for a moment: a change of ids gives it to them
 * where fs.suid_dumpable is 1. It holds nothing but numbers; what counts is where they lead. */
static bool can_read_descriptor(const char *pid)
{
	char path[64], target[64];
	bool can_read = false;
	struct dirent *entry;
	DIR *directory;

	(void)snprintf(path, sizeof(path), "/proc/%.16s/fd", pid);
	directory = opendir(path);
	while (directory && !can_read && (entry = readdir(directory)))
		can_read = readlinkat(dirfd(directory), entry->d_name, target, sizeof(target)) >= 0;
	if (directory)
		(void)closedir(directory);
	return can_read;
}

static bool can_trace(const char *pid)
{
	pid_t target = (pid_t)strtol(pid, NULL, 10);

	if (ptrace(PTRACE_SEIZE, target, NULL, NULL) < 0)
		return false;
	(void)ptrace(PTRACE_INTERRUPT, target, NULL, NULL);
	(void)waitpid(target, NULL, __WALL);
	(void)ptrace(PTRACE_DETACH, target, NULL, NULL);
	return true;
}

static bool try_process(const char *pid)
{
	char name[32];

	read_name(pid, name);
	if (!is_of_interest(name))
		return false;
	if (can_open(pid, "mem", O_RDWR))
		report(pid, "mem");
	if (can_open(pid, "environ", O_RDONLY))
		report(pid, "environ");
	if (can_read_descriptor(pid))
		report(pid, "fd");
	if (can_read_link(pid, "cwd"))
		report(pid, "cwd");
	if (can_read_link(pid, "root"))
		report(pid, "root");
	if (can_read_link(pid, "exe"))
		report(pid, "exe");
	if (can_trace(pid))
		report(pid, "ptrace");
	return true;
}

static long look_once(DIR *processes)
{
	long own = getpid(), tried = 0;
	struct dirent *entry;

	rewinddir(processes);
	while ((entry = readdir(processes))) {
		long pid = strtol(entry->d_name, NULL, 10);

		if (pid <= 0 || pid == own || !try_process(entry->d_name))
			continue;
		if (strcmp(last_tried, entry->d_name) != 0)
			tried++;
		(void)snprintf(last_tried, sizeof(last_tried), "%.16s", entry->d_name);
	}
	return tried;
}

int main(int argc, char **argv)
{
	long end, tried = 0;
	DIR *processes = opendir("/proc");

	if (argc < 2 || !processes)
		return 2;
	names = argv + 2;
	end = now_milliseconds() + strtol(argv[1], NULL, 10);
	while (now_milliseconds() < end)
		tried += look_once(processes);
	(void)printf("tried %ld\n", tried);
	return 0;
}
