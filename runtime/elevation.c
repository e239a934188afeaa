#include "runtime/elevation.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"

/* By absolute path: what else is called sudo in the caller's PATH does not get the password. */
#ifndef CLAUDE_SANDBOX_SUDO
#define CLAUDE_SANDBOX_SUDO "/usr/bin/sudo"
#endif

/* sudo, the end of its options, the program, its arguments, NULL. */
static char **command_build(struct arena *arena, char *program, char *const *arguments)
{
	size_t count = 0;
	char **command;

	while (arguments[count])
		count++;
	command = arena_alloc(arena, (count + 4) * sizeof(*command));
	command[0] = (char *)CLAUDE_SANDBOX_SUDO;
	command[1] = (char *)"--";
	command[2] = program;
	for (size_t i = 0; i < count; i++)
		command[3 + i] = arguments[i];
	return command;
}

static void hint_command(struct arena *arena, char *const *command)
{
	const char *line = "sudo";

	for (size_t i = 2; command[i]; i++)
		line = arena_printf(arena, "%s %s", line, text_quote(arena, command[i]));
	log_hint("%s", line);
}

void elevation_run(struct arena *arena, char *const *arguments, char *const *environment,
		   bool is_interactive)
{
	char program[PATH_MAX] = "";
	char **command;

	if (readlink("/proc/self/exe", program, sizeof(program) - 1) < 0) {
		log_error_errno(errno, "cannot tell where this program is");
		return;
	}
	command = command_build(arena, program, arguments);
	if (!is_interactive) {
		log_error("cannot make a sandbox without root");
		hint_command(arena, command);
		return;
	}
	log_info("a sandbox needs root, starting again with sudo");
	(void)execve(command[0], command, environment);
	log_error_errno(errno, "cannot make a sandbox without root: cannot execute '%s'",
			command[0]);
	hint_command(arena, command);
}
