/* The payload of the tests: a small program that does or says one thing, by its first argument. It
 * prints what it sees and leaves judging to the test. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void say(const char *text)
{
	(void)!write(STDOUT_FILENO, text, strlen(text));
}

/* Numbers come from the tests themselves. */
static int number(const char *text)
{
	return text ? (int)strtol(text, NULL, 10) : 0;
}

static int probe_exit(char **words)
{
	return number(words[0]);
}

/* A sanitizer's runtime has handlers of its own. */
static int probe_kill(char **words)
{
	(void)signal(number(words[0]), SIG_DFL);
	(void)kill(getpid(), number(words[0]));
	return 1;
}

static int write_strings(char **strings)
{
	for (; *strings; strings++) {
		if (fwrite(*strings, strlen(*strings) + 1, 1, stdout) != 1)
			return 1;
	}
	return fflush(stdout) == 0 ? 0 : 1;
}

static int probe_arguments(char **words)
{
	return write_strings(words);
}

static int probe_environment(char **words)
{
	(void)words;
	return write_strings(environ);
}

static int probe_directory(char **words)
{
	char path[4096];

	(void)words;
	say(getcwd(path, sizeof(path)) ? path : "?");
	return 0;
}

/* One line: the descriptors that are open beside the one that looks. */
static int probe_descriptors(char **words)
{
	DIR *directory = opendir("/proc/self/fd");
	struct dirent *entry;

	(void)words;
	if (!directory)
		return 1;
	for (entry = readdir(directory); entry; entry = readdir(directory)) {
		int fd = number(entry->d_name);

		if (entry->d_name[0] != '.' && fd != dirfd(directory))
			(void)printf("%d ", fd);
	}
	(void)closedir(directory);
	return 0;
}

static int probe_file(char **words)
{
	char buffer[4096];
	int fd = open(words[0], O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0) {
		(void)printf("%s\n", strerror(errno));
		return 1;
	}
	for (n = read(fd, buffer, sizeof(buffer)); n > 0; n = read(fd, buffer, sizeof(buffer)))
		(void)!write(STDOUT_FILENO, buffer, (size_t)n);
	(void)close(fd);
	return 0;
}

static bool is_gone(pid_t pid)
{
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/%d", (int)pid);
	return access(path, F_OK) < 0;
}

/* A grandchild whose parent has ended before it. */
static pid_t orphan_create(void)
{
	int ends[2];
	pid_t child, orphan = -1;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	child = fork();
	if (child == 0) {
		orphan = fork();
		if (orphan == 0) {
			/* Ends when the parent's end of the pipe is closed, i.e. after it. */
			struct pollfd end = { .fd = ends[1], .events = 0 };

			(void)close(ends[0]);
			(void)poll(&end, 1, 5000);
			_exit(50); /* which must not be taken for the payload's status */
		}
		(void)!write(ends[1], &orphan, sizeof(orphan));
		_exit(0);
	}
	(void)waitpid(child, NULL, 0);
	if (read(ends[0], &orphan, sizeof(orphan)) != (ssize_t)sizeof(orphan))
		orphan = -1;
	(void)close(ends[0]);
	(void)close(ends[1]);
	return orphan;
}

/* Succeeds when all orphans vanish: one that nobody reaps would stay as a zombie. */
static int probe_orphans(char **words)
{
	int count = number(words[0]);
	pid_t orphans[128];

	if (count > 128)
		return 2;
	for (int i = 0; i < count; i++) {
		orphans[i] = orphan_create();
		if (orphans[i] < 0)
			return 2;
	}
	for (int i = 0; i < count; i++) {
		for (int tries = 0; !is_gone(orphans[i]); tries++) {
			if (tries == 1000)
				return 1;
			(void)poll(NULL, 0, 10);
		}
	}
	return 0;
}

static void waited_signals(sigset_t *set)
{
	static const int signals[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGWINCH };

	(void)sigemptyset(set);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		(void)sigaddset(set, signals[i]);
	(void)sigprocmask(SIG_BLOCK, set, NULL);
}

/* The exit status is the signal that came. */
static int probe_await(char **words)
{
	sigset_t set;
	int signal_number = 0;

	(void)words;
	waited_signals(&set);
	say("ready\n");
	(void)sigwait(&set, &signal_number);
	return signal_number;
}

/* In the child: the first signal, or 0 when SIGUSR2, the parent's word that it has got its own,
 * came and nothing else did shortly before or after. */
static int group_await(const sigset_t *set)
{
	struct timespec patience = { .tv_nsec = 200L * 1000 * 1000 };
	sigset_t both = *set;
	int signal_number = 0;

	(void)sigaddset(&both, SIGUSR2);
	(void)sigwait(&both, &signal_number);
	if (signal_number == SIGUSR2)
		signal_number = sigtimedwait(set, NULL, &patience);
	return signal_number > 0 ? signal_number : 0;
}

/* Which of the two processes of the group did a signal reach? */
static int probe_group(char **words)
{
	int ends[2], mine = 0, childs = -1;
	sigset_t set;
	pid_t child;

	(void)words;
	waited_signals(&set);
	(void)sigaddset(&set, SIGUSR2);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	(void)sigdelset(&set, SIGUSR2);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return 1;
	child = fork();
	if (child == 0) {
		childs = group_await(&set);
		(void)!write(ends[1], &childs, sizeof(childs));
		_exit(0);
	}
	say("ready\n");
	(void)sigwait(&set, &mine);
	(void)kill(child, SIGUSR2);
	(void)!read(ends[0], &childs, sizeof(childs));
	(void)printf("%d %d\n", mine, childs);
	return 0;
}

static void foreground_say(const char *what)
{
	char line[64];

	(void)snprintf(line, sizeof(line), "%s %d\n", what, tcgetpgrp(STDIN_FILENO) == getpgrp());
	say(line);
}

/* After each line that comes in, is this process in the foreground? */
static int probe_terminal(char **words)
{
	char line[64];
	int fd;

	(void)words;
	(void)alarm(60);
	fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
	say(fd >= 0 && isatty(0) && isatty(1) && isatty(2) ? "terminal 1\n" : "terminal 0\n");
	foreground_say("foreground");
	while (read(STDIN_FILENO, line, sizeof(line)) > 0)
		foreground_say("again");
	return 3;
}

/* Gives the terminal away and stops: only somebody else can give it back. */
static int probe_background(char **words)
{
	pid_t child = fork();

	(void)words;
	if (child == 0) {
		(void)setpgid(0, 0);
		(void)alarm(60);
		(void)pause();
		_exit(0);
	}
	(void)setpgid(child, child);
	(void)tcsetpgrp(STDIN_FILENO, child);
	(void)kill(getpid(), SIGSTOP);
	(void)kill(child, SIGKILL);
	foreground_say("foreground");
	return 0;
}

static int probe_stop(char **words)
{
	(void)words;
	say("ready\n");
	(void)kill(getpid(), SIGSTOP);
	say("back\n");
	return 4;
}

/* A stopped child that PID 1 adopts is no stop of the payload. */
static int probe_stopped_orphan(char **words)
{
	pid_t child = fork();

	(void)words;
	if (child == 0) {
		pid_t orphan = fork();

		if (orphan == 0) {
			(void)alarm(60);
			(void)kill(getpid(), SIGSTOP);
			_exit(0);
		}
		(void)waitpid(orphan, NULL, WUNTRACED);
		_exit(0);
	}
	(void)waitpid(child, NULL, 0);
	(void)poll(NULL, 0, 100);
	return 0;
}

/* A process that has left the session and the group and ignores what it can, holding stdout. */
static int probe_daemon(char **words)
{
	(void)words;
	for (int i = 1; i < NSIG; i++)
		(void)signal(i, SIG_IGN);
	if (fork() == 0) {
		(void)setsid();
		if (fork() != 0)
			_exit(0);
		say("ready\n");
		for (;;)
			(void)poll(NULL, 0, 60000);
	}
	for (;;)
		(void)pause();
}

static void attempt_say(const char *what, bool succeeded)
{
	(void)printf("%s: %s\n", what, succeeded ? "done" : strerror(errno));
}

/* What the payload can do to PID 1, which runs as the same user. */
static int probe_attack(char **words)
{
	struct rlimit limit;

	(void)words;
	(void)kill(1, SIGTERM);
	(void)kill(1, SIGSEGV);
	(void)kill(1, SIGSTOP);
	(void)kill(1, SIGKILL);
	attempt_say("environ", open("/proc/1/environ", O_RDONLY | O_CLOEXEC) >= 0);
	attempt_say("mem", open("/proc/1/mem", O_RDONLY | O_CLOEXEC) >= 0);
	attempt_say("fd", open("/proc/1/fd/3", O_RDWR | O_CLOEXEC) >= 0);
	attempt_say("root", open("/proc/1/root", O_RDONLY | O_CLOEXEC) >= 0);
	attempt_say("ptrace", ptrace(PTRACE_ATTACH, 1, NULL, NULL) == 0);
	attempt_say("setuid", setuid(0) == 0);
	(void)getrlimit(RLIMIT_CORE, &limit);
	(void)printf("core %lu %lu\n", (unsigned long)limit.rlim_cur,
		     (unsigned long)limit.rlim_max);
	(void)printf("umask %o\n", (unsigned)umask(0));
	return 5;
}

static const struct {
	const char *name;
	int (*run)(char **words);
} probes[] = {
	{ "exit", probe_exit },		  { "kill", probe_kill },
	{ "arguments", probe_arguments }, { "environment", probe_environment },
	{ "directory", probe_directory }, { "descriptors", probe_descriptors },
	{ "file", probe_file },		  { "orphans", probe_orphans },
	{ "await", probe_await },	  { "group", probe_group },
	{ "terminal", probe_terminal },	  { "background", probe_background },
	{ "stop", probe_stop },		  { "stopped-orphan", probe_stopped_orphan },
	{ "daemon", probe_daemon },	  { "attack", probe_attack },
};

int main(int argc, char **argv)
{
	/* Without a PID namespace nobody else ends it when a test is over. */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	for (size_t i = 0; argc > 1 && i < sizeof(probes) / sizeof(probes[0]); i++) {
		if (strcmp(argv[1], probes[i].name) == 0)
			return probes[i].run(argv + 2);
	}
	return 99;
}
