/* What was open, set or stood somewhere when we were started. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "tests/root/attack/attack.h"
#include "tests/root/attack/facts.h"

static struct verdict inherited_any(void)
{
	char path[60], target[200];

	for (size_t i = 0; i < inherited_count(); i++) {
		ssize_t n;

		(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", inherited_descriptor(i));
		n = readlink(path, target, sizeof(target) - 1);
		return escaped("descriptor %d: %.*s", inherited_descriptor(i), n < 0 ? 0 : (int)n,
			       target);
	}
	return held("none but the standard streams");
}

static struct verdict inherited_secret(void)
{
	char bytes[4096];

	for (size_t i = 0; i < inherited_count(); i++) {
		ssize_t n = pread(inherited_descriptor(i), bytes, sizeof(bytes), 0);

		if (n > 0 && has_secret(bytes, (size_t)n))
			return escaped("descriptor %d holds it", inherited_descriptor(i));
	}
	return held("no descriptor holds it");
}

/* From any directory that is open, up to where the canary is. */
static struct verdict inherited_directory(void)
{
	for (size_t i = 0; i < inherited_count() + 3; i++) {
		int from_fd = i < 3 ? (int)i : inherited_descriptor(i - 3);
		AUTO_CLOSE int fd = openat(from_fd, "canary", O_RDONLY | O_CLOEXEC);
		char bytes[4096];
		ssize_t n = fd < 0 ? -1 : read(fd, bytes, sizeof(bytes));

		if (n > 0 && has_secret(bytes, (size_t)n))
			return escaped("below descriptor %d", from_fd);
	}
	return held("no directory of root's is open");
}

static struct verdict inherited_variable(void)
{
	for (char **variable = environ; *variable; variable++) {
		if (has_secret(*variable, strlen(*variable)))
			return escaped("%.*s", (int)strcspn(*variable, "="), *variable);
	}
	return held("no variable holds it");
}

/* The place where the launcher stood, by the working directory and up. */
static struct verdict working_directory(void)
{
	char here[4096] = "";

	if (!getcwd(here, sizeof(here)) || strncmp(here, "(unreachable)", 13) == 0)
		return escaped("we stand outside of our root");
	for (int i = 0; i < 60; i++) {
		struct verdict verdict;

		verdict = try_read_secret("private");
		if (verdict.outcome == OUTCOME_ESCAPED || chdir("..") < 0)
			return verdict;
	}
	return held("the top has been reached");
}

const struct attack descriptor_attacks[] = {
	{ "inherited-descriptor", CONTROL_USER, "", "any descriptor from outside", inherited_any },
	{ "inherited-secret", CONTROL_USER, "", "a file of root's that was open",
	  inherited_secret },
	{ "inherited-directory", CONTROL_USER, "", "a directory of root's that was open",
	  inherited_directory },
	{ "inherited-variable", CONTROL_USER, "", "a variable of the caller's",
	  inherited_variable },
	{ "working-directory", CONTROL_USER, "", "up from the working directory",
	  working_directory },
	{ 0 },
};
