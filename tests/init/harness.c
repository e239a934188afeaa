#include "tests/init/harness.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "init/control.h"
#include "init/reaper.h"
#include "tests/support/test.h"

/* A descriptor that PID 1 inherits by mistake: it must not keep it. */
#define STRAY_FD 9

/* --- in the child that becomes PID 1: no assertions here ----------------------------------------
 */

static void child_arrange_descriptors(int control_fd, int error_fd)
{
	int null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (dup2(null_fd, STDIN_FILENO) < 0 || dup2(error_fd, STDOUT_FILENO) < 0 ||
	    dup2(error_fd, STDERR_FILENO) < 0)
		_exit(90);
	if (control_fd < 0)
		(void)close(CONTROL_FD);
	else if (control_fd == CONTROL_FD)
		(void)fcntl(CONTROL_FD, F_SETFD, 0);
	else if (dup2(control_fd, CONTROL_FD) < 0)
		_exit(91);
	if (syscall(SYS_close_range, CONTROL_FD + 1, UINT_MAX, 0) < 0)
		_exit(92);
}

/* The order matters: what is not in the bounding set cannot become inheritable, and dropping from
 * it takes CAP_SETPCAP, which `capabilities` may lack. */
static void child_set_capabilities(uint64_t capabilities, uint64_t bounding)
{
	/* linux/capability.h: _LINUX_CAPABILITY_VERSION_3; effective, permitted, inheritable. */
	uint32_t header[2] = { 0x20080522u, 0 };
	uint32_t low = (uint32_t)capabilities, high = (uint32_t)(capabilities >> 32);
	uint32_t data[6];

	if (syscall(SYS_capget, header, data) < 0)
		_exit(94);
	data[2] = low;
	data[5] = high;
	if (syscall(SYS_capset, header, data) < 0)
		_exit(95);
	for (unsigned long i = 0; prctl(PR_CAPBSET_READ, i, 0, 0, 0) >= 0; i++) {
		if (!(bounding & (UINT64_C(1) << i)) && prctl(PR_CAPBSET_DROP, i, 0, 0, 0) < 0)
			_exit(96);
	}
	data[0] = data[1] = low;
	data[3] = data[4] = high;
	if (syscall(SYS_capset, header, data) < 0)
		_exit(97);
}

static _Noreturn void child_run_init(const struct harness_launch *launch, int control_fd,
				     int error_fd)
{
	static const char *const empty[] = { NULL };
	const char *const *environment = launch->environment ? launch->environment : empty;
	const char *arguments[64] = { "claude-sandbox-init" };

	for (size_t i = 0; launch->words[i] && i < 62; i++)
		arguments[i + 1] = launch->words[i];
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("proc", "/proc", "proc", 0, NULL) < 0)
		_exit(89);
	if (launch->control == HARNESS_CONTROL_MISSING)
		control_fd = -1;
	else if (launch->control == HARNESS_CONTROL_FILE)
		control_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	else if (launch->control == HARNESS_CONTROL_STREAM)
		control_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	child_arrange_descriptors(control_fd, error_fd);
	child_set_capabilities(launch->capabilities, launch->bounding);
	if (dup2(STDERR_FILENO, STRAY_FD) < 0)
		_exit(93);
	(void)umask(0);
	(void)execve(launch->init_path, (char *const *)arguments, (char *const *)environment);
	_exit(99);
}

static _Noreturn void child_run_reaper(void (*prepare)(void), int control_fd, int error_fd)
{
	struct reaper reaper;

	child_arrange_descriptors(control_fd, error_fd);
	if (prepare)
		prepare();
	if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0 || setsid() < 0)
		_exit(98);
	if (reaper_open(&reaper, CONTROL_FD) < 0)
		_exit(CONTROL_EXIT_FAILURE);
	_exit(reaper_run(&reaper));
}

/* --- in the test's process
 * ------------------------------------------------------------------------ */

/* As fork(), in new namespaces. */
static pid_t fork_into(unsigned long flags)
{
	return (pid_t)syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, NULL);
}

static void harness_open(struct harness *harness, int *ret_control_fd)
{
	int pair[2], ends[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	/* So that a payload may write much before it is read. */
	(void)fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);
	*harness = (struct harness) {
		.control_fd = pair[0],
		.output_fd = ends[0],
		.stdout_fd = ends[1],
		.error_fd = memfd_create("stderr", MFD_CLOEXEC),
	};
	assert_true(harness->error_fd >= 0);
	*ret_control_fd = pair[1];
}

static void harness_watch(struct harness *harness, pid_t pid, int control_fd)
{
	assert_true(pid > 0);
	harness->pid = pid;
	assert_int_equal(close(control_fd), 0);
}

void harness_start_reaper(struct harness *harness, void (*prepare)(void))
{
	int control_fd = -1;
	pid_t pid;

	harness_open(harness, &control_fd);
	pid = fork();
	if (pid == 0)
		child_run_reaper(prepare, control_fd, harness->error_fd);
	harness_watch(harness, pid, control_fd);
}

/* Starts PID 1 from a process between, which tells its pid and then only waits to be killed. */
static pid_t middleman_start(const struct harness *harness, const struct harness_launch *launch,
			     int control_fd, pid_t *ret_pid)
{
	int ends[2];
	pid_t middleman;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	middleman = fork();
	assert_true(middleman >= 0);
	if (middleman == 0) {
		pid_t pid;

		(void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
		pid = fork_into(CLONE_NEWPID | CLONE_NEWNS);
		if (pid == 0)
			child_run_init(launch, control_fd, harness->error_fd);
		(void)!write(ends[1], &pid, sizeof(pid));
		/* Nothing of it may keep the test's pipes and sockets open. */
		(void)syscall(SYS_close_range, 0, UINT_MAX, 0);
		for (;;)
			(void)pause();
	}
	assert_int_equal(read(ends[0], ret_pid, sizeof(*ret_pid)), sizeof(*ret_pid));
	assert_int_equal(close(ends[0]), 0);
	assert_int_equal(close(ends[1]), 0);
	return middleman;
}

pid_t harness_start_init(struct harness *harness, const struct harness_launch *launch)
{
	int control_fd = -1;
	pid_t pid, parent = 0;

	harness_open(harness, &control_fd);
	if (launch->control == HARNESS_CONTROL_HUNG_UP) {
		assert_int_equal(close(harness->control_fd), 0);
		harness->control_fd = -1;
	}
	if (launch->by_middleman) {
		parent = middleman_start(harness, launch, control_fd, &pid);
	} else {
		pid = fork_into(CLONE_NEWPID | CLONE_NEWNS);
		if (pid == 0)
			child_run_init(launch, control_fd, harness->error_fd);
	}
	harness_watch(harness, pid, control_fd);
	return parent;
}

void harness_use_terminal(struct harness *harness)
{
	int master_fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	struct termios attributes;

	assert_true(master_fd >= 0);
	assert_int_equal(unlockpt(master_fd), 0);
	assert_int_equal(close(harness->output_fd), 0);
	assert_int_equal(close(harness->stdout_fd), 0);
	harness->output_fd = master_fd;
	harness->stdout_fd = open(ptsname(master_fd), O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(harness->stdout_fd >= 0);
	assert_int_equal(tcgetattr(harness->stdout_fd, &attributes), 0);
	attributes.c_lflag &= ~(tcflag_t)ECHO;
	assert_int_equal(tcsetattr(harness->stdout_fd, TCSANOW, &attributes), 0);
	harness->has_terminal = true;
}

void harness_spawn_raw(struct harness *harness, const void *data, size_t size)
{
	struct control_message message = { .type = CONTROL_SPAWN };
	int request_fd = fd_sealed_memory("request", 0, data, size);
	int null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	int fds[CONTROL_SPAWN_FDS_MAX] = { request_fd, null_fd, harness->stdout_fd,
					   harness->error_fd, -1 };
	size_t count = CONTROL_SPAWN_TTY;

	assert_true(request_fd >= 0 && null_fd >= 0);
	if (harness->has_terminal) {
		for (size_t i = CONTROL_SPAWN_STDIN; i <= CONTROL_SPAWN_TTY; i++)
			fds[i] = harness->stdout_fd;
		count = CONTROL_SPAWN_FDS_MAX;
	}
	assert_true(fd_send(harness->control_fd, &message, sizeof(message), fds, count) >= 0);
	assert_int_equal(close(request_fd), 0);
	assert_int_equal(close(null_fd), 0);
	if (harness->stdout_fd >= 0)
		assert_int_equal(close(harness->stdout_fd), 0);
	harness->stdout_fd = -1;
}

static uint32_t strings_write(FILE *stream, const char *const *strings)
{
	uint32_t count = 0;

	for (; strings && strings[count]; count++)
		assert_int_equal(fwrite(strings[count], strlen(strings[count]) + 1, 1, stream), 1);
	return count;
}

void harness_spawn(struct harness *harness, const struct harness_request *request)
{
	struct control_request header = { .version = CONTROL_REQUEST_VERSION };
	const char *directory[] = { request->directory ? request->directory : "/", NULL };
	char *data = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&data, &size);

	assert_non_null(stream);
	assert_int_equal(fwrite(&header, sizeof(header), 1, stream), 1);
	(void)strings_write(stream, directory);
	header.argument_count = strings_write(stream, request->arguments);
	header.environment_count = strings_write(stream, request->environment);
	assert_int_equal(fclose(stream), 0);
	memcpy(data, &header, sizeof(header));
	harness_spawn_raw(harness, data, size);
	free(data);
}

/* A directory of our own, and the copy in it. */
static char public_directory[] = "/tmp/init-probe-XXXXXX";
static char public_probe[sizeof(public_directory) + sizeof("/probe")];

int harness_publish_probe(void **state)
{
	AUTO_CLOSE int from = open(PROBE_PATH, O_RDONLY | O_CLOEXEC), to = -1;
	struct stat st;

	(void)state;
	if (from < 0 || fstat(from, &st) < 0 || !mkdtemp(public_directory) ||
	    chmod(public_directory, 0755) < 0)
		return -1;
	(void)snprintf(public_probe, sizeof(public_probe), "%s/probe", public_directory);
	to = open(public_probe, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0700);
	if (to < 0 || sendfile(to, from, NULL, (size_t)st.st_size) != st.st_size)
		return -1;
	return fchmod(to, 0755);
}

int harness_remove_probe(void **state)
{
	(void)state;
	(void)unlink(public_probe);
	return rmdir(public_directory);
}

void harness_spawn_probe(struct harness *harness, const char *verb, const char *word)
{
	const char *program = public_probe[0] ? public_probe : PROBE_PATH;
	const char *arguments[] = { program, verb, word, NULL };
	struct harness_request request = { .arguments = arguments };

	harness_spawn(harness, &request);
}

void harness_send(struct harness *harness, uint32_t type, int32_t value)
{
	struct control_message message = { .type = type, .value = value };

	assert_true(fd_send(harness->control_fd, &message, sizeof(message), NULL, 0) >= 0);
}

static bool is_readable(int fd)
{
	struct pollfd event = { .fd = fd, .events = POLLIN };

	return poll(&event, 1, HARNESS_PATIENCE_MS) == 1;
}

int harness_await_stop(struct harness *harness)
{
	struct control_message message = { 0 };

	assert_true(is_readable(harness->control_fd));
	assert_int_equal(read(harness->control_fd, &message, sizeof(message)), sizeof(message));
	assert_int_equal(message.type, CONTROL_STOPPED);
	return message.value;
}

void harness_expect_line(struct harness *harness, const char *expected)
{
	char line[256] = { 0 };
	size_t used = 0;

	for (;;) {
		assert_true(used < sizeof(line) - 1);
		assert_true(is_readable(harness->output_fd));
		assert_int_equal(read(harness->output_fd, line + used, 1), 1);
		if (line[used] == '\n')
			break;
		used += line[used] != '\r';
	}
	line[used] = '\0';
	assert_string_equal(line, expected);
}

void harness_type(struct harness *harness, const char *text)
{
	assert_int_equal(write(harness->output_fd, text, strlen(text)), (ssize_t)strlen(text));
}

char *harness_read_output(struct harness *harness, size_t *ret_length)
{
	char *data = NULL;
	size_t size = 0;
	FILE *stream = open_memstream(&data, &size);
	char buffer[4096];
	ssize_t n;

	assert_non_null(stream);
	do {
		assert_true(is_readable(harness->output_fd));
		n = read(harness->output_fd, buffer, sizeof(buffer));
		/* A terminal without a slave answers EIO. */
		assert_true(n >= 0 || errno == EIO);
		if (n > 0)
			(void)fwrite(buffer, (size_t)n, 1, stream);
	} while (n > 0);
	assert_int_equal(fclose(stream), 0);
	if (ret_length)
		*ret_length = size;
	return data;
}

char *harness_read_error(struct harness *harness)
{
	char *text = calloc(1, 65536);

	assert_non_null(text);
	assert_true(pread(harness->error_fd, text, 65535, 0) >= 0);
	return text;
}

int harness_wait(struct harness *harness)
{
	int status = 0, left = HARNESS_PATIENCE_MS;
	pid_t pid;

	for (pid = 0; pid == 0 && left > 0; left--) {
		pid = waitpid(harness->pid, &status, WNOHANG);
		if (pid == 0)
			(void)poll(NULL, 0, 1);
	}
	assert_int_equal(pid, harness->pid);
	harness->pid = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

void harness_finish(struct harness *harness)
{
	int fds[] = { harness->control_fd, harness->output_fd, harness->error_fd,
		      harness->stdout_fd };

	if (harness->pid > 0) {
		(void)kill(harness->pid, SIGKILL);
		(void)waitpid(harness->pid, NULL, 0);
	}
	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++) {
		if (fds[i] >= 0)
			(void)close(fds[i]);
	}
}

void harness_check_status(struct harness *harness, int expected)
{
	assert_int_equal(harness_wait(harness), expected);
	harness_finish(harness);
}

void harness_check_error(struct harness *harness, int expected, const char *beginning)
{
	int status = harness_wait(harness);
	char *text = harness_read_error(harness), *newline = strchr(text, '\n');

	assert_non_null(newline);
	assert_int_equal(newline[1], '\0');
	text[strlen(beginning)] = '\0';
	assert_string_equal(text, beginning);
	assert_int_equal(status, expected);
	free(text);
	harness_finish(harness);
}

static void descriptors_expect(pid_t pid)
{
	static const char *const expected[] = { "/dev/null", "/dev/null", "/dev/null", "socket:" };

	for (int fd = 0; fd < 256; fd++) {
		char path[64], target[64] = { 0 };

		(void)snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)pid, fd);
		if (readlink(path, target, sizeof(target) - 1) < 0)
			assert_true(fd > CONTROL_FD);
		else if (fd > CONTROL_FD)
			assert_string_equal(target, "anon_inode:[signalfd]");
		else
			assert_int_equal(strncmp(target, expected[fd], strlen(expected[fd])), 0);
	}
}

void harness_check_descriptors(struct harness *harness)
{
	struct control_message message = { .type = CONTROL_SPAWN };
	int fds[CONTROL_SPAWN_FDS_MAX] = { 0 };

	harness_spawn_probe(harness, "await", NULL);
	harness_expect_line(harness, "ready");
	for (int i = 0; i < 3; i++) {
		assert_int_equal(fd_send(harness->control_fd, &message, sizeof(message), fds, 5),
				 0);
		message.type = CONTROL_SIGNAL;
	}
	/* Messages are read in order: when this one has had its effect, so have the others. */
	harness_send(harness, CONTROL_SIGNAL, SIGSTOP);
	assert_int_equal(harness_await_stop(harness), SIGSTOP);
	descriptors_expect(harness->pid);
	harness_send(harness, CONTROL_SIGNAL, SIGKILL);
	harness_check_status(harness, 128 + SIGKILL);
}
