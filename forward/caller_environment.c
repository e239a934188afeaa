#include "forward/caller_environment.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/fd.h"
#include "base/text.h"

/* Deeper than any terminal, shell and sudo nest. */
#define ANCESTORS_MAXIMUM 64

/* ARG_MAX is far below. */
#define ENVIRONMENT_MAXIMUM (8UL * 1024 * 1024)

/* A process by its /proc directory: the descriptor keeps meaning that very process, and reads fail
 * once it is gone, whoever gets its number (as with a pidfd). */
struct process {
	int fd;
	int parent;
	bool is_sudo;
};

/* Reads the number at *text, which moves behind it. */
static int take_number(const char **text, unsigned long *ret_number)
{
	char *end;

	if (**text < '0' || **text > '9')
		return -EINVAL;
	errno = 0;
	*ret_number = strtoul(*text, &end, 10);
	if (errno != 0 || *ret_number > UINT_MAX)
		return -ERANGE;
	*text = end;
	return 0;
}

int caller_environment_parse_status(const char *status, unsigned *ret_euid)
{
	static const char label[] = "\nUid:\t";
	const char *text = strstr(status, label);
	unsigned long real, effective;
	int r;

	if (!text)
		return -EINVAL;
	text += sizeof(label) - 1;
	r = take_number(&text, &real);
	if (r < 0 || *text++ != '\t' || take_number(&text, &effective) < 0)
		return -EINVAL;
	*ret_euid = (unsigned)effective;
	return 0;
}

int caller_environment_parse_stat(const char *stat, int *ret_parent)
{
	/* The name may hold anything, brackets too; what follows it does not. */
	const char *text = strrchr(stat, ')');
	unsigned long parent;

	if (!text || text[1] != ' ' || text[2] == '\0' || text[3] != ' ')
		return -EINVAL;
	text += 4;
	if (take_number(&text, &parent) < 0 || *text != ' ' || parent > INT_MAX)
		return -EINVAL;
	*ret_parent = (int)parent;
	return 0;
}

char **caller_environment_split(struct arena *arena, char *data, size_t length)
{
	char **environment = NULL;
	size_t count = 0;

	for (size_t start = 0; start < length; start += strlen(data + start) + 1) {
		if (!strchr(data + start, '='))
			continue;
		environment = arena_grow(arena, environment, count, sizeof(*environment));
		environment[count++] = data + start;
	}
	environment = arena_grow(arena, environment, count, sizeof(*environment));
	environment[count] = NULL;
	return environment;
}

/* NULL when it cannot be read. */
static char *read_file(struct arena *arena, int directory_fd, const char *name, size_t *ret_length)
{
	AUTO_CLOSE int fd = openat(directory_fd, name, O_RDONLY | O_CLOEXEC);
	char *data = NULL;

	if (fd < 0 || fd_read_all(arena, fd, ENVIRONMENT_MAXIMUM, &data, ret_length) < 0)
		return NULL;
	return data;
}

/* Anyone may name a process "sudo": only root's counts. */
static bool is_sudo(struct arena *arena, int fd, const char *stat)
{
	unsigned euid;
	size_t length;
	const char *status;

	if (!strstr(stat, "(sudo) "))
		return false;
	status = read_file(arena, fd, "status", &length);
	return status && caller_environment_parse_status(status, &euid) == 0 && euid == 0 &&
	       text_starts_with(status, "Name:\tsudo\n");
}

static int process_open(struct arena *arena, const char *pid, struct process *ret_process)
{
	AUTO_CLOSE int fd =
		open(arena_printf(arena, "/proc/%s", pid), O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct process process = { .fd = -1 };
	const char *stat;
	size_t length;
	int r;

	if (fd < 0)
		return -errno;
	stat = read_file(arena, fd, "stat", &length);
	if (!stat)
		return -ESRCH;
	r = caller_environment_parse_stat(stat, &process.parent);
	if (r < 0)
		return r;
	process.is_sudo = is_sudo(arena, fd, stat);
	process.fd = take_fd(&fd);
	*ret_process = process;
	return 0;
}

/* Walks up from ourselves to the first. Returns its /proc directory, or -ENOENT. */
static int find_sudo(struct arena *arena)
{
	struct process process = { .fd = -1 };
	int r = process_open(arena, "self", &process);

	for (int i = 0; r == 0 && i < ANCESTORS_MAXIMUM; i++) {
		if (process.is_sudo)
			return process.fd;
		cleanup_close(&process.fd);
		if (process.parent <= 1)
			break;
		r = process_open(arena, arena_printf(arena, "%d", process.parent), &process);
	}
	return -ENOENT;
}

static bool is_named(const char *variable, const char *name, size_t length)
{
	return strncmp(variable, name, length) == 0 && variable[length] == '=';
}

static bool has_variable(char *const *environment, const char *variable)
{
	size_t length = strcspn(variable, "=");

	for (; *environment; environment++)
		if (is_named(*environment, variable, length))
			return true;
	return false;
}

/* What sudo sets for the command, as root's (sudoers(5), "Command environment"), and what a shell
 * in between makes of it. */
static bool is_made_up(const char *variable)
{
	static const char *const names[] = {
		"PATH", "HOME", "SHELL",  "USER",  "LOGNAME", "USERNAME",
		"MAIL", "PWD",	"OLDPWD", "SHLVL", "_",
	};

	for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
		if (is_named(variable, names[i], strlen(names[i])))
			return true;
	return text_starts_with(variable, "SUDO_");
}

char *const *caller_environment_merge(struct arena *arena, char *const *sudos, char *const *own)
{
	char **merged = NULL;
	size_t count = 0;

	for (; *sudos; sudos++) {
		if (!is_made_up(*sudos) && has_variable(own, *sudos))
			continue;
		merged = arena_grow(arena, merged, count, sizeof(*merged));
		merged[count++] = *sudos;
	}
	for (; *own; own++) {
		if (is_made_up(*own))
			continue;
		merged = arena_grow(arena, merged, count, sizeof(*merged));
		merged[count++] = *own;
	}
	merged = arena_grow(arena, merged, count, sizeof(*merged));
	merged[count] = NULL;
	return merged;
}

char *const *caller_environment_read(struct arena *arena, char *const *own, bool is_by_sudo)
{
	AUTO_CLOSE int sudo_fd = is_by_sudo ? find_sudo(arena) : -1;
	char *data = NULL;
	size_t length;

	if (sudo_fd >= 0)
		data = read_file(arena, sudo_fd, "environ", &length);
	if (!data)
		return own;
	return caller_environment_merge(arena, caller_environment_split(arena, data, length), own);
}
