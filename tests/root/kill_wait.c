/* kill-wait MILLISECONDS VICTIM PID...: kills VICTIM with SIGKILL and waits for the end of all the
 * processes named. A process that has ended counts as ended whether it was reaped or not, which
 * /proc does not tell. Prints the milliseconds it took; 1 when the time was too short. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define PROCESSES_MAXIMUM 256

static long milliseconds_since(const struct timespec *start)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (now.tv_sec - start->tv_sec) * 1000 + (now.tv_nsec - start->tv_nsec) / 1000000;
}

/* -1 when there is no such process any more: one that is short-lived may have ended by itself. */
static int pid_open(const char *text)
{
	long fd = syscall(SYS_pidfd_open, (pid_t)strtol(text, NULL, 10), 0);

	if (fd < 0 && errno != ESRCH) {
		perror(text);
		exit(2);
	}
	return (int)fd;
}

int main(int argc, char **argv)
{
	int fds[PROCESSES_MAXIMUM], count = 0;
	struct timespec start;
	long limit;

	if (argc < 3 || argc - 2 > PROCESSES_MAXIMUM)
		return 2;
	limit = strtol(argv[1], NULL, 10);
	for (int i = 2; i < argc; i++)
		fds[count++] = pid_open(argv[i]);
	if (fds[0] < 0) {
		(void)fprintf(stderr, "no process %s to kill\n", argv[2]);
		return 2;
	}
	(void)clock_gettime(CLOCK_MONOTONIC, &start);
	if (syscall(SYS_pidfd_send_signal, fds[0], SIGKILL, NULL, 0U) < 0) {
		perror("pidfd_send_signal");
		return 2;
	}
	for (int i = 0; i < count; i++) {
		struct pollfd end = { .fd = fds[i], .events = POLLIN };
		long left = limit - milliseconds_since(&start);

		if (fds[i] >= 0 && poll(&end, 1, left > 0 ? (int)left : 0) != 1) {
			(void)fprintf(stderr, "process %s has not ended\n", argv[i + 2]);
			return 1;
		}
	}
	(void)printf("%ld\n", milliseconds_since(&start));
	return 0;
}
