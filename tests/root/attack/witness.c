/* attack-witness PREFIX DIRECTORY SECRET: an innocent process of the user's. It has what an
 * attacker would like to reach: a secret in its memory, environment, keyrings and open files,
 * sockets, IPC objects, a terminal. It writes what an attacker may know of these to
 * DIRECTORY/facts, each name with PREFIX before it, and then answers questions (facts.h) through
 * FIFOs in DIRECTORY until it is killed. Where the witness has a home, it is $HOME; what it makes
 * there is new. */
#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <mqueue.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "tests/root/attack/record.h"

#define KEY_SECONDS 120
#define IOPRIO_OF_PROCESS 1

static volatile sig_atomic_t signals;
static const char *prefix;
static FILE *facts;

static _Noreturn void fail(const char *what)
{
	(void)fprintf(stderr, "attack-witness: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void on_signal(int number)
{
	(void)number;
	signals++;
}

/* NAME is a path, or "@" and the rest of an abstract one. */
static bool listen_at(const char *name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	size_t length = strlen(name);

	if (fd < 0 || length >= sizeof(address.sun_path))
		fail(name);
	memcpy(address.sun_path, name, length);
	if (*name == '@')
		address.sun_path[0] = '\0';
	if (bind(fd, (struct sockaddr *)&address,
		 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)) < 0 ||
	    listen(fd, 100) < 0)
		return false;
	return true;
}

static void listen_below(const char *directory, const char *name)
{
	char path[120];

	(void)snprintf(path, sizeof(path), "%s/%s", directory, name);
	if (listen_at(path))
		(void)fprintf(facts, "%s ", path);
}

static void sockets_open(const char *place)
{
	struct timespec now;
	char name[120];

	/* Unlike any other of the machine, whose pids may be the same. */
	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	(void)snprintf(name, sizeof(name), "@attack-%s%d-%jd%09ld", prefix, getpid(),
		       (intmax_t)now.tv_sec, now.tv_nsec);
	if (!listen_at(name))
		fail(name);
	(void)fprintf(facts, "%sabstract=%s\n%ssockets=", prefix, name, prefix);
	(void)umask(0);
	(void)snprintf(name, sizeof(name), "/run/user/%u", getuid());
	listen_below(getenv("HOME"), "service");
	listen_below(name, "bus");
	listen_below("/run/dbus", "system_bus_socket");
	(void)umask(022);
	/* One that is shared on purpose: what it leads to is not. */
	(void)fprintf(facts, "\n%sshared_socket=", prefix);
	listen_below(place, "shared");
	(void)fprintf(facts, "\n");
}

static void objects_make(const char *secret)
{
	/* Unlike for any two witnesses of a machine, and not 0. */
	key_t key = (key_t)(getpid() * 257 + (int)(strlen(prefix) << 20) + 1);
	int segment = shmget(key, 4096, IPC_CREAT | 0600), queue = msgget(key, IPC_CREAT | 0600);
	char *memory = segment < 0 ? NULL : shmat(segment, NULL, 0), name[80];
	struct {
		long type;
		char text[64];
	} message = { .type = 1 };
	int fd;
	mqd_t posix_queue;

	if (!memory || (intptr_t)memory == -1 || queue < 0 || semget(key, 1, IPC_CREAT | 0600) < 0)
		fail("System V IPC");
	(void)snprintf(memory, 64, "%s", secret);
	(void)snprintf(message.text, sizeof(message.text), "%s", secret);
	if (msgsnd(queue, &message, sizeof(message.text), IPC_NOWAIT) < 0)
		fail("msgsnd");
	(void)snprintf(name, sizeof(name), "/attack-%s%d", prefix, getpid());
	fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
	if (fd < 0 || write(fd, secret, strlen(secret)) < 0)
		fail("shm_open");
	posix_queue = mq_open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600, NULL);
	if (posix_queue == (mqd_t)-1 || mq_send(posix_queue, secret, strlen(secret), 1) < 0)
		fail("mq_open");
	(void)fprintf(facts, "%sipc_key=%d\n%sposix_name=%s\n", prefix, key, prefix, name);
}

/* A kernel without keys has none to take. */
static void keys_add(const char *secret)
{
	long session = syscall(SYS_add_key, "user", "attack-session", secret, strlen(secret),
			       KEY_SPEC_SESSION_KEYRING);
	long user = syscall(SYS_add_key, "user", "attack-user", secret, strlen(secret),
			    KEY_SPEC_USER_KEYRING);

	if (session < 0 || user < 0)
		return;
	(void)syscall(SYS_keyctl, KEYCTL_SET_TIMEOUT, session, KEY_SECONDS);
	(void)syscall(SYS_keyctl, KEYCTL_SET_TIMEOUT, user, KEY_SECONDS);
	(void)fprintf(facts, "%ssession_key=%ld\n%suser_key=%ld\n", prefix, session, prefix, user);
}

static void self_describe(const char *secret)
{
	static const char *const namespaces[] = { "mnt",    "pid", "ipc", "uts",
						  "cgroup", "net", "user" };
	char *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char path[60];
	struct stat status;

	if (memory == MAP_FAILED)
		fail("mmap");
	(void)snprintf(memory, 4096, "%s", secret);
	(void)fprintf(facts, "%spid=%d\n%sgroup=%d\n%ssession=%d\n%ssecret_address=%p\n", prefix,
		      getpid(), prefix, getpgrp(), prefix, getsid(0), prefix, (void *)memory);
	for (size_t i = 0; i < sizeof(namespaces) / sizeof(namespaces[0]); i++) {
		(void)snprintf(path, sizeof(path), "/proc/self/ns/%s", namespaces[i]);
		if (stat(path, &status) == 0)
			(void)fprintf(facts, "%sns_%s=%lu\n", prefix, namespaces[i],
				      (unsigned long)status.st_ino);
	}
	if (fstat(STDIN_FILENO, &status) == 0 && isatty(STDIN_FILENO))
		(void)fprintf(facts, "%stty=%s\n%stty_device=%lu\n%stty_number=%lu\n", prefix,
			      ttyname(STDIN_FILENO), prefix, (unsigned long)status.st_dev, prefix,
			      (unsigned long)status.st_rdev);
}

static void answer(const char *question, char *text, size_t size)
{
	struct utsname names;
	int waiting = 0;

	if (strcmp(question, "signals") == 0)
		(void)snprintf(text, size, "%d", (int)signals);
	else if (strcmp(question, "nice") == 0)
		(void)snprintf(text, size, "%d", getpriority(PRIO_PROCESS, 0));
	else if (strcmp(question, "io-priority") == 0)
		(void)snprintf(text, size, "%ld", syscall(SYS_ioprio_get, IOPRIO_OF_PROCESS, 0));
	else if (strcmp(question, "hostname") == 0 && uname(&names) == 0)
		(void)snprintf(text, size, "%s", names.nodename);
	else if (strncmp(question, "exists ", 7) == 0)
		(void)snprintf(text, size, "%s", access(question + 7, F_OK) == 0 ? "yes" : "no");
	else if (strcmp(question, "typed") == 0)
		(void)snprintf(text, size, "%d",
			       ioctl(STDIN_FILENO, FIONREAD, &waiting) < 0 ? -1 : waiting);
	else
		(void)snprintf(text, size, "?");
}

static int fifo_open(const char *directory, const char *name)
{
	char path[512];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%s", directory, name);
	fd = mkfifo(path, 0600) < 0 ? -1 : open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		fail(path);
	return fd;
}

static _Noreturn void serve(int ask_fd, int answer_fd)
{
	struct record asked, answered;

	for (;;) {
		/* A signal may come between. */
		if (read(ask_fd, &asked, sizeof(asked)) != (ssize_t)sizeof(asked))
			continue;
		asked.text[sizeof(asked.text) - 1] = '\0';
		answered = (struct record) { .number = asked.number };
		answer(asked.text, answered.text, sizeof(answered.text));
		if (write(answer_fd, &answered, sizeof(answered)) < 0)
			fail("answer");
	}
}

int main(int argc, char **argv)
{
	const struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
	char path[512], name[520];
	int ask_fd, answer_fd;

	if (argc != 4)
		return 2;
	prefix = argv[1];
	(void)signal(SIGTTOU, SIG_IGN);
	(void)signal(SIGTTIN, SIG_IGN);
	if (sigaction(SIGURG, &action, NULL) < 0)
		fail("sigaction");
	(void)snprintf(path, sizeof(path), "%s/facts", argv[2]);
	(void)snprintf(name, sizeof(name), "%s.new", path);
	facts = fopen(name, "we");
	if (!facts)
		fail(name);
	ask_fd = fifo_open(argv[2], "ask");
	answer_fd = fifo_open(argv[2], "answer");
	self_describe(argv[3]);
	sockets_open(argv[2]);
	objects_make(argv[3]);
	keys_add(argv[3]);
	if (fclose(facts) != 0 || rename(name, path) < 0)
		fail(path);
	serve(ask_fd, answer_fd);
}
