/* registry-race DIRECTORY SECONDS: one process makes entries and looks whether they are still
 * there, while others sweep. Exit status 0: none was lost. */
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "runtime/registry.h"

static _Noreturn void sweep_for_ever(const char *directory, pid_t parent)
{
	struct registry registry = REGISTRY_EMPTY;

	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent ||
	    registry_open(&registry, directory) < 0)
		_exit(2);
	for (;;)
		registry_sweep(&registry);
}

/* Makes an entry, looks at it, and removes it. */
static bool enter_once(const char *directory)
{
	CLEANUP(registry_finish) struct registry registry = REGISTRY_EMPTY;
	struct stat held, named;

	return registry_open(&registry, directory) == 0 &&
	       registry_enter(&registry, "0123456789ab") == 0 &&
	       fstat(registry.entry_fd, &held) == 0 &&
	       fstatat(registry.directory_fd, registry.id, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
	       held.st_ino == named.st_ino && held.st_nlink > 0;
}

int main(int argc, char **argv)
{
	pid_t sweepers[2], self = getpid();
	time_t end;
	unsigned long rounds = 0;

	if (argc != 3)
		return 2;
	for (size_t i = 0; i < ARRAY_LENGTH(sweepers); i++) {
		sweepers[i] = fork();
		if (sweepers[i] == 0)
			sweep_for_ever(argv[1], self);
	}
	end = time(NULL) + strtol(argv[2], NULL, 10);
	while (time(NULL) < end && enter_once(argv[1]))
		rounds++;
	for (size_t i = 0; i < ARRAY_LENGTH(sweepers); i++)
		(void)kill(sweepers[i], SIGKILL);
	(void)printf("%lu rounds\n", rounds);
	return time(NULL) < end ? 1 : 0;
}
