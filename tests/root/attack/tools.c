#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "tests/root/attack/attack.h"
#include "tests/root/attack/facts.h"

#define VERDICT(verdict, format)                                                        \
	do {                                                                            \
		va_list arguments;                                                      \
                                                                                        \
		va_start(arguments, format);                                            \
		(void)vsnprintf((verdict)->detail, sizeof((verdict)->detail), (format), \
				arguments);                                             \
		va_end(arguments);                                                      \
	} while (0)

struct verdict held(const char *format, ...)
{
	struct verdict verdict = { .outcome = OUTCOME_HELD };

	VERDICT(&verdict, format);
	return verdict;
}

struct verdict escaped(const char *format, ...)
{
	struct verdict verdict = { .outcome = OUTCOME_ESCAPED };

	VERDICT(&verdict, format);
	return verdict;
}

struct verdict not_applicable(const char *format, ...)
{
	struct verdict verdict = { .outcome = OUTCOME_NOT_APPLICABLE };

	VERDICT(&verdict, format);
	return verdict;
}

struct verdict broken(const char *format, ...)
{
	struct verdict verdict = { .outcome = OUTCOME_BROKEN };

	VERDICT(&verdict, format);
	return verdict;
}

struct verdict held_by(int error)
{
	struct verdict verdict = held("%s", strerrorname_np(error) ?: strerror(error));

	verdict.error = error;
	return verdict;
}

struct verdict of_call(long result, const char *what)
{
	return result < 0 ? held_by(errno) : escaped("%s", what);
}

struct verdict try_open(const char *path, int flags)
{
	AUTO_CLOSE int fd = -1;

	if (!path)
		return broken("no path");
	fd = open(path, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0600);
	/* Busy while it runs: the moment after it is not, unless something else is in the way. */
	if (fd < 0 && errno == ETXTBSY && access(path, W_OK) == 0)
		return escaped("only because it runs '%s' does not open for writing", path);
	if (fd < 0)
		return held_by(errno);
	return escaped("'%s' opens for %s", path,
		       (flags & O_ACCMODE) == O_RDONLY ? "reading" : "writing");
}

static bool is_null_device(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISCHR(status.st_mode) &&
	       status.st_rdev == makedev(1, 3);
}

struct verdict try_open_any(const char *const *paths, int flags)
{
	struct verdict verdict, best = held("nothing of it is here");

	best.error = ENODEV;
	for (; *paths; paths++) {
		verdict = is_null_device(*paths) ? held("'%s' is covered", *paths)
						 : try_open(*paths, flags);
		if (verdict.outcome == OUTCOME_ESCAPED)
			return verdict;
		if (verdict.error != ENOENT)
			best = verdict;
	}
	return best;
}

bool has_secret(const char *bytes, size_t length)
{
	const char *secret = fact("secret");

	return secret && memmem(bytes, length, secret, strlen(secret)) != NULL;
}

struct verdict try_read_secret(const char *path)
{
	AUTO_CLOSE int fd = -1;
	char bytes[4096];
	ssize_t n;

	if (!path)
		return broken("no path");
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return held_by(errno);
	n = read(fd, bytes, sizeof(bytes));
	if (n < 0)
		return held_by(errno);
	return has_secret(bytes, (size_t)n) ? escaped("read '%s'", path) : held("another file");
}

bool write_text(const char *path, const char *text)
{
	AUTO_CLOSE int fd = open(path, O_WRONLY | O_CLOEXEC);

	return fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
}

bool enter_user_namespace(int flags)
{
	unsigned int uid = geteuid(), gid = getegid();
	char line[60];

	if (unshare(CLONE_NEWUSER | flags) < 0)
		return false;
	(void)write_text("/proc/self/setgroups", "deny");
	(void)snprintf(line, sizeof(line), "0 %u 1", uid);
	if (!write_text("/proc/self/uid_map", line))
		return false;
	(void)snprintf(line, sizeof(line), "0 %u 1", gid);
	return write_text("/proc/self/gid_map", line);
}

/* 0 for none, and for what is none of our business. */
static long parent_of(long pid)
{
	char path[60], line[300] = "", *end;
	AUTO_CLOSE int fd = -1;
	long parent = 0;

	(void)snprintf(path, sizeof(path), "/proc/%ld/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, line, sizeof(line) - 1) <= 0)
		return 0;
	end = strrchr(line, ')');
	if (end && strlen(end) > 4)
		parent = strtol(end + 4, NULL, 10);
	return parent;
}

static bool is_of_ours(long pid)
{
	for (long ours = getpid(); ours > 1; ours = parent_of(ours)) {
		if (ours == pid)
			return true;
	}
	return false;
}

bool each_other_process(bool (*look)(long pid, void *data), void *data)
{
	DIR *directory = opendir("/proc");
	const struct dirent *entry;
	bool done = false;

	if (!directory)
		return false;
	while (!done && (entry = readdir(directory)) != NULL) {
		long pid = strtol(entry->d_name, NULL, 10);

		if (pid > 0 && !is_of_ours(pid))
			done = look(pid, data);
	}
	(void)closedir(directory);
	return done;
}

static int inherited[64];
static size_t inherited_length;

void inherited_note(void)
{
	for (int fd = 3; fd < 4096; fd++) {
		if (fcntl(fd, F_GETFD) >= 0 &&
		    inherited_length < sizeof(inherited) / sizeof(inherited[0]))
			inherited[inherited_length++] = fd;
	}
}

size_t inherited_count(void)
{
	return inherited_length;
}

int inherited_descriptor(size_t index)
{
	return inherited[index];
}

bool has_capability(int number)
{
	AUTO_CLOSE int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	char status[4096] = "", *line;

	if (fd < 0 || read(fd, status, sizeof(status) - 1) <= 0)
		return false;
	line = strstr(status, "\nCapEff:");
	return line && (strtoull(line + 9, NULL, 16) >> number & 1) != 0;
}

int connect_socket(const char *name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	AUTO_CLOSE int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	size_t length = strlen(name);

	if (length >= sizeof(address.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(address.sun_path, name, length);
	if (*name == '@')
		address.sun_path[0] = '\0';
	if (fd < 0 || connect(fd, (struct sockaddr *)&address,
			      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)) < 0)
		return -1;
	return take_fd(&fd);
}
