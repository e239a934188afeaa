/* halt-at PLACES HOOK -- COMMAND...: runs the command, the launcher or what starts it, and holds
 *its processes where they are about to make a certain system call, or have made it. While one is
 *held, `bash -c HOOK hook PID PLACE` runs. So what a race hits now and then happens every time.
 *
 * PLACES are WHO/CALL, before the call, or WHO/CALL/done, after it, with commas between; with =END
 * only where the second argument is a string that ends so. WHO is
 *
 *	launcher	root outside, as long as it is in our mount namespace
 *	survey		a helper with the caller's ids there
 *	source		one in the mount namespace of the sandbox
 *	setup		root in the PID namespace of the sandbox
 *	inside		with the caller's ids there
 *
 * Exit status: the command's, 128+N for signal N; 250 when that cannot be done. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/array.h"

#define STATUS_FAILED 250
#define PROCESSES_MAXIMUM 256

static const struct call {
	const char *name;
	long number;
} calls[] = {
	{ "capset", SYS_capset },
	{ "mount", SYS_mount },
	{ "mount_setattr", SYS_mount_setattr },
	{ "move_mount", SYS_move_mount },
	{ "openat2", SYS_openat2 },
	{ "pivot_root", SYS_pivot_root },
	{ "prctl", SYS_prctl },
};

/* Where a process is held. */
struct process {
	pid_t pid;
	char place[64]; /* empty: nowhere */
	char argument[256];
};

struct tracer {
	const char *places;
	const char *hook;
	struct process processes[PROCESSES_MAXIMUM];
	size_t count;
};

static _Noreturn void fail(const char *what)
{
	perror(what);
	exit(STATUS_FAILED);
}

static struct process *find_process(struct tracer *tracer, pid_t pid)
{
	for (size_t i = 0; i < tracer->count; i++)
		if (tracer->processes[i].pid == pid)
			return &tracer->processes[i];
	if (tracer->count == PROCESSES_MAXIMUM)
		fail("too many processes");
	tracer->processes[tracer->count] = (struct process) { .pid = pid };
	return &tracer->processes[tracer->count++];
}

static bool ends_with(const char *text, const char *end, size_t length)
{
	size_t own = strlen(text);

	return own >= length && strncmp(text + own - length, end, length) == 0;
}

static bool is_wanted(const struct tracer *tracer, const struct process *process)
{
	size_t length = strlen(process->place), part;

	for (const char *rest = tracer->places; *rest; rest += part + (rest[part] == ',')) {
		part = strcspn(rest, ",");
		if (part < length || strncmp(rest, process->place, length) != 0)
			continue;
		if (part == length ||
		    (rest[length] == '=' &&
		     ends_with(process->argument, rest + length + 1, part - length - 1)))
			return true;
	}
	return false;
}

static bool is_in_our_namespace(pid_t pid, const char *name)
{
	char own[64], other[64];
	struct stat st_own, st_other;

	(void)snprintf(own, sizeof(own), "/proc/self/ns/%s", name);
	(void)snprintf(other, sizeof(other), "/proc/%d/ns/%s", pid, name);
	return stat(own, &st_own) == 0 && stat(other, &st_other) == 0 &&
	       st_own.st_ino == st_other.st_ino;
}

static bool is_root(pid_t pid)
{
	char path[64], line[256];
	unsigned long uid = 0;
	FILE *status;

	(void)snprintf(path, sizeof(path), "/proc/%d/status", pid);
	status = fopen(path, "re");
	while (status && fgets(line, sizeof(line), status))
		if (strncmp(line, "Uid:", 4) == 0)
			uid = strtoul(line + 4, NULL, 10);
	if (status)
		(void)fclose(status);
	return uid == 0;
}

static const char *who_is(pid_t pid)
{
	if (!is_in_our_namespace(pid, "pid"))
		return is_root(pid) ? "setup" : "inside";
	if (!is_in_our_namespace(pid, "mnt"))
		return "source";
	return is_root(pid) ? "launcher" : "survey";
}

/* Of what is no string nothing is learned. */
static void read_argument(uint64_t address, struct process *process)
{
	char path[64];
	ssize_t length;
	int fd;

	(void)snprintf(path, sizeof(path), "/proc/%d/mem", process->pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	length = fd < 0 ? 0
			: pread(fd, process->argument, sizeof(process->argument) - 1,
				(off_t)address);
	process->argument[length > 0 ? length : 0] = '\0';
	if (fd >= 0)
		(void)close(fd);
}

static void find_place(uint64_t number, struct process *process)
{
	process->place[0] = '\0';
	for (size_t i = 0; i < ARRAY_LENGTH(calls); i++)
		if ((uint64_t)calls[i].number == number)
			(void)snprintf(process->place, sizeof(process->place), "%s/%s",
				       who_is(process->pid), calls[i].name);
}

/* The other processes get no further than their next call meanwhile. */
static void run_hook(const struct tracer *tracer, const struct process *held)
{
	char text[16];
	pid_t pid;

	if (held->place[0] == '\0' || !is_wanted(tracer, held))
		return;
	(void)snprintf(text, sizeof(text), "%d", held->pid);
	pid = fork();
	if (pid < 0)
		fail("fork");
	if (pid == 0) {
		(void)execlp("bash", "bash", "-c", tracer->hook, "hook", text, held->place, NULL);
		_exit(127);
	}
	if (waitpid(pid, NULL, 0) != pid)
		fail("waitpid");
}

static void handle_call(struct tracer *tracer, pid_t pid)
{
	struct __ptrace_syscall_info info = { 0 };
	struct process *process = find_process(tracer, pid);

	/* It may have been killed where it was held. */
	if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) < 0)
		return;
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
		find_place(info.entry.nr, process);
		if (process->place[0] != '\0')
			read_argument(info.entry.args[1], process);
	} else if (process->place[0] != '\0') {
		(void)strncat(process->place, "/done", 6);
	}
	run_hook(tracer, process);
}

/* Lets a process that has stopped go on; one that was stopped by a signal stays so until SIGCONT.
 */
static void handle_stop(struct tracer *tracer, pid_t pid, int status)
{
	int number = WSTOPSIG(status), event = status >> 16;

	if (number == (SIGTRAP | 0x80))
		handle_call(tracer, pid);
	if (event == PTRACE_EVENT_STOP && number != SIGTRAP)
		(void)ptrace(PTRACE_LISTEN, pid, NULL, NULL);
	else
		(void)ptrace(PTRACE_SYSCALL, pid, NULL,
			     event != 0 || number == (SIGTRAP | 0x80) ? 0L : (long)number);
}

static pid_t start(char **command)
{
	const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
			     PTRACE_O_TRACECLONE;
	pid_t pid = fork();
	int status;

	if (pid < 0)
		fail("fork");
	if (pid == 0) {
		(void)raise(SIGSTOP);
		(void)execvp(command[0], command);
		_exit(127);
	}
	if (waitpid(pid, &status, WUNTRACED) != pid ||
	    ptrace(PTRACE_SEIZE, pid, NULL, options) < 0 || kill(pid, SIGCONT) < 0)
		fail("cannot trace");
	return pid;
}

int main(int argc, char **argv)
{
	struct tracer tracer = { 0 };
	pid_t command, pid;
	int status, ended = STATUS_FAILED;

	if (argc < 5 || strcmp(argv[3], "--") != 0)
		return STATUS_FAILED;
	tracer.places = argv[1];
	tracer.hook = argv[2];
	command = start(argv + 4);
	/* What it leaves behind is held as well. */
	while ((pid = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR) {
		if (pid > 0 && WIFSTOPPED(status))
			handle_stop(&tracer, pid, status);
		else if (pid == command)
			ended = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	}
	return ended;
}
