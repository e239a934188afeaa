/* The holder opens paths, and a store may be its user's own, down to a file system that does not
 * answer: so it is a process by itself, with the caller's ids, that nobody waits for. */
#include "runtime/store_hold.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/path.h"
#include "mounts/caller.h"

#define STORE "/nix/store"

static bool has_any(const struct plan *plan)
{
	for (size_t i = 0; i < plan->sources.count; i++)
		if (path_is_below(plan->sources.items[i].path, STORE))
			return true;
	return false;
}

/* Nobody is to wait for the end of a stream because of it; what cannot be opened, others will tell.
 * The signals that are for us are blocked. */
static _Noreturn void hold_main(const struct plan *plan, pid_t parent)
{
	(void)fd_close_from(0);
	if (fd_fill_standard() < 0 || caller_become(plan->caller, parent) < 0)
		_exit(EXIT_FAILURE);
	for (size_t i = 0; i < plan->sources.count; i++)
		if (path_is_below(plan->sources.items[i].path, STORE))
			(void)open(plan->sources.items[i].path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	for (;;)
		(void)pause();
}

int store_hold_start(const struct plan *plan, struct store_hold *hold)
{
	pid_t parent = getpid(), pid;

	if (!has_any(plan))
		return 0;
	pid = fork();
	if (pid < 0)
		return log_error_errno(errno, "cannot start a helper");
	if (pid == 0)
		hold_main(plan, parent);
	hold->holder = pid;
	return 0;
}

void store_hold_finish(struct store_hold *hold)
{
	if (hold->holder < 0)
		return;
	child_kill(hold->holder);
	hold->holder = -1;
}
