#include "runtime/registry.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/log.h"

/* An entry may be swept away between its making and its locking: a millisecond for each try. Not
 * by waiting for the lock, whose holder may be stopped. */
#define ENTER_TRIES 1000

#define DIRECTORY_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW)

int registry_open(struct registry *registry, const char *path)
{
	struct stat st;

	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return log_error_errno(errno, "cannot make '%s'", path);
	registry->directory_fd = open(path, DIRECTORY_FLAGS | O_CLOEXEC);
	if (registry->directory_fd < 0 || fstat(registry->directory_fd, &st) < 0)
		return log_error_errno(errno, "cannot open '%s'", path);
	if (st.st_uid != 0)
		return log_error_errno(EPERM, "cannot use '%s', which is not root's", path);
	if ((st.st_mode & 07777) != 0700 && fchmod(registry->directory_fd, 0700) < 0)
		return log_error_errno(errno, "cannot close '%s' to others", path);
	return 0;
}

/* Returns an open and locked entry, or -errno: -EWOULDBLOCK when somebody else holds it. -ESTALE:
 * it has been removed meanwhile, what we hold is nothing any more. */
static int entry_lock(int directory_fd, const char *id)
{
	AUTO_CLOSE int fd = openat(directory_fd, id, DIRECTORY_FLAGS | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) < 0 || fstat(fd, &st) < 0)
		return -errno;
	return st.st_nlink == 0 ? -ESTALE : take_fd(&fd);
}

static int entry_make(int directory_fd, const char *id)
{
	if (mkdirat(directory_fd, id, 0700) < 0 && errno != EEXIST)
		return -errno;
	return entry_lock(directory_fd, id);
}

/* A sweep has found the entry before anybody held it. */
static bool is_swept(int error)
{
	return error == -ESTALE || error == -EWOULDBLOCK || error == -ENOENT;
}

int registry_enter(struct registry *registry, const char *id)
{
	const struct timespec millisecond = { .tv_nsec = 1000000 };
	int r = entry_make(registry->directory_fd, id);

	for (int i = 0; i < ENTER_TRIES && is_swept(r); i++) {
		(void)nanosleep(&millisecond, NULL);
		r = entry_make(registry->directory_fd, id);
	}
	if (r < 0)
		return log_error_errno(r, "cannot register the sandbox '%s'", id);
	registry->entry_fd = r;
	registry->id = id;
	return 0;
}

static bool is_id(const char *name)
{
	size_t length = strlen(name);

	return length > 0 && strspn(name, "0123456789abcdef") == length;
}

/* Calls `act` for each name in the directory; the descriptor's position is its own. */
static void for_each_name(int fd, void (*act)(int fd, const char *name))
{
	int copy = openat(fd, ".", DIRECTORY_FLAGS | O_CLOEXEC);
	DIR *directory = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *entry;

	if (!directory) {
		cleanup_close(&copy);
		return;
	}
	for (entry = readdir(directory); entry; entry = readdir(directory))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			act(fd, entry->d_name);
	(void)closedir(directory);
}

static void unlink_file(int fd, const char *name)
{
	(void)unlinkat(fd, name, 0);
}

/* By the holder of the lock only. */
static void entry_remove(int directory_fd, int entry_fd, const char *id)
{
	for_each_name(entry_fd, unlink_file);
	if (unlinkat(directory_fd, id, AT_REMOVEDIR) < 0)
		(void)log_debug_errno(errno, "cannot remove the entry '%s'", id);
}

static void sweep_name(int directory_fd, const char *name)
{
	AUTO_CLOSE int entry_fd = is_id(name) ? entry_lock(directory_fd, name) : -1;

	if (entry_fd < 0)
		return;
	log_debug("removing '%s', which a dead sandbox has left", name);
	entry_remove(directory_fd, entry_fd, name);
}

void registry_sweep(const struct registry *registry)
{
	for_each_name(registry->directory_fd, sweep_name);
}

void registry_finish(struct registry *registry)
{
	if (registry->entry_fd >= 0)
		entry_remove(registry->directory_fd, registry->entry_fd, registry->id);
	cleanup_close(&registry->entry_fd);
	cleanup_close(&registry->directory_fd);
	*registry = (struct registry)REGISTRY_EMPTY;
}
