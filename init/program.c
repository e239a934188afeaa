#include "init/program.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "init/control.h"
#include "init/message.h"

/* Beside the errno values: the file is there, but the loader or script interpreter it names is not,
 * for which execve() has only the misleading ENOENT. */
#define INTERPRETER_MISSING (-1)

static const char *search_path(char *const *environment)
{
	for (; *environment; environment++) {
		if (strncmp(*environment, "PATH=", 5) == 0)
			return *environment + 5;
	}
	return "";
}

/* Returns why it could not be executed. */
static int program_try(const char *path, char *const *arguments, char *const *environment)
{
	int error;

	(void)execve(path, arguments, environment);
	error = errno;
	if (error == ENOENT && access(path, F_OK) == 0)
		return INTERPRETER_MISSING;
	return error;
}

static bool candidate_build(char *path, size_t size, const char *directory, size_t directory_length,
			    const char *name)
{
	size_t name_length = strlen(name);

	if (directory_length == 0 || directory[0] != '/')
		return false;
	if (directory_length >= size || name_length >= size - directory_length - 1)
		return false;
	memcpy(path, directory, directory_length);
	path[directory_length] = '/';
	memcpy(path + directory_length + 1, name, name_length + 1);
	return true;
}

/* As a shell does it: a program that may not be executed is remembered while a later directory may
 * still have one that may. */
static int program_search(char *const *arguments, char *const *environment)
{
	const char *directories = search_path(environment);
	char path[PATH_MAX];
	int found = ENOENT;

	while (*directories) {
		size_t length = strcspn(directories, ":");
		int error = ENOENT;

		if (candidate_build(path, sizeof(path), directories, length, arguments[0]))
			error = program_try(path, arguments, environment);
		if (error == EACCES)
			found = EACCES;
		else if (error != ENOENT && error != ENOTDIR)
			return error;
		directories += length;
		directories += *directories == ':';
	}
	return found;
}

int program_execute(char *const *arguments, char *const *environment)
{
	const char *name = arguments[0];
	int error;

	if (*name == '\0')
		error = ENOENT;
	else if (strchr(name, '/'))
		error = program_try(name, arguments, environment);
	else
		error = program_search(arguments, environment);

	if (error == INTERPRETER_MISSING) {
		message_write("execute", name, "The interpreter it names is missing");
		return CONTROL_EXIT_NOT_FOUND;
	}
	message_write("execute", name, strerror(error));
	if (error == ENOENT || error == ENOTDIR)
		return CONTROL_EXIT_NOT_FOUND;
	return CONTROL_EXIT_NOT_EXECUTABLE;
}
