/* halt-at PLACES HOOK -- COMMAND...: runs the command, the launcher or what starts it, and holds
 * its processes at exact points of their lives. While one is held, `bash -c HOOK hook PID PLACE
 * COMMAND-PID` runs. So what a race hits now and then happens every time, and what luck would not
 * meet is met. PLACES is one of
 *
 *	WHO/CALL,...	a certain system call: before it, or with WHO/CALL/done after it; with =END
 *			only where the second argument is a string that ends so
 *	N/STEP		the STEP-th stop at a system call, of which each has two, of the command's
 *			N-th child, or with 0 of the command itself; 0 is before the first
 *			instruction. This is met once, and then all run on undisturbed
 *	N/last		the same one's end; PLACE then tells the number of steps it had, N/STEPS
 *
 * WHO is
 *
 *	launcher	root outside, as long as it is in our mount namespace
 *	survey		a helper with the caller's ids there
 *	source		one in the mount namespace of the sandbox
 *	setup		root in the PID namespace of the sandbox
 *	inside		with the caller's ids there
 *
 * When a hook fails, the command is killed. Exit status: the command's, 128+N for signal N; 250
 *when something of it is left long after the last hook, 252 when that cannot be done at all, 253
 *when no place was met, 254 when a hook has failed. What the command says goes where ours goes. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/array.h"
#include "tests/root/factor.h"

#define PATIENCE_MILLISECONDS 8000
#define PROCESSES_MAXIMUM 256
#define CALL_STOP (SIGTRAP | 0x80)
#define STEP_LAST (-1)

enum { STATUS_LEFT = 250, STATUS_FAILED = 252, STATUS_NOT_MET = 253, STATUS_HOOK = 254 };

static const struct call {
	const char *name;
	long number;
} calls[] = {
	{ "capset", SYS_capset },	  { "ioctl", SYS_ioctl },
	{ "mount", SYS_mount },		  { "mount_setattr", SYS_mount_setattr },
	{ "move_mount", SYS_move_mount }, { "openat2", SYS_openat2 },
	{ "pivot_root", SYS_pivot_root }, { "prctl", SYS_prctl },
	{ "unlinkat", SYS_unlinkat },
};

struct process {
	pid_t pid;
	long steps;	/* stops so far; of the target they are counted */
	char place[64]; /* where it is held; empty: nowhere */
	char argument[256];
};

struct tracer {
	const char *places;
	const char *hook;
	pid_t command;
	int command_status; /* -1: it runs */
	struct process processes[PROCESSES_MAXIMUM];
	size_t count;
	/* Where the place is a step. */
	bool is_stepping;
	int who;
	long step;
	int births;
	pid_t target; /* 0: not born yet */
	/* Of the hooks. */
	bool is_met;
	bool has_failed;
	int64_t last_hook;
};

static _Noreturn void fail(const char *what)
{
	perror(what);
	exit(STATUS_FAILED);
}

static int64_t now_milliseconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ptrace(2) with a number as its data, which the library wants to be a pointer. A process that was
 * killed meanwhile tells so when it is waited for. */
static void trace_request(long request, pid_t pid, long data)
{
	(void)syscall(SYS_ptrace, request, (long)pid, 0L, data);
}

static bool is_known(const struct tracer *tracer, pid_t pid)
{
	for (size_t i = 0; i < tracer->count; i++)
		if (tracer->processes[i].pid == pid)
			return true;
	return false;
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

/* The first number after NAME in the process's status, 0 where that cannot be read. */
static unsigned long status_number(pid_t pid, const char *name)
{
	char path[64], line[256];
	unsigned long number = 0;
	FILE *status;

	(void)snprintf(path, sizeof(path), "/proc/%d/status", pid);
	status = fopen(path, "re");
	while (status && fgets(line, sizeof(line), status))
		if (strncmp(line, name, strlen(name)) == 0)
			number = strtoul(line + strlen(name), NULL, 10);
	if (status)
		(void)fclose(status);
	return number;
}

static bool is_root(pid_t pid)
{
	return status_number(pid, "Uid:") == 0;
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
static void run_hook(struct tracer *tracer, const struct process *held)
{
	char text[16], command[16];
	int status = 0;
	pid_t pid;

	(void)snprintf(text, sizeof(text), "%d", held->pid);
	(void)snprintf(command, sizeof(command), "%d", tracer->command);
	pid = fork();
	if (pid < 0)
		fail("fork");
	if (pid == 0) {
		(void)execlp("bash", "bash", "-c", tracer->hook, "hook", text, held->place, command,
			     NULL);
		_exit(127);
	}
	if (waitpid(pid, &status, 0) != pid)
		fail("waitpid");
	tracer->is_met = true;
	tracer->last_hook = now_milliseconds();
	if (status == 0 || tracer->has_failed)
		return;
	tracer->has_failed = true;
	if (tracer->command_status < 0)
		(void)kill(tracer->command, SIGKILL);
}

static void handle_call(struct tracer *tracer, struct process *process)
{
	struct __ptrace_syscall_info info = { 0 };

	/* It may have been killed where it was held. */
	if (ptrace(PTRACE_GET_SYSCALL_INFO, process->pid, sizeof(info), &info) < 0)
		return;
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
		find_place(info.entry.nr, process);
		if (process->place[0] != '\0')
			read_argument(info.entry.args[1], process);
	} else if (process->place[0] != '\0') {
		(void)strncat(process->place, "/done", 6);
	}
	if (process->place[0] != '\0' && is_wanted(tracer, process))
		run_hook(tracer, process);
}

/* The command's first instruction comes after its exec. */
static void handle_step(struct tracer *tracer, struct process *process, int status)
{
	int event = status >> 16;
	bool is_first = event == (tracer->who == 0 ? PTRACE_EVENT_EXEC : PTRACE_EVENT_STOP);
	bool is_last = event == PTRACE_EVENT_EXIT;

	if (process->steps == 0 ? !is_first : WSTOPSIG(status) != CALL_STOP && !is_last)
		return;
	if (is_last ? tracer->step == STEP_LAST : process->steps == tracer->step) {
		(void)snprintf(process->place, sizeof(process->place), "%d/%ld", tracer->who,
			       process->steps);
		run_hook(tracer, process);
	}
	process->steps++;
}

static void handle_birth(struct tracer *tracer, pid_t pid)
{
	if (is_known(tracer, pid))
		return;
	(void)find_process(tracer, pid);
	if (++tracer->births == tracer->who)
		tracer->target = pid;
}

/* The command stands still at each birth until that is read; the child's first stop may come
 * before. */
static void find_target(struct tracer *tracer, pid_t pid, int status)
{
	int event = status >> 16;
	unsigned long born = 0;

	if (!is_known(tracer, pid) && status_number(pid, "PPid:") == (unsigned long)tracer->command)
		handle_birth(tracer, pid);
	if (pid == tracer->command &&
	    (event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_CLONE ||
	     event == PTRACE_EVENT_VFORK) &&
	    ptrace(PTRACE_GETEVENTMSG, pid, NULL, &born) == 0)
		handle_birth(tracer, (pid_t)born);
}

/* Lets a process that has stopped go on; one that was stopped by a signal stays so until SIGCONT.
 */
static void go_on(const struct tracer *tracer, pid_t pid, int status)
{
	int number = WSTOPSIG(status), event = status >> 16;
	long signal_number = event != 0 || number == CALL_STOP ? 0 : number;

	if (tracer->is_stepping && tracer->is_met)
		trace_request(PTRACE_DETACH, pid, signal_number);
	else if (event == PTRACE_EVENT_STOP && number != SIGTRAP)
		trace_request(PTRACE_LISTEN, pid, 0);
	else
		trace_request(tracer->is_stepping && pid != tracer->target ? PTRACE_CONT
									   : PTRACE_SYSCALL,
			      pid, signal_number);
}

static void handle_stop(struct tracer *tracer, pid_t pid, int status)
{
	if (!tracer->is_stepping) {
		if (WSTOPSIG(status) == CALL_STOP)
			handle_call(tracer, find_process(tracer, pid));
	} else if (!tracer->is_met) {
		find_target(tracer, pid, status);
		if (pid == tracer->target)
			handle_step(tracer, find_process(tracer, pid), status);
	}
	go_on(tracer, pid, status);
}

/* What the command leaves behind is traced as well. Returns false when that stays too long. */
static bool trace(struct tracer *tracer)
{
	const int64_t patience = factor() * PATIENCE_MILLISECONDS;
	int status;

	for (;;) {
		pid_t pid = waitpid(-1, &status, __WALL | (tracer->is_met ? WNOHANG : 0));

		if (pid < 0)
			return true;
		if (pid > 0 && WIFSTOPPED(status))
			handle_stop(tracer, pid, status);
		else if (pid == tracer->command)
			tracer->command_status =
				WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
		if (tracer->is_met && now_milliseconds() - tracer->last_hook > patience)
			return false;
		if (pid == 0)
			(void)usleep(200);
	}
}

static void start(struct tracer *tracer, char **command)
{
	long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
		       PTRACE_O_TRACECLONE;
	pid_t pid = fork();
	int status;

	if (tracer->is_stepping)
		options |= PTRACE_O_TRACEEXEC;
	if (tracer->step == STEP_LAST)
		options |= PTRACE_O_TRACEEXIT;
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
	tracer->command = pid;
	(void)find_process(tracer, pid);
	if (tracer->who == 0)
		tracer->target = pid;
}

static bool parse_step(const char *text, struct tracer *tracer)
{
	char *end;

	tracer->who = (int)strtol(text, &end, 10);
	if (end == text || *end != '/')
		return false;
	tracer->is_stepping = true;
	text = end + 1;
	if (strcmp(text, "last") == 0) {
		tracer->step = STEP_LAST;
		return true;
	}
	tracer->step = strtol(text, &end, 10);
	return end != text && *end == '\0' && tracer->step >= 0;
}

int main(int argc, char **argv)
{
	struct tracer tracer = { .command_status = -1 };

	if (argc < 5 || strcmp(argv[3], "--") != 0)
		return STATUS_FAILED;
	tracer.places = argv[1];
	tracer.hook = argv[2];
	if (!parse_step(tracer.places, &tracer) && tracer.is_stepping)
		return STATUS_FAILED;
	if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
		fail("prctl");
	start(&tracer, argv + 4);
	if (!trace(&tracer))
		return STATUS_LEFT;
	if (tracer.has_failed)
		return STATUS_HOOK;
	return tracer.is_met ? tracer.command_status : STATUS_NOT_MET;
}
