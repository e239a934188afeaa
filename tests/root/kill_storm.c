/* kill-storm KILLS SEED pipes|terminal STATUS WATCHED... -- COMMAND...
 *
 * Starts the command KILLS times and kills it with SIGKILL, each time at another instant: evenly
 * spread over its life, which is measured first, by random numbers that SEED makes. After each
 *kill,
 *
 *	nothing that the command started may be left: this process adopts all of it, and waits for
 *	its end, whatever session it has moved to;
 *	nothing may have been said, on stderr or on the terminal;
 *	the WATCHED files (content) and directories (names) must be as they were after the first,
 *	undisturbed run.
 *
 * A run that ends before its kill must have the exit status STATUS. Prints what it has done. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/root/factor.h"

#define WATCHED_MAXIMUM 32
#define PATIENCE_NANOSECONDS (5 * INT64_C(1000000000))
#define MEASURED_RUNS 5

struct storm {
	bool has_terminal;
	int expected_status;
	char **command;
	char **watched;
	size_t watched_count;
	char *states[WATCHED_MAXIMUM]; /* after the undisturbed run */
	uint64_t random;
	int64_t life;	 /* nanoseconds */
	int64_t slowest; /* from a kill to the end of all */
	int ended_first; /* runs that were over before their kill */
};

/* One run of the command. */
struct run {
	pid_t pid;
	int output_fd; /* what it says: a file in memory, or the master of its terminal */
	int64_t started;
	int status; /* once it has ended: as waitpid() tells */
};

static int64_t now(void)
{
	struct timespec time;

	(void)clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void sleep_until(int64_t instant)
{
	const struct timespec time = { instant / 1000000000, instant % 1000000000 };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) == EINTR)
		;
}

/* splitmix64: the same numbers everywhere. */
static uint64_t random_next(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static void print_directory(FILE *stream, const char *path)
{
	struct dirent **entries;
	int count = scandir(path, &entries, NULL, alphasort);

	for (int i = 0; i < count; i++) {
		(void)fprintf(stream, "%s\n", entries[i]->d_name);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
}

static void print_file(FILE *stream, const char *path)
{
	FILE *file = fopen(path, "re");
	int c;

	if (!file)
		return;
	while ((c = getc(file)) != EOF) // NOLINT(bugprone-assignment-in-if-condition)
		(void)putc(c, stream);
	(void)fclose(file);
}

static char *read_state(const char *path)
{
	char *text = NULL;
	size_t length = 0;
	FILE *stream = open_memstream(&text, &length);
	struct stat st;

	if (!stream)
		abort();
	if (stat(path, &st) < 0)
		(void)fprintf(stream, "missing\n");
	else if (S_ISDIR(st.st_mode))
		print_directory(stream, path);
	else
		print_file(stream, path);
	(void)fclose(stream);
	return text;
}

/* From the first byte that differs on. */
static void print_change(const char *path, const char *before, const char *after)
{
	while (*before && *before == *after) {
		before++;
		after++;
	}
	(void)printf("'%s' has changed, from '%.200s' to '%.200s'\n", path, before, after);
}

static bool is_as_before(const struct storm *storm)
{
	bool is_same = true;

	for (size_t i = 0; i < storm->watched_count; i++) {
		char *state = read_state(storm->watched[i]);

		if (strcmp(state, storm->states[i]) != 0) {
			print_change(storm->watched[i], storm->states[i], state);
			is_same = false;
		}
		free(state);
	}
	return is_same;
}

static _Noreturn void command_run(const struct storm *storm, int fd)
{
	int null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	sigset_t none;

	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	(void)setsid();
	if (storm->has_terminal && ioctl(fd, TIOCSCTTY, 0) < 0)
		_exit(125);
	(void)dup2(storm->has_terminal ? fd : null_fd, STDIN_FILENO);
	(void)dup2(storm->has_terminal ? fd : null_fd, STDOUT_FILENO);
	(void)dup2(fd, STDERR_FILENO);
	(void)execvp(storm->command[0], storm->command);
	_exit(127);
}

static void run_start(const struct storm *storm, struct run *run)
{
	int fd;

	if (storm->has_terminal) {
		run->output_fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
		if (run->output_fd < 0 || unlockpt(run->output_fd) < 0)
			abort();
		fd = ioctl(run->output_fd, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	} else {
		run->output_fd = memfd_create("stderr", MFD_CLOEXEC);
		fd = fcntl(run->output_fd, F_DUPFD_CLOEXEC, 0);
	}
	run->started = now();
	run->pid = fork();
	if (run->pid == 0)
		command_run(storm, fd);
	if (fd < 0 || run->pid < 0)
		abort();
	(void)close(fd);
}

static bool is_silent(const struct run *run)
{
	char text[1024];
	ssize_t n = read(run->output_fd, text, sizeof(text));

	/* The number of bytes in a file in memory is the offset that we share. */
	if (n <= 0)
		n = pread(run->output_fd, text, sizeof(text), 0);
	if (n > 0)
		(void)printf("it has said: %.*s\n", (int)n, text);
	return n <= 0;
}

/* Waits until nothing that was started is left. */
static bool run_reap(struct run *run)
{
	int64_t limit = now() + factor() * PATIENCE_NANOSECONDS;
	sigset_t child;
	int status;

	(void)sigemptyset(&child);
	(void)sigaddset(&child, SIGCHLD);
	for (;;) {
		const struct timespec second = { 1, 0 };
		pid_t pid = waitpid(-1, &status, WNOHANG);

		if (pid < 0)
			return true;
		if (pid == run->pid)
			run->status = status;
		if (pid > 0)
			continue;
		if (now() > limit)
			return false;
		(void)sigtimedwait(&child, NULL, &second);
	}
}

static bool run_finish(struct storm *storm, struct run *run)
{
	bool is_over = run_reap(run), is_good;

	if (!is_over)
		(void)printf("something is still there\n");
	if (WIFEXITED(run->status))
		storm->ended_first++;
	is_good = !WIFEXITED(run->status) || WEXITSTATUS(run->status) == storm->expected_status;
	if (!is_good)
		(void)printf("it has ended with status %d\n", WEXITSTATUS(run->status));
	is_good = is_silent(run) && is_good;
	is_good = is_as_before(storm) && is_good && is_over;
	(void)close(run->output_fd);
	return is_good;
}

static bool kill_once(struct storm *storm, int number)
{
	int64_t delay = (int64_t)(random_next(&storm->random) % (uint64_t)storm->life), killed;
	struct run run = { .status = -1 };

	run_start(storm, &run);
	sleep_until(run.started + delay);
	killed = now();
	/* Not reaped yet, so that the number is still its own. */
	(void)kill(run.pid, SIGKILL);
	if (run_finish(storm, &run)) {
		int64_t took = now() - killed;

		storm->slowest = took > storm->slowest ? took : storm->slowest;
		return true;
	}
	(void)printf("kill %d, after %lld us\n", number, (long long)delay / 1000);
	return false;
}

/* The first run makes what is made once; the longest of the others is the life. */
static bool measure(struct storm *storm)
{
	for (int i = 0; i <= MEASURED_RUNS; i++) {
		struct run run = { .status = -1 };
		int64_t took;

		run_start(storm, &run);
		if (!run_reap(&run) || !WIFEXITED(run.status) ||
		    WEXITSTATUS(run.status) != storm->expected_status || !is_silent(&run)) {
			(void)printf("an undisturbed run fails: %d\n", run.status);
			return false;
		}
		took = now() - run.started;
		(void)close(run.output_fd);
		if (i > 0 && took > storm->life)
			storm->life = took;
	}
	for (size_t i = 0; i < storm->watched_count; i++)
		storm->states[i] = read_state(storm->watched[i]);
	return true;
}

int main(int argc, char **argv)
{
	struct storm storm = { 0 };
	sigset_t child;
	int kills, failed = 0;

	if (argc < 7)
		return 2;
	kills = (int)strtol(argv[1], NULL, 10);
	storm.random = strtoull(argv[2], NULL, 10);
	storm.has_terminal = strcmp(argv[3], "terminal") == 0;
	storm.expected_status = (int)strtol(argv[4], NULL, 10);
	storm.watched = argv + 5;
	storm.command = argv + 5;
	while (*storm.command && strcmp(*storm.command, "--") != 0)
		storm.command++;
	storm.watched_count = (size_t)(storm.command - storm.watched);
	if (!*storm.command++ || storm.watched_count > WATCHED_MAXIMUM)
		return 2;
	(void)sigemptyset(&child);
	(void)sigaddset(&child, SIGCHLD);
	(void)sigprocmask(SIG_BLOCK, &child, NULL);
	if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0 || !measure(&storm))
		return 1;
	for (int i = 0; i < kills && failed < 5; i++)
		failed += !kill_once(&storm, i);
	(void)printf(
		"%d kills over %lld us, seed %s: %d ended before, all gone after at most %lld us\n",
		kills, (long long)storm.life / 1000, argv[2], storm.ended_first,
		(long long)storm.slowest / 1000);
	return failed > 0;
}
