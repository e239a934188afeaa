/* Files that we were not given: by name, by link, by number, by more rights than we have. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "tests/root/attack/attack.h"
#include "tests/root/attack/facts.h"

static struct verdict root_file(void)
{
	return try_read_secret(fact("root_file"));
}

static struct verdict user_file(void)
{
	return try_read_secret(fact("user_file"));
}

static struct verdict dot_dot(void)
{
	char path[4096];

	(void)snprintf(path, sizeof(path), "%s/../private", fact("project") ?: "");
	return try_read_secret(path);
}

/* A link in the project that points out of it, followed with our rights. */
static struct verdict link_out(void)
{
	char path[4096];
	struct verdict verdict;

	(void)snprintf(path, sizeof(path), "%s/link-out", fact("project") ?: "");
	if (symlink(fact("user_file") ?: "", path) < 0)
		return broken("symlink: %s", strerror(errno));
	verdict = try_read_secret(path);
	(void)unlink(path);
	return verdict;
}

static struct verdict hard_link(void)
{
	char path[4096];
	struct verdict verdict;

	(void)snprintf(path, sizeof(path), "%s/hard-link", fact("project") ?: "");
	verdict = of_call(link(fact("user_file") ?: "", path), "linked a file from outside");
	(void)unlink(path);
	return verdict;
}

static struct verdict rename_out(void)
{
	char from[4096], to[4096];
	struct verdict verdict = held("nothing arrived");
	int fd;

	(void)snprintf(from, sizeof(from), "%s/moved", fact("project") ?: "");
	(void)snprintf(to, sizeof(to), "%s/../moved", fact("project") ?: "");
	fd = open(from, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	if (fd < 0)
		return broken("create: %s", strerror(errno));
	(void)close(fd);
	if (rename(from, to) < 0)
		verdict = held_by(errno);
	(void)snprintf(from, sizeof(from), "exists %.200s", fact("outside") ?: "");
	(void)snprintf(from + strlen(from), sizeof(from) - strlen(from), "/moved");
	if (strcmp(witness_ask(from) ?: "", "yes") == 0)
		verdict = escaped("a file of the project is outside now");
	(void)unlink(to);
	return verdict;
}

/* Places that everybody may write to, and those of the user. */
static struct verdict left_outside(void)
{
	const char *places[] = { "/tmp",	"/var/tmp",	 "/dev/shm", "/run/lock",
				 "/dev/mqueue", fact("outside"), NULL };
	char path[300], question[320];
	struct verdict verdict = held("nothing is seen outside");

	for (const char **place = places; *place && verdict.outcome == OUTCOME_HELD; place++) {
		int fd;

		(void)snprintf(path, sizeof(path), "%.200s/attack-left.%d", *place, getpid());
		fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
		if (fd < 0)
			continue;
		(void)close(fd);
		(void)snprintf(question, sizeof(question), "exists %s", path);
		if (strcmp(witness_ask(question) ?: "", "yes") == 0)
			verdict = escaped("'%s' is seen outside", path);
		(void)unlink(path);
	}
	return verdict;
}

static bool root_of(long pid, void *data)
{
	static const char *const links[] = { "root", "cwd" };
	char path[4096];

	for (size_t i = 0; i < 2; i++) {
		(void)snprintf(path, sizeof(path), "/proc/%ld/%s/%s", pid, links[i],
			       i == 0 ? fact("user_file") + 1 : "private");
		if (try_read_secret(path).outcome == OUTCOME_ESCAPED) {
			(void)snprintf(data, 100, "%.90s", path);
			return true;
		}
	}
	return false;
}

static struct verdict root_of_process(void)
{
	char found[100] = "";

	if (!fact("user_file"))
		return broken("no fact 'user_file'");
	return each_other_process(root_of, found) ? escaped("through '%s'", found)
						  : held("no process has another root");
}

static struct verdict by_handle(void)
{
	union handle_space space = { .handle.handle_type = (int)fact_number("root_handle_type") };
	struct file_handle *handle = &space.handle;
	AUTO_CLOSE int mount_fd = open(fact("project") ?: "", O_RDONLY | O_CLOEXEC), fd = -1;
	const char *digits = fact("root_handle");
	char bytes[200];
	ssize_t n;

	if (!digits || mount_fd < 0)
		return broken("no handle");
	for (; digits[0] && digits[1] && handle->handle_bytes < MAX_HANDLE_SZ; digits += 2) {
		char digit[3] = { digits[0], digits[1] };

		handle->f_handle[handle->handle_bytes++] = (unsigned char)strtoul(digit, NULL, 16);
	}
	fd = open_by_handle_at(mount_fd, handle, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return held_by(errno);
	n = read(fd, bytes, sizeof(bytes));
	return n > 0 && has_secret(bytes, (size_t)n) ? escaped("read root's file by its number")
						     : held("another file");
}

static unsigned long long mount_of(const char *path)
{
	struct statx status;

	return statx(AT_FDCWD, path, 0, STATX_MNT_ID, &status) < 0 ? 0 : status.stx_mnt_id;
}

/* Out of a chroot by a directory that is above the new one. */
static struct verdict leave_root(void)
{
	AUTO_CLOSE int top_fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	unsigned long long before = mount_of("/");

	if (top_fd < 0)
		return broken("open: %s", strerror(errno));
	if (chroot("/tmp") < 0 && (!enter_user_namespace(0) || chroot("/tmp") < 0))
		return held_by(errno);
	if (fchdir(top_fd) < 0)
		return held_by(errno);
	for (int i = 0; i < 60 && chdir("..") == 0; i++)
		;
	if (chroot(".") < 0)
		return held_by(errno);
	return mount_of("/") != before ? escaped("at a root above ours") : held("still at our own");
}

/* A program of the project, with more on it than we have: says what it came to. */
static struct verdict run_program(const char *name, const char *what)
{
	char path[4096], output[100] = "";
	int ends[2], status;
	pid_t child;
	ssize_t n;

	(void)snprintf(path, sizeof(path), "%s/%s", fact("project") ?: "", name);
	if (access(path, X_OK) < 0)
		return errno == ENOENT ? not_applicable("no '%s' was made", name) : held_by(errno);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return broken("no pipe");
	child = fork();
	if (child == 0) {
		(void)dup2(ends[1], STDOUT_FILENO);
		(void)execl(path, path, what, fact("root_file"), NULL);
		_exit(127);
	}
	(void)close(ends[1]);
	n = read(ends[0], output, sizeof(output) - 1);
	(void)close(ends[0]);
	if (child < 0 || waitpid(child, &status, 0) < 0)
		return broken("no process");
	if (n > 0 && strncmp(output, "more", 4) == 0)
		return escaped("it had more rights than we");
	return held("%s", n > 0 ? "it had ours" : "it did not run");
}

static struct verdict set_user_id(void)
{
	return run_program("set-user-id", "--have-user");
}

static struct verdict set_group_id(void)
{
	return run_program("set-group-id", "--have-group");
}

static struct verdict file_capability(void)
{
	return run_program("with-capability", "--have-capability");
}

static struct verdict device_in_project(void)
{
	char path[4096];

	(void)snprintf(path, sizeof(path), "%s/device", fact("project") ?: "");
	return try_open(path, O_RDWR);
}

static struct verdict write_system(void)
{
	static const char *const names[] = { "/etc/passwd",	    "/etc/group",
					     "/etc/shadow",	    "/etc/ld.so.cache",
					     "/etc/profile",	    "/usr/bin/env",
					     "/usr/lib/os-release", NULL };

	return try_open_any(names, O_WRONLY);
}

static struct verdict create_in_system(void)
{
	static const char *const places[] = { "/",    "/usr",  "/usr/bin", "/usr/local/bin",
					      "/etc", "/root", "/home",	   "/run",
					      "/var", "/opt",  NULL };
	struct verdict verdict = held_by(ENOENT);

	for (const char *const *place = places; *place; place++) {
		/* A file without a name: nothing stays. */
		AUTO_CLOSE int fd = open(*place, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);

		if (fd >= 0)
			return escaped("a new file in '%s'", *place);
		if (errno != ENOENT && errno != EOPNOTSUPP)
			verdict = held_by(errno);
	}
	return verdict;
}

static struct verdict read_secrets_of_system(void)
{
	static const char *const names[] = { "/etc/shadow",
					     "/etc/gshadow",
					     "/etc/sudoers",
					     "/etc/ssh/ssh_host_ed25519_key",
					     "/root/.bashrc",
					     "/var/log/btmp",
					     NULL };

	return try_open_any(names, O_RDONLY);
}

/* With a set-user-ID bit of our user's a file that others run makes them us. */
static struct verdict leave_set_user_id(void)
{
	char path[4096];
	struct verdict verdict;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/left-behind", fact("project") ?: "");
	fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0700);
	if (fd < 0)
		return broken("create: %s", strerror(errno));
	verdict = of_call(fchmod(fd, 04755), "a file of the project has the bit");
	(void)close(fd);
	(void)unlink(path);
	return verdict;
}

static struct verdict give_away(void)
{
	char path[4096];
	struct verdict verdict;
	int fd;

	(void)snprintf(path, sizeof(path), "%s/given-away", fact("project") ?: "");
	fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0700);
	if (fd < 0)
		return broken("create: %s", strerror(errno));
	verdict = of_call(fchown(fd, 0, 4242), "a file of the project is root's");
	(void)close(fd);
	(void)unlink(path);
	return verdict;
}

const struct attack file_attacks[] = {
	{ "root-file", CONTROL_ROOT, "", "a file of root's by its name", root_file },
	{ "user-file", CONTROL_USER, "", "the user's own file outside the project", user_file },
	{ "dot-dot", CONTROL_USER, "", "up from the project", dot_dot },
	{ "link-out", CONTROL_USER, "", "a symbolic link out of the project", link_out },
	{ "hard-link", CONTROL_USER, "", "a hard link to a file outside", hard_link },
	{ "rename-out", CONTROL_USER, "", "to move a file out of the project", rename_out },
	{ "left-outside", CONTROL_USER, "", "a file in a place that the host sees", left_outside },
	{ "root-of-process", CONTROL_USER, "", "/proc/PID/root of any process", root_of_process },
	{ "by-handle", CONTROL_ROOT, "", "open_by_handle_at from the project's file system",
	  by_handle },
	{ "leave-root", CONTROL_CHROOT, "", "chroot and fchdir, up and out", leave_root },
	{ "set-user-id", CONTROL_USER, "", "root's set-user-ID program in the project",
	  set_user_id },
	{ "set-group-id", CONTROL_USER, "", "a set-group-ID program in the project", set_group_id },
	{ "file-capability", CONTROL_USER, "", "a program with a capability in the project",
	  file_capability },
	{ "device-in-project", CONTROL_USER, "", "a device that lies in the project",
	  device_in_project },
	{ "write-system", CONTROL_ROOT, "", "files of /etc and /usr", write_system },
	{ "create-in-system", CONTROL_ROOT, "", "new files in /, /etc, /usr …", create_in_system },
	{ "secrets-of-system", CONTROL_ROOT, "", "password hashes, host keys",
	  read_secrets_of_system },
	{ "leave-set-user-id", CONTROL_USER, "seccomp", "a set-user-ID bit left in the project",
	  leave_set_user_id },
	{ "give-away", CONTROL_ROOT, "", "a file of the project to another user", give_away },
	{ 0 },
};
