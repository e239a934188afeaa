/* Processes outside: signals, tracing, memory, descriptors, priorities. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "tests/root/attack/attack.h"
#include "tests/root/attack/facts.h"

#ifndef SO_PEERPIDFD
#define SO_PEERPIDFD 77 /* Linux 6.5 */
#endif
#define IO_PRIORITY_OF_USER 3
#define IO_PRIORITY_IDLE (3 << 13)

static long ask_number(const char *question)
{
	const char *answer = witness_ask(question);

	return answer ? strtol(answer, NULL, 10) : -1000;
}

/* Whether the witness has got one more signal than `before`. */
static struct verdict signal_seen(long before, long result)
{
	int error = errno;
	long after = before;

	if (before < 0)
		return broken("the witness does not answer");
	for (int i = 0; i < 5 && after == before; i++) {
		(void)poll(NULL, 0, 4);
		after = ask_number("signals");
	}
	if (after > before)
		return escaped("the signal arrived outside");
	return result < 0 ? held_by(error) : held("nobody outside got it");
}

static struct verdict signal_process(void)
{
	long before = ask_number("signals");

	return signal_seen(before, kill((pid_t)fact_number("pid"), SIGURG));
}

static struct verdict signal_group(void)
{
	long before = ask_number("signals");

	return signal_seen(before, kill(-(pid_t)fact_number("group"), SIGURG));
}

static struct verdict signal_own_group(void)
{
	long before = ask_number("signals");

	return signal_seen(before, kill(0, SIGURG));
}

static struct verdict signal_all(void)
{
	long before = ask_number("signals");

	return signal_seen(before, kill(-1, SIGURG));
}

static struct verdict signal_thread(void)
{
	long pid = fact_number("pid"), before = ask_number("signals");

	return signal_seen(before, syscall(SYS_tgkill, pid, pid, SIGURG));
}

static struct verdict signal_queue(void)
{
	long before = ask_number("signals");

	return signal_seen(before, sigqueue((pid_t)fact_number("pid"), SIGURG,
					    (union sigval) { .sival_int = 1 }));
}

/* Not we send it, but a descriptor of ours when something happens to it. */
static struct verdict signal_by_descriptor(pid_t owner)
{
	long before = ask_number("signals"), r = -1;
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return broken("no socket pair");
	if (fcntl(ends[0], F_SETOWN, owner) == 0 && fcntl(ends[0], F_SETSIG, SIGURG) == 0 &&
	    fcntl(ends[0], F_SETFL, O_ASYNC | O_NONBLOCK) == 0)
		r = write(ends[1], "x", 1);
	return signal_seen(before, r);
}

static struct verdict signal_by_descriptor_to_process(void)
{
	return signal_by_descriptor((pid_t)fact_number("pid"));
}

static struct verdict signal_by_descriptor_to_group(void)
{
	return signal_by_descriptor(-getpgrp());
}

/* Yama keeps relatives apart even where nothing else does. */
static struct verdict unless_yama(struct verdict verdict)
{
	AUTO_CLOSE int fd = open("/proc/sys/kernel/yama/ptrace_scope", O_RDONLY | O_CLOEXEC);
	char scope = '0';

	if (verdict.outcome == OUTCOME_HELD && fd >= 0 && read(fd, &scope, 1) == 1 &&
	    scope != '0' && geteuid() != 0 && kill((pid_t)fact_number("pid"), 0) == 0)
		return not_applicable("kernel.yama.ptrace_scope is %c", scope);
	return verdict;
}

static struct verdict trace(pid_t pid)
{
	struct verdict verdict = of_call(ptrace(PTRACE_SEIZE, pid, NULL, NULL), "traced it");

	if (verdict.outcome == OUTCOME_ESCAPED)
		(void)ptrace(PTRACE_DETACH, pid, NULL, NULL);
	return verdict;
}

static struct verdict trace_process(void)
{
	return unless_yama(trace((pid_t)fact_number("pid")));
}

static struct verdict read_memory(void)
{
	char bytes[64] = "";
	struct iovec local = { bytes, sizeof(bytes) };
	/* NOLINTNEXTLINE(performance-no-int-to-ptr): an address of another process */
	struct iovec remote = { (void *)fact_number("secret_address"), sizeof(bytes) };

	if (process_vm_readv((pid_t)fact_number("pid"), &local, 1, &remote, 1, 0) < 0)
		return unless_yama(held_by(errno));
	return has_secret(bytes, sizeof(bytes)) ? escaped("read the secret")
						: held("another process");
}

static struct verdict memory_file(void)
{
	AUTO_CLOSE int fd = -1;
	char path[60], bytes[64] = "";

	(void)snprintf(path, sizeof(path), "/proc/%ld/mem", fact_number("pid"));
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0 || pread(fd, bytes, sizeof(bytes), fact_number("secret_address")) < 0)
		return unless_yama(held_by(errno));
	return has_secret(bytes, sizeof(bytes)) ? escaped("read the secret")
						: held("another process");
}

static struct verdict take_descriptor(pid_t pid, int number)
{
	AUTO_CLOSE int pid_fd = (int)syscall(SYS_pidfd_open, pid, 0), fd = -1;

	if (pid_fd < 0)
		return held_by(errno);
	fd = (int)syscall(SYS_pidfd_getfd, pid_fd, number, 0);
	return of_call(fd, "took a descriptor of it");
}

static struct verdict take_descriptor_of_process(void)
{
	return unless_yama(take_descriptor((pid_t)fact_number("pid"), 0));
}

/* The other end of a socket is known without being in sight. */
static struct verdict take_descriptor_by_socket(void)
{
	char *name = strdup(fact("shared_socket") ?: "");
	AUTO_CLOSE int fd = -1, pid_fd = -1, taken_fd = -1;
	socklen_t length = sizeof(pid_fd);

	if (!name)
		return broken("no memory");
	name[strcspn(name, " ")] = '\0';
	fd = connect_socket(name);
	free(name);
	if (fd < 0)
		return held_by(errno);
	if (getsockopt(fd, SOL_SOCKET, SO_PEERPIDFD, &pid_fd, &length) < 0)
		return errno == ENOPROTOOPT ? not_applicable("it came with Linux 6.5")
					    : held_by(errno);
	taken_fd = (int)syscall(SYS_pidfd_getfd, pid_fd, 0, 0);
	return unless_yama(of_call(taken_fd, "took a descriptor of it"));
}

static bool is_witness(long pid, void *data)
{
	char path[60], name[30] = "";
	AUTO_CLOSE int fd = -1;

	(void)data;
	(void)snprintf(path, sizeof(path), "/proc/%ld/comm", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd >= 0 && read(fd, name, sizeof(name) - 1) > 0 &&
	       strncmp(name, "attack-witness", 14) == 0;
}

static struct verdict see_process(void)
{
	return each_other_process(is_witness, NULL) ? escaped("it is listed in /proc")
						    : held("not in /proc");
}

static bool environment_has_secret(long pid, void *data)
{
	static const char *const names[] = { "environ", "cmdline" };
	char path[60], *bytes = data;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		AUTO_CLOSE int fd = -1;
		ssize_t n;

		(void)snprintf(path, sizeof(path), "/proc/%ld/%s", pid, names[i]);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		n = fd < 0 ? -1 : read(fd, bytes, 65536);
		if (n > 0 && has_secret(bytes, (size_t)n))
			return true;
	}
	return false;
}

static struct verdict environments(void)
{
	static char bytes[65536];

	return each_other_process(environment_has_secret, bytes) ? escaped("found the secret")
								 : held("no process tells it");
}

static struct verdict priority_of_user(void)
{
	long before = ask_number("nice"), r = setpriority(PRIO_USER, 0, (int)before + 1);
	int error = errno;

	if (before <= -1000)
		return broken("the witness does not answer");
	if (ask_number("nice") != before)
		return escaped("the witness outside is slower now");
	return r < 0 ? held_by(error) : held("nobody outside is slower");
}

static struct verdict io_priority_of_user(void)
{
	long before = ask_number("io-priority"), r;
	int error;

	r = syscall(SYS_ioprio_set, IO_PRIORITY_OF_USER, getuid(), IO_PRIORITY_IDLE);
	error = errno;
	if (before <= -1000)
		return broken("the witness does not answer");
	if (ask_number("io-priority") != before)
		return escaped("the witness outside is idle class now");
	return r < 0 ? held_by(error) : held("nobody outside is slower");
}

static struct verdict limit_of_process(void)
{
	struct rlimit limit;

	return of_call(prlimit((pid_t)fact_number("pid"), RLIMIT_NOFILE, NULL, &limit),
		       "its limits are ours to set");
}

const struct attack process_attacks[] = {
	{ "signal-process", CONTROL_USER, "", "a signal by process id", signal_process },
	{ "signal-thread", CONTROL_USER, "", "a signal by thread id", signal_thread },
	{ "signal-queue", CONTROL_USER, "", "a queued signal", signal_queue },
	{ "signal-group", CONTROL_USER, "", "a signal by group id", signal_group },
	{ "signal-own-group", CONTROL_USER, "", "kill(0): the caller's group, if it is ours",
	  signal_own_group },
	{ "signal-all", CONTROL_USER, "", "kill(-1): whatever there is", signal_all },
	{ "signal-by-descriptor", CONTROL_USER, "", "F_SETOWN and O_ASYNC, by process",
	  signal_by_descriptor_to_process },
	{ "signal-by-descriptor-to-group", CONTROL_USER, "", "the same, by our own group",
	  signal_by_descriptor_to_group },
	{ "trace-process", CONTROL_USER, "", "ptrace", trace_process },
	{ "read-memory", CONTROL_USER, "", "process_vm_readv", read_memory },
	{ "memory-file", CONTROL_USER, "", "/proc/PID/mem", memory_file },
	{ "take-descriptor", CONTROL_USER, "seccomp", "pidfd_getfd", take_descriptor_of_process },
	{ "take-descriptor-by-socket", CONTROL_USER, "seccomp",
	  "pidfd_getfd of a socket's other end", take_descriptor_by_socket },
	{ "see-process", CONTROL_USER, "", "to find it in /proc", see_process },
	{ "environments", CONTROL_USER, "", "the environment of any process", environments },
	{ "priority-of-user", CONTROL_USER, "", "setpriority of all processes of the user",
	  priority_of_user },
	{ "io-priority-of-user", CONTROL_USER, "", "ioprio_set of all processes of the user",
	  io_priority_of_user },
	{ "limit-of-process", CONTROL_USER, "", "prlimit", limit_of_process },
	{ 0 },
};

/* --- PID 1 --- */

static struct verdict init_environment(void)
{
	return try_open("/proc/1/environ", O_RDONLY);
}

static struct verdict init_memory(void)
{
	return try_open("/proc/1/mem", O_RDWR);
}

static struct verdict init_maps(void)
{
	AUTO_CLOSE int fd = open("/proc/1/maps", O_RDONLY | O_CLOEXEC);
	char byte;

	if (fd < 0)
		return held_by(errno);
	return of_call(read(fd, &byte, 1), "read its maps");
}

static struct verdict init_program(void)
{
	return try_open("/proc/1/exe", O_RDONLY);
}

static struct verdict init_program_write(void)
{
	return try_open("/proc/1/exe", O_WRONLY);
}

static struct verdict init_root(void)
{
	static const char *const names[] = { "/proc/1/root/", "/proc/1/cwd/", "/proc/1/root/etc",
					     NULL };

	return try_open_any(names, O_RDONLY | O_DIRECTORY);
}

static struct verdict init_descriptors(void)
{
	static const char *const names[] = { "/proc/1/fd", "/proc/1/fdinfo", "/proc/1/fd/0", NULL };

	return try_open_any(names, O_RDONLY);
}

static struct verdict init_trace(void)
{
	return trace(1);
}

static struct verdict init_take_descriptor(void)
{
	return take_descriptor(1, 0);
}

static struct verdict init_read(void)
{
	static const char *const names[] = { "/proc/1/auxv",	  "/proc/1/syscall",
					     "/proc/1/stack",	  "/proc/1/pagemap",
					     "/proc/1/map_files", NULL };
	struct verdict verdict = held_by(ENOENT);

	for (const char *const *name = names; *name; name++) {
		AUTO_CLOSE int fd = open(*name, O_RDONLY | O_CLOEXEC);
		char byte;

		if (fd >= 0 && read(fd, &byte, 1) == 1)
			return escaped("read '%s'", *name);
		if (errno != ENOENT)
			verdict = held_by(errno);
	}
	return verdict;
}

const struct attack init_attacks[] = {
	{ "init-environment", CONTROL_ROOT, "", "PID 1's environment", init_environment },
	{ "init-memory", CONTROL_ROOT, "", "PID 1's memory", init_memory },
	{ "init-maps", CONTROL_ROOT, "", "where PID 1's memory is", init_maps },
	{ "init-secrets", CONTROL_ROOT, "", "other files in /proc/1", init_read },
	{ "init-program", CONTROL_ROOT, "", "to read /proc/1/exe", init_program },
	{ "init-program-write", CONTROL_ROOT, "", "to write /proc/1/exe", init_program_write },
	{ "init-root", CONTROL_ROOT, "", "/proc/1/root and /proc/1/cwd", init_root },
	{ "init-descriptors", CONTROL_ROOT, "", "/proc/1/fd", init_descriptors },
	{ "init-trace", CONTROL_ROOT, "", "ptrace of PID 1", init_trace },
	{ "init-take-descriptor", CONTROL_ROOT, "", "pidfd_getfd of PID 1", init_take_descriptor },
	{ 0 },
};
