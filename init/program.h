/* Replaces the calling process by a program. */
#pragma once

/* Executes arguments[0] with exactly this environment. A name without a slash is looked up in the
 * environment's own PATH, of which only absolute directories count: the working directory is the
 * project, and nothing planted there may stand in for a system program. Returns only on failure,
 * after saying why on stderr: CONTROL_EXIT_NOT_FOUND or CONTROL_EXIT_NOT_EXECUTABLE. */
int program_execute(char *const *arguments, char *const *environment);
