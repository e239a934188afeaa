/* stubborn [DAEMONS [MILLISECONDS STATUS]]: a payload that does not want to end. It ignores every
 * signal that can be ignored, leaves things in the working directory's file `stubborn`, in /dev/shm
 * and in System V IPC, and starts daemons that do the same: forked twice, in sessions of their own,
 * every second one stopped. Then it makes the file `ready` and stays, or ends with STATUS. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

static void leave_file(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	if (fd >= 0)
		(void)close(fd);
}

static void daemon_start(int number)
{
	pid_t pid = fork();

	if (pid < 0)
		exit(2);
	if (pid > 0) {
		(void)waitpid(pid, NULL, 0);
		return;
	}
	(void)setsid();
	if (fork() != 0)
		_exit(0);
	(void)setsid();
	if (number % 2)
		(void)raise(SIGSTOP);
	for (;;)
		(void)pause();
}

int main(int argc, char **argv)
{
	int daemons = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 2;

	for (int number = 1; number <= SIGRTMAX; number++)
		if (number != SIGCHLD)
			(void)signal(number, SIG_IGN);
	leave_file("stubborn");
	leave_file("/dev/shm/stubborn");
	(void)shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
	(void)msgget(IPC_PRIVATE, IPC_CREAT | 0600);
	for (int i = 0; i < daemons; i++)
		daemon_start(i);
	leave_file("ready");
	if (argc > 3) {
		(void)usleep((useconds_t)strtoul(argv[2], NULL, 10) * 1000);
		return (int)strtol(argv[3], NULL, 10);
	}
	for (;;)
		(void)pause();
}
