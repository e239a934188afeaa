/* Filling up what is shared, and the launcher and its files. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "tests/root/attack/attack.h"
#include "tests/root/attack/facts.h"

/* Where we may write, beside the project; the last is one without a limit, in the control. */
static const char *const places[] = { "/tmp",	   "/var/tmp", "/dev/shm", "/run/lock",
				      "/run/user", "/",	       "/home",	   "/var/lib" };

/* More than the machine has: a file system that has a limit refuses before it takes anything. */
static struct verdict fill_place(const char *place)
{
	AUTO_CLOSE int fd = -1;
	char path[300];
	struct statvfs file_system;
	struct sysinfo machine;

	if (statvfs(place, &file_system) < 0 || sysinfo(&machine) < 0)
		return held_by(errno);
	(void)snprintf(path, sizeof(path), "%s/attack-fill", place);
	if (file_system.f_blocks == 0) /* tmpfs: no limit at all */
		return access(place, W_OK) == 0 && strcmp(place, "/dev/mqueue") != 0
			       ? escaped("'%s' has no limit", place)
			       : held_by(EACCES);
	fd = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0)
		return held_by(errno);
	(void)unlink(path);
	if ((unsigned long long)file_system.f_blocks * file_system.f_frsize >
	    (unsigned long long)machine.totalram * machine.mem_unit / 4)
		return escaped("'%s' takes %llu MiB of %llu", place,
			       (unsigned long long)file_system.f_blocks * file_system.f_frsize >>
				       20,
			       (unsigned long long)machine.totalram * machine.mem_unit >> 20);
	if (fallocate(fd, 0, 0, (off_t)(file_system.f_blocks + 1) * (off_t)file_system.f_frsize) <
	    0)
		return held_by(errno);
	return escaped("'%s' takes more than its limit", place);
}

static struct verdict fill(void)
{
	struct verdict verdict = held("nothing can be written to");

	if (fact("unlimited"))
		return fill_place(fact("unlimited"));
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct verdict next = fill_place(places[i]);

		if (next.outcome == OUTCOME_ESCAPED)
			return next;
		if (next.error == ENOSPC)
			verdict = next;
	}
	return verdict;
}

/* Links take a number each, and no memory worth mentioning. */
static struct verdict numbers_of(const char *place)
{
	char path[300];
	struct statvfs file_system;
	unsigned long count = 0;
	int error = 0;

	if (statvfs(place, &file_system) < 0 || access(place, W_OK) < 0)
		return held_by(errno);
	if (file_system.f_files == 0)
		return escaped("'%s' has no limit", place);
	if (file_system.f_files > 100000)
		return held("%lu", (unsigned long)file_system.f_files);
	(void)snprintf(path, sizeof(path), "%s/attack-numbers", place);
	if (mkdir(path, 0700) < 0)
		return held_by(errno);
	for (; count <= file_system.f_files && error == 0; count++) {
		(void)snprintf(path, sizeof(path), "%s/attack-numbers/%lu", place, count);
		if (symlink("x", path) < 0)
			error = errno;
	}
	while (count-- > 0) {
		(void)snprintf(path, sizeof(path), "%s/attack-numbers/%lu", place, count);
		(void)unlink(path);
	}
	(void)snprintf(path, sizeof(path), "%s/attack-numbers", place);
	(void)rmdir(path);
	return error ? held_by(error) : escaped("'%s' takes more files than its limit", place);
}

static struct verdict file_numbers(void)
{
	struct verdict verdict = held("nothing can be written to");

	if (fact("unlimited"))
		return numbers_of(fact("unlimited"));
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct verdict next = numbers_of(places[i]);

		if (next.outcome == OUTCOME_ESCAPED)
			return next;
		if (next.outcome == OUTCOME_HELD && next.error != EACCES && next.error != ENOENT)
			verdict = next;
	}
	return verdict;
}

/* What is written there takes room of the host's. */
static struct verdict host_room(void)
{
	char devices[600];

	(void)snprintf(devices, sizeof(devices), " %s ", fact("host_devices") ?: "");
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		struct stat status;
		char number[30];

		if (access(places[i], W_OK) < 0 || stat(places[i], &status) < 0)
			continue;
		(void)snprintf(number, sizeof(number), " %lu ", (unsigned long)status.st_dev);
		if (strstr(devices, number))
			return escaped("'%s' is on a file system of the host's", places[i]);
	}
	return held("all that can be written to is the sandbox's own");
}

const struct attack resource_attacks[] = {
	{ "fill", CONTROL_USER, "", "more bytes than a limit", fill },
	{ "file-numbers", CONTROL_USER, "", "more files than a limit", file_numbers },
	{ "host-room", CONTROL_USER, "", "to write to a file system of the host's", host_room },
	{ 0 },
};

/* --- the launcher --- */

static struct verdict launcher_program(void)
{
	return try_open(fact("launcher"), O_WRONLY);
}

static struct verdict launcher_state(void)
{
	return try_open("/run/claude-sandbox", O_RDONLY | O_DIRECTORY);
}

/* We are what runs as claude: bound from a file of the caller's, which theirs is to change. */
static struct verdict own_program(const char **ret_path)
{
	static char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (n < 0)
		return held_by(errno);
	path[n] = '\0';
	*ret_path = path;
	return of_call(chmod(path, 0755), "changed the mode of what the host runs");
}

static struct verdict change_program(void)
{
	const char *path;

	return own_program(&path);
}

static struct verdict write_program(void)
{
	const char *path = "";

	(void)own_program(&path);
	return try_open(path, O_WRONLY);
}

/* To the same name again. */
static struct verdict replace_program(void)
{
	const char *path = "";
	char other[4200];
	struct verdict verdict;

	(void)own_program(&path);
	(void)snprintf(other, sizeof(other), "%s.attack", path);
	verdict = of_call(rename(path, other), "moved what the host runs");
	if (verdict.outcome == OUTCOME_ESCAPED)
		(void)rename(other, path);
	return verdict;
}

static struct verdict claude_place(void)
{
	AUTO_CLOSE int fd = open("/opt/claude-sandbox/bin", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);

	if (fd >= 0)
		return escaped("a new file beside claude");
	return errno == ENOENT ? try_open("/opt", O_TMPFILE | O_WRONLY) : held_by(errno);
}

const struct attack launcher_attacks[] = {
	{ "launcher-program", CONTROL_ROOT, "", "to write the launcher", launcher_program },
	{ "launcher-state", CONTROL_ROOT, "", "/run/claude-sandbox", launcher_state },
	{ "change-claude", CONTROL_USER, "", "the mode of claude's program", change_program },
	{ "write-claude", CONTROL_USER, "", "to write claude's program", write_program },
	{ "replace-claude", CONTROL_USER, "", "another program in its place", replace_program },
	{ "beside-claude", CONTROL_ROOT, "", "a program beside it, found first", claude_place },
	{ 0 },
};
