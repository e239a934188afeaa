#include "tests/support/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"

#define NOBODY 65534

char *temporary_make(struct arena *arena, const struct caller *caller)
{
	char *path = arena_strdup(arena, "/tmp/claude-sandbox-test.XXXXXX");

	if (!mkdtemp(path))
		return NULL;
	if (chmod(path, 0755) < 0 || chown(path, caller->uid, caller->gid) < 0) {
		(void)rmdir(path);
		return NULL;
	}
	return path;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *position)
{
	(void)st;
	(void)position;
	return type == FTW_DP || type == FTW_DNR ? rmdir(path) : unlink(path);
}

void temporary_remove(const char *path)
{
	if (path)
		(void)nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

int temporary_write(const char *path, const char *content, mode_t mode)
{
	AUTO_CLOSE int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int r;

	if (fd < 0)
		return -errno;
	r = fd_write_all(fd, content, strlen(content));
	if (r < 0)
		return r;
	return fchmod(fd, mode) < 0 ? -errno : 0;
}

struct caller temporary_caller(void)
{
	struct caller caller = {
		.uid = getuid(),
		.gid = getgid(),
		.name = "tester",
		.home = "/nonexistent",
		.shell = "/bin/sh",
	};

	if (geteuid() == 0) {
		caller.uid = NOBODY;
		caller.gid = NOBODY;
	}
	return caller;
}
