/* at-step WHO STEP [SIGNAL UID ENDING] -- COMMAND...: makes something happen at one exact point of
 * the life of WHO, the command's WHO-th child (0: the command itself): at its STEP-th stop at a
 * system call, of which each has two, one before and one after; 0 is before its first instruction.
 *
 * Without SIGNAL the command is killed with SIGKILL, and WHO goes on only when it is dead. So each
 * window in which a parent's death could be missed is met, and not by luck. With SIGNAL, WHO gets
 * that signal from a process of user UID; where that is SIGSTOP, the command gets the signal ENDING
 * after a moment. Then all run on undisturbed, to their end.
 *
 * Exit status: the command's, 128+N for signal N; 250 when something is left of what was started,
 * 253 when WHO ended before it came to STEP, 254 when UID may not send that signal. What the
 * command says goes where ours goes. */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_MILLISECONDS 8000
#define MOMENT_MILLISECONDS 100
#define TRACED_MAXIMUM 64
#define SYSCALL_STOP (SIGTRAP | 0x80)

enum { STATUS_LEFT = 250, STATUS_USAGE = 252, STATUS_NO_STEP = 253, STATUS_REFUSED = 254 };

struct tracer {
	int who;
	long step;
	int signal_number; /* for the target, or 0 */
	uid_t uid;
	int ending; /* signal */
	pid_t command;
	int command_status;
	pid_t target; /* 0: not born yet */
	int births;
	long steps; /* of the target, so far */
	pid_t traced[TRACED_MAXIMUM];
	int traced_count;
};

/* ptrace(2) with a number as its data, which the library wants to be a pointer. */
static long trace_request(long request, pid_t pid, long data)
{
	return syscall(SYS_ptrace, request, (long)pid, 0L, data);
}

static int64_t now_milliseconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool is_known(const struct tracer *tracer, pid_t pid)
{
	for (int i = 0; i < tracer->traced_count; i++)
		if (tracer->traced[i] == pid)
			return true;
	return false;
}

static void remember(struct tracer *tracer, pid_t pid)
{
	if (is_known(tracer, pid))
		return;
	if (tracer->traced_count == TRACED_MAXIMUM)
		abort();
	tracer->traced[tracer->traced_count++] = pid;
}

/* The signal to go on with. The stops that tracing makes are none; a child's first is SIGSTOP. */
static int signal_of(int status)
{
	int number = WSTOPSIG(status);

	if (status >> 16 != 0 || number == SYSCALL_STOP || number == SIGSTOP || number == SIGTRAP)
		number = 0;
	return number;
}

/* Those that are not standing still now are let go when they do. */
static void detach_all(const struct tracer *tracer)
{
	for (int i = 0; i < tracer->traced_count; i++)
		(void)trace_request(PTRACE_DETACH, tracer->traced[i], 0);
}

/* Waits until nothing is left. */
static int await_end(struct tracer *tracer)
{
	int64_t started = now_milliseconds(), passed = 0;
	bool is_asked = tracer->signal_number != SIGSTOP;
	int status;

	while (passed < PATIENCE_MILLISECONDS) {
		pid_t pid = waitpid(-1, &status, __WALL | WNOHANG);

		passed = now_milliseconds() - started;
		if (pid < 0)
			return tracer->command_status;
		if (pid > 0 && WIFSTOPPED(status))
			(void)trace_request(PTRACE_DETACH, pid, signal_of(status));
		else if (pid == tracer->command)
			tracer->command_status =
				WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
		if (!is_asked && passed > MOMENT_MILLISECONDS && tracer->command_status < 0) {
			(void)kill(tracer->command, tracer->ending);
			is_asked = true;
		}
		if (pid == 0)
			(void)usleep(200);
	}
	return STATUS_LEFT;
}

static void kill_command(struct tracer *tracer)
{
	int status = 0;

	(void)kill(tracer->command, SIGKILL);
	do
		if (waitpid(tracer->command, &status, __WALL) < 0)
			return;
	while (WIFSTOPPED(status));
	tracer->command_status = 128 + SIGKILL;
}

/* Returns false when the user may not. */
static bool signal_target(const struct tracer *tracer)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0)
		_exit(setresuid(tracer->uid, tracer->uid, tracer->uid) == 0 &&
				      kill(tracer->target, tracer->signal_number) == 0
			      ? 0
			      : 1);
	return pid > 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

static int act(struct tracer *tracer)
{
	bool is_done = true;
	int status;

	if (tracer->signal_number == 0)
		kill_command(tracer);
	else
		is_done = signal_target(tracer);
	if (!is_done)
		kill_command(tracer);
	detach_all(tracer);
	status = await_end(tracer);
	return is_done || status == STATUS_LEFT ? status : STATUS_REFUSED;
}

static bool is_birth(int status)
{
	int event = status >> 16;

	return event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_CLONE ||
	       event == PTRACE_EVENT_VFORK;
}

/* Takes note of a stop. Returns true when it is the one. */
static bool handle_stop(struct tracer *tracer, pid_t pid, int status)
{
	unsigned long born = 0;

	/* The target's first stop may come before the command's, which tells of its birth. */
	if (tracer->target == 0 && !is_known(tracer, pid) && tracer->births + 1 == tracer->who)
		tracer->target = pid;
	remember(tracer, pid);
	if (is_birth(status) && ptrace(PTRACE_GETEVENTMSG, pid, NULL, &born) == 0) {
		remember(tracer, (pid_t)born);
		if (pid == tracer->command && ++tracer->births == tracer->who)
			tracer->target = (pid_t)born;
	}
	if (pid != tracer->target || (tracer->steps > 0 && WSTOPSIG(status) != SYSCALL_STOP))
		return false;
	return tracer->steps++ == tracer->step;
}

static int trace(struct tracer *tracer)
{
	int status;

	for (;;) {
		pid_t pid = waitpid(-1, &status, __WALL);

		if (pid == tracer->command && !WIFSTOPPED(status))
			tracer->command_status = WEXITSTATUS(status);
		if (pid < 0 || (pid == tracer->target && !WIFSTOPPED(status)))
			break;
		if (!WIFSTOPPED(status))
			continue;
		if (handle_stop(tracer, pid, status))
			return act(tracer);
		(void)trace_request(pid == tracer->target ? PTRACE_SYSCALL : PTRACE_CONT, pid,
				    signal_of(status));
	}
	kill_command(tracer);
	detach_all(tracer);
	(void)await_end(tracer);
	return STATUS_NO_STEP;
}

static int start(struct tracer *tracer, char **command)
{
	int status;

	tracer->command = fork();
	if (tracer->command == 0) {
		(void)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		(void)execvp(command[0], command);
		_exit(127);
	}
	if (tracer->command < 0 || waitpid(tracer->command, &status, 0) < 0 || !WIFSTOPPED(status))
		return -1;
	remember(tracer, tracer->command);
	if (trace_request(PTRACE_SETOPTIONS, tracer->command,
			  PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACECLONE |
				  PTRACE_O_TRACEVFORK) < 0)
		return -1;
	if (tracer->who > 0)
		return (int)trace_request(PTRACE_CONT, tracer->command, 0);
	/* Its step 0 is now. */
	tracer->target = tracer->command;
	tracer->steps = 1;
	return tracer->step == 0 ? 0 : (int)trace_request(PTRACE_SYSCALL, tracer->command, 0);
}

int main(int argc, char **argv)
{
	struct tracer tracer = { .command_status = -1 };
	int command = 4;

	if (argc > 7 && strcmp(argv[3], "--") != 0) {
		tracer.signal_number = (int)strtol(argv[3], NULL, 10);
		tracer.uid = (uid_t)strtoul(argv[4], NULL, 10);
		tracer.ending = (int)strtol(argv[5], NULL, 10);
		command = 7;
	}
	if (argc <= command || strcmp(argv[command - 1], "--") != 0)
		return STATUS_USAGE;
	tracer.who = (int)strtol(argv[1], NULL, 10);
	tracer.step = strtol(argv[2], NULL, 10);
	if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0 || start(&tracer, argv + command) < 0)
		return STATUS_USAGE;
	return tracer.who == 0 && tracer.step == 0 ? act(&tracer) : trace(&tracer);
}
