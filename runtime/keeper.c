#include "runtime/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/child.h"
#include "base/cleanup.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/path.h"
#include "forward/claude_answers.h"

/* A home may lie on a file system that never answers. */
#define WAIT_MILLISECONDS 3000

#define PARTIAL_NAME "claude.json.new"

static int stat_settings(const struct keeper *keeper, struct stat *st)
{
	return fstatat(keeper->home_fd, path_name(keeper->answers->settings), st,
		       AT_SYMLINK_NOFOLLOW);
}

void keeper_begin(struct keeper *keeper, const struct forward_answers *answers,
		  const struct caller *caller, int home_fd)
{
	struct stat st;

	*keeper = (struct keeper) { .answers = answers, .caller = caller, .home_fd = home_fd };
	if (home_fd >= 0 && stat_settings(keeper, &st) == 0) {
		keeper->inode = st.st_ino;
		keeper->changed = st.st_mtim;
	}
}

/* Our own overlay answers, whatever is in it. */
static bool is_changed(const struct keeper *keeper)
{
	struct stat st;

	return stat_settings(keeper, &st) == 0 && S_ISREG(st.st_mode) &&
	       (st.st_ino != keeper->inode || st.st_mtim.tv_sec != keeper->changed.tv_sec ||
		st.st_mtim.tv_nsec != keeper->changed.tv_nsec);
}

/* No more than one name below the directory, which is no link. */
static int read_file(struct arena *arena, int directory_fd, const char *name, char **ret_text,
		     size_t *ret_length)
{
	struct open_how how = {
		.flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV,
	};
	AUTO_CLOSE int fd = (int)syscall(SYS_openat2, directory_fd, name, &how, sizeof(how));
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -ENOENT;
	return fd_read_all(arena, fd, CLAUDE_ANSWERS_MAXIMUM, ret_text, ret_length);
}

static int replace_file(int directory_fd, const char *name, const char *text)
{
	AUTO_CLOSE int fd = -1;
	int r;

	/* Of one that was killed; whoever else is here waits for the lock. */
	(void)unlinkat(directory_fd, PARTIAL_NAME, 0);
	fd = openat(directory_fd, PARTIAL_NAME,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	r = fd_write_all(fd, text, strlen(text));
	if (r == 0 && renameat(directory_fd, PARTIAL_NAME, directory_fd, name) < 0)
		r = -errno;
	if (r < 0)
		(void)unlinkat(directory_fd, PARTIAL_NAME, 0);
	return r;
}

static int open_directory(const char *path)
{
	struct open_how how = {
		.flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC,
		.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
	};
	long fd = syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));

	return fd < 0 ? -errno : (int)fd;
}

/* In the helper, as the caller. What was left inside may be anything: then nothing is kept. */
static int keep(const struct keeper *keeper)
{
	const struct forward_answers *answers = keeper->answers;
	AUTO_ARENA struct arena arena = { 0 };
	AUTO_CLOSE int directory_fd = -1;
	char *settings = NULL, *kept = NULL, *text;
	size_t settings_length = 0, kept_length = 0;
	int r = read_file(&arena, keeper->home_fd, path_name(answers->settings), &settings,
			  &settings_length);

	if (r < 0)
		return log_debug_errno(r, "no answers to keep"), 0;
	directory_fd = open_directory(path_parent(&arena, answers->path));
	if (directory_fd < 0 || flock(directory_fd, LOCK_EX) < 0)
		return directory_fd < 0 ? directory_fd : -errno;
	if (read_file(&arena, directory_fd, path_name(answers->path), &kept, &kept_length) < 0)
		kept = NULL;
	text = claude_answers_keep(&arena, kept, kept_length, settings, settings_length,
				   answers->project);
	return text ? replace_file(directory_fd, path_name(answers->path), text) : 0;
}

static _Noreturn void helper_main(const struct keeper *keeper, pid_t parent)
{
	int r;

	log_set_role("keeper");
	r = caller_become(keeper->caller, parent);
	if (r == -ESRCH)
		_exit(0);
	r = r ?: keep(keeper);
	if (r < 0)
		log_warning("cannot keep the answers in '%s': %s, continuing",
			    keeper->answers->path, strerror(-r));
	_exit(0);
}

void keeper_end(const struct keeper *keeper)
{
	pid_t parent = getpid(), pid;

	if (keeper->home_fd < 0 || !is_changed(keeper))
		return;
	pid = fork();
	if (pid < 0) {
		log_warning("cannot keep the answers: %s, continuing", strerror(errno));
		return;
	}
	if (pid == 0)
		helper_main(keeper, parent);
	child_await(pid, WAIT_MILLISECONDS);
	child_kill(pid);
}

void keeper_finish(struct keeper *keeper)
{
	cleanup_close(&keeper->home_fd);
	keeper->home_fd = -1;
}
