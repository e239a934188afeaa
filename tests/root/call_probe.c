/* Makes system calls and prints what the kernel answers: `ok`, or the name of the error.
 *
 *	call-probe call NAME ARGUMENT...	numbers, or strings that begin with a slash
 *	call-probe terminal REQUEST		ioctl on a terminal of its own that it may control
 *	call-probe browser			what Chromium's sandbox begins with
 *	call-probe x32 | i386			a harmless call of that kind; `none`: not of this
 *						kernel
 *	call-probe landlock			the version of Landlock's interface; 0: there is
 *						none
 *	call-probe lines			each line of stdin as the words of one of the above
 *	call-probe sweep			all numbers from 0 to 511 with bad arguments, one
 *						line each
 *	call-probe compare POLICY OUT IN	two sweeps, one of them under the policy, with the
 *						table */
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/array.h"
#include "init/policy_table.h"

#define SWEEP_END 512
#define PATIENCE_SECONDS 3

#if defined(__x86_64__)
#define ARCHITECTURE POLICY_X86_64
#else
#define ARCHITECTURE POLICY_AARCH64
#endif

static int answer(long result)
{
	(void)printf("%s\n", result >= 0 ? "ok" : strerrorname_np(errno));
	return 0;
}

static int number_of(const char *name)
{
	const struct policy_call *call = policy_call_find(name);

	return call ? call->numbers[ARCHITECTURE] : -1;
}

static int do_call(char **words)
{
	int number = number_of(words[0]);
	unsigned long arguments[6] = { 0 };
	long result;

	if (number < 0) {
		(void)printf("none\n");
		return 0;
	}
	for (size_t i = 0; words[i + 1] && i < 6; i++)
		arguments[i] = words[i + 1][0] == '/' ? (unsigned long)words[i + 1]
						      : strtoul(words[i + 1], NULL, 0);
	result = syscall(number, arguments[0], arguments[1], arguments[2], arguments[3],
			 arguments[4], arguments[5]);
	/* The child of a clone. */
	if (result == 0 && strcmp(words[0], "clone") == 0)
		_exit(0);
	return answer(result);
}

/* With a controlling terminal the kernel itself has nothing against typing, unless all of it is
 * switched off, which is another error. */
static int do_terminal(char **words)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), slave;
	int word = 0;

	if (fork() != 0) {
		(void)wait(NULL);
		return 0;
	}
	if (setsid() < 0 || unlockpt(master) < 0)
		return answer(-1);
	slave = open(ptsname(master), O_RDWR | O_CLOEXEC);
	if (slave < 0 || ioctl(slave, TIOCSCTTY, 0) < 0)
		return answer(-1);
	return answer(syscall(SYS_ioctl, slave, strtoul(words[0], NULL, 0), &word));
}

static int do_browser(char **words)
{
	long pid = syscall(SYS_clone, CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET | SIGCHLD, NULL,
			   NULL, NULL, NULL);
	int status = 0;

	(void)words;
	if (pid < 0)
		return answer(pid);
	if (pid == 0)
		_exit(chroot("/proc/self/fdinfo/") < 0 ? errno : 0);
	(void)waitpid((pid_t)pid, &status, 0);
	errno = WEXITSTATUS(status);
	return answer(status == 0 ? 0 : -1);
}

/* getpid */
static int do_x32(char **words)
{
	(void)words;
#if defined(__x86_64__)
	return answer(syscall(0x40000000L | SYS_getpid));
#else
	return puts("none") < 0;
#endif
}

static int do_i386(char **words)
{
	(void)words;
#if defined(__x86_64__)
	pid_t child = fork();
	int status = 0;

	if (child == 0) {
		long result = 20; /* getpid */

		/* Where the kernel has no such calls, no sanitizer need tell. */
		(void)signal(SIGSEGV, SIG_DFL);

		__asm__ volatile("int $0x80" : "+a"(result) : : "memory", "cc");
		errno = (int)-result;
		(void)answer(result);
		(void)fflush(stdout);
		_exit(0);
	}
	(void)waitpid(child, &status, 0);
	if (status == 0)
		return 0;
#endif
	return puts("none") < 0;
}

static int do_landlock(char **words)
{
	long version =
		syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

	(void)words;
	return printf("%ld\n", version > 0 ? version : 0) < 0;
}

/* What is not called, since it does not come back as it went, or not at all. */
static const char *const skipped[] = {
	"exit",		"exit_group", /* end the process */
	"pause",		      /* waits for a signal */
	"rt_sigreturn",		      /* goes on wherever the stack says */
	"vfork",		      /* the child returns on the parent's stack */
	"uretprobe",		      /* the kernel kills whoever is no probe */
};

#define ALL UINT64_MAX

/* All arguments are all ones, which is no descriptor, address, flag or pid to any call; but: */
static const struct {
	const char *name;
	uint64_t arguments[4];
} special[] = {
	{ "clone", { 0x10000, 0, 0, 0 } }, /* a thread without what it needs */
	{ "unshare", { 1, ALL, ALL, ALL } },
	{ "futex", { ALL, 1, ALL, ALL } },  /* an unknown operation is ENOSYS */
	{ "msgget", { ALL, 0, ALL, ALL } }, /* would create one */
	{ "socket", { 1, ALL, ALL, ALL } },
	{ "socketpair", { 1, ALL, ALL, ALL } },
	/* Without a set-user-ID bit in the mode. */
	{ "chmod", { ALL, 0, ALL, ALL } },
	{ "fchmod", { ALL, 0, ALL, ALL } },
	{ "fchmodat", { ALL, ALL, 0, ALL } },
	{ "fchmodat2", { ALL, ALL, 0, ALL } },
	{ "creat", { ALL, 0, ALL, ALL } },
	{ "mknod", { ALL, 0, ALL, ALL } },
	{ "mknodat", { ALL, ALL, 0, ALL } },
	{ "open", { ALL, ALL, 0, ALL } },
	{ "openat", { ALL, ALL, ALL, 0 } },
};

static _Noreturn void sweep_child(int number)
{
	uint64_t arguments[4] = { ALL, ALL, ALL, ALL };

	for (size_t i = 0; i < ARRAY_LENGTH(special); i++)
		if (number_of(special[i].name) == number)
			memcpy(arguments, special[i].arguments, sizeof(arguments));
	(void)alarm(PATIENCE_SECONDS);
	errno = 0;
	if (syscall(number, arguments[0], arguments[1], arguments[2], arguments[3], ALL, ALL) >= 0)
		_exit(0);
	_exit(errno);
}

static const char *sweep_one(int number)
{
	int status = 0;
	pid_t child;

	for (size_t i = 0; i < ARRAY_LENGTH(skipped); i++)
		if (number_of(skipped[i]) == number)
			return "skipped";
	child = fork();
	if (child == 0)
		sweep_child(number);
	if (child < 0 || waitpid(child, &status, 0) != child)
		return "lost";
	if (!WIFEXITED(status))
		return "killed";
	return WEXITSTATUS(status) == 0 ? "ok" : strerrorname_np(WEXITSTATUS(status));
}

static int do_sweep(char **words)
{
	(void)words;
	for (int number = 0; number < SWEEP_END; number++) {
		const char *text = sweep_one(number);

		(void)printf("%d %s\n", number, text ? text : "unknown");
		(void)fflush(stdout);
	}
	return 0;
}

/* Lines of `NUMBER ANSWER`, in order. */
static int sweep_read(const char *path, char answers[SWEEP_END][32])
{
	FILE *file = fopen(path, "re");
	char line[64];
	int count = 0;

	while (file && count < SWEEP_END && fgets(line, sizeof(line), file)) {
		char *end;

		line[strcspn(line, "\n")] = '\0';
		if (strtol(line, &end, 10) != count || *end != ' ' || strlen(end) > 31)
			break;
		(void)snprintf(answers[count++], sizeof(answers[0]), "%s", end + 1);
	}
	if (file)
		(void)fclose(file);
	return count == SWEEP_END ? 0 : -1;
}

static int expected_of(int number, enum policy policy)
{
	for (size_t i = 0; i < policy_call_count; i++)
		if (policy_calls[i].numbers[ARCHITECTURE] == number)
			return policy_call_error(&policy_calls[i], policy);
	return ENOSYS;
}

/* What is refused is refused so; of what is allowed, the kernel itself must have said it. */
static int answer_is_right(int expected, const char *outside, const char *inside)
{
	if (strcmp(inside, "skipped") == 0)
		return strcmp(outside, "skipped") == 0;
	if (expected)
		return strcmp(inside, strerrorname_np(expected)) == 0;
	if (strcmp(inside, "EPERM") == 0 || strcmp(inside, "ENOSYS") == 0)
		return strcmp(inside, outside) == 0;
	return 1;
}

static int do_compare(char **words)
{
	static char outside[SWEEP_END][32], inside[SWEEP_END][32];
	enum policy policy;
	int faults = 0, told_apart = 0;

	if (policy_parse(words[0], &policy) < 0 || sweep_read(words[1], outside) < 0 ||
	    sweep_read(words[2], inside) < 0)
		return 2;
	for (int number = 0; number < SWEEP_END; number++) {
		int expected = expected_of(number, policy);

		told_apart += strcmp(outside[number], inside[number]) != 0;
		if (answer_is_right(expected, outside[number], inside[number]))
			continue;
		faults++;
		(void)printf("call %d: expected %s, outside %s, inside %s\n", number,
			     expected ? strerrorname_np(expected) : "any", outside[number],
			     inside[number]);
	}
	(void)printf("%d answers differ from those outside\n", told_apart);
	return faults == 0 && told_apart > 0 ? 0 : 1;
}

static int do_lines(char **words);

static const struct {
	const char *name;
	int words;
	int (*run)(char **words);
} verbs[] = {
	{ "call", 1, do_call },	  { "terminal", 1, do_terminal }, { "browser", 0, do_browser },
	{ "x32", 0, do_x32 },	  { "i386", 0, do_i386 },	  { "landlock", 0, do_landlock },
	{ "lines", 0, do_lines }, { "sweep", 0, do_sweep },	  { "compare", 3, do_compare },
};

static int run(int count, char **words)
{
	for (size_t i = 0; count > 0 && i < ARRAY_LENGTH(verbs); i++)
		if (strcmp(words[0], verbs[i].name) == 0 && count - 1 >= verbs[i].words)
			return verbs[i].run(words + 1);
	return 2;
}

/* Each in a process of its own, which may change what it likes. */
static int do_lines(char **words)
{
	char line[512];

	(void)words;
	while (fgets(line, sizeof(line), stdin)) {
		char *list[9] = { NULL }, *rest = line;
		int count = 0, status = 0;
		pid_t child;

		while (count < 8 && (list[count] = strtok_r(rest, " \n", &rest)))
			count++;
		child = fork();
		if (child == 0) {
			status = run(count, list);
			(void)fflush(stdout);
			_exit(status);
		}
		if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
			return 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	return run(argc - 1, argv + 1);
}
