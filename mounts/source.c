#include "mounts/source.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/path.h"

const char *const source_kind_names[] = {
	[SOURCE_DIRECTORY] = "directory",
	[SOURCE_REGULAR] = "regular file",
	[SOURCE_SOCKET] = "socket",
	[SOURCE_DEVICE] = "character device",
};
static_assert(ARRAY_LENGTH(source_kind_names) == SOURCE_KIND_COUNT, "names");

/* One packet from helper to setup child; as many descriptors travel with it. None: the helper has
 * failed, and said why. */
struct source_packet {
	uint32_t count;
	struct {
		uint64_t device;
		uint64_t inode;
		uint32_t is_missing; /* what comes instead of a descriptor means nothing */
	} ids[FD_PASS_MAX];
};

size_t source_list_add(struct source_list *list, struct arena *arena, const struct source *source)
{
	for (size_t i = 0; i < list->count; i++) {
		struct source *item = &list->items[i];

		if (strcmp(item->path, source->path) == 0 && item->kind == source->kind &&
		    item->is_copied == source->is_copied && item->edit == source->edit) {
			item->make_directory = item->make_directory || source->make_directory;
			return i;
		}
	}
	list->items = arena_grow(arena, list->items, list->count, sizeof(*list->items));
	list->items[list->count] = *source;
	return list->count++;
}

static bool is_as_planned(const struct stat *st, const struct source *source)
{
	switch (source->kind) {
	case SOURCE_DIRECTORY:
		return S_ISDIR(st->st_mode);
	case SOURCE_REGULAR:
		return S_ISREG(st->st_mode);
	case SOURCE_SOCKET:
		return S_ISSOCK(st->st_mode);
	case SOURCE_DEVICE:
		return S_ISCHR(st->st_mode) && st->st_rdev == source->device;
	default:
		return false;
	}
}

/* The path was free of links when it was planned: a link in it now is a swap, and is refused. */
static int open_source(const char *path)
{
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC,
		.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
	};
	long fd = syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));

	return fd < 0 ? -errno : (int)fd;
}

/* Read here and not by root, whom a file system of the caller's could keep waiting. From the
 * descriptor, so that it is the same file; its kind is known, so it is not a FIFO. */
static int read_source(struct arena *arena, int fd, char **ret_content, size_t *ret_length)
{
	AUTO_CLOSE int readable_fd = -1;
	char link[64];

	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	readable_fd = open(link, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (readable_fd < 0)
		return -errno;
	return fd_read_all(arena, readable_fd, SOURCE_COPY_MAXIMUM, ret_content, ret_length);
}

/* It is there to be found, not to be relied on. */
static void read_second(struct arena *arena, const char *path, char **ret_content,
			size_t *ret_length)
{
	AUTO_CLOSE int fd = path ? open_source(path) : -1;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
	    read_source(arena, fd, ret_content, ret_length) < 0)
		*ret_content = NULL;
}

static void edit_copy(struct arena *arena, const struct source *source, char **content,
		      size_t *length)
{
	char *second = NULL, *edited;
	size_t second_length = 0;

	if (!source->edit)
		return;
	read_second(arena, source->edit_second, &second, &second_length);
	edited = source->edit(arena, *content, *length, second, second_length,
			      source->edit_argument);
	if (!edited)
		return;
	*content = edited;
	*length = strlen(edited);
}

static int replace_by_copy(const struct source *source, int *fd)
{
	AUTO_ARENA struct arena arena = { 0 };
	char *content = NULL;
	size_t length = 0;
	int r = read_source(&arena, *fd, &content, &length);

	if (r < 0)
		return r;
	edit_copy(&arena, source, &content, &length);
	r = fd_sealed_memory("copy", FD_MEMORY_DATA, content, length);
	if (r < 0)
		return r;
	(void)close(*fd);
	*fd = r;
	return 0;
}

/* As the caller: in their own directories they can only mislead themselves. */
static int make_directories(const char *path)
{
	AUTO_ARENA struct arena arena = { 0 };
	int r = mkdir(path, 0700) < 0 ? -errno : 0;

	if (r == -ENOENT && strcmp(path, "/") != 0) {
		r = make_directories(path_parent(&arena, path));
		if (r == 0 || r == -EEXIST)
			r = mkdir(path, 0700) < 0 ? -errno : 0;
	}
	return r == -EEXIST ? 0 : r;
}

static int write_new(const char *path, const char *content)
{
	AUTO_CLOSE int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	int r = fd < 0 ? -errno : fd_write_all(fd, content, strlen(content));

	return r == 0 && fsync(fd) < 0 ? -errno : r;
}

/* Under its name only when it is whole: others may make the same one. A name that is there already
 * is theirs; one without content is what a crash of the machine has left. */
static int make_file(struct arena *arena, const char *path, const char *content)
{
	char *partial = arena_printf(arena, "%s.%d", path, getpid());
	struct stat st;
	int r;

	if (lstat(path, &st) == 0 && (!S_ISREG(st.st_mode) || st.st_size > 0))
		return 0;
	r = make_directories(path_parent(arena, path));
	if (r < 0)
		return r;
	/* Of a process of this number that was killed. */
	(void)unlink(partial);
	r = write_new(partial, content);
	/* Not every file system has renameat2(2). */
	if (r == 0 && link(partial, path) < 0 && errno != EEXIST)
		r = -errno;
	if (r == 0 && lstat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size == 0 &&
	    rename(partial, path) < 0)
		r = -errno;
	(void)unlink(partial);
	return r;
}

static int make_source(struct arena *arena, const struct source *source)
{
	int r = 0;

	if (source->make_directory)
		r = make_directories(source->path);
	if (r == 0 && source->made_content)
		r = make_file(arena, source->path, source->made_content);
	return r;
}

static int check_content(struct arena *arena, const struct source *source, int fd)
{
	char *content = NULL;
	size_t length = 0;
	int r = read_source(arena, fd, &content, &length);

	if (r < 0)
		return log_error_errno(r, "cannot read '%s'", source->path);
	if (!content || strcmp(content, source->made_content) != 0) {
		log_error("cannot use '%s': it holds something else than it should", source->path);
		log_hint("remove it, or go without: --no-forward state");
		return -ESTALE;
	}
	return 0;
}

/* What can be done without is only missed. */
static int miss(const struct source *source, int error, const char *what)
{
	if (!source->is_optional)
		return log_error_errno(error, "cannot %s '%s'", what, source->path);
	log_warning("cannot %s '%s': %s, continuing without", what, source->path,
		    strerror(abs(error)));
	return -ENODATA;
}

static int open_as_planned(const struct source *source, struct stat *ret_st)
{
	const char *kind = source_kind_names[source->kind];
	AUTO_CLOSE int fd = open_source(source->path);

	if (fd < 0)
		return miss(source, fd, "open");
	if (fstat(fd, ret_st) < 0)
		return miss(source, errno, "read the attributes of");
	if (is_as_planned(ret_st, source))
		return take_fd(&fd);
	if (source->is_optional)
		return miss(source, S_ISDIR(ret_st->st_mode) ? EISDIR : ENOTDIR, "use");
	log_error("cannot use '%s': it is not %s %s any more", source->path,
		  source->kind == SOURCE_DEVICE ? "that" : "a", kind);
	return -ESTALE;
}

/* All of it as the caller. -ENODATA: the sandbox goes without. */
static int take_source(const struct source *source, struct source_handle *ret_handle)
{
	AUTO_ARENA struct arena arena = { 0 };
	AUTO_CLOSE int fd = -1;
	struct stat st;
	int r = make_source(&arena, source);

	if (r < 0)
		return miss(source, r,
			    source->make_directory ? "make the directory" : "make the file");
	fd = open_as_planned(source, &st);
	if (fd < 0)
		return fd;
	if (source->made_content) {
		r = check_content(&arena, source, fd);
		if (r < 0)
			return r;
	}
	if (source->is_copied) {
		r = replace_by_copy(source, &fd);
		if (r < 0)
			return log_error_errno(r, "cannot read '%s'", source->path);
	}
	*ret_handle = (struct source_handle) {
		.fd = take_fd(&fd),
		.device = st.st_dev,
		.inode = st.st_ino,
	};
	return 0;
}

static int send_packet(int socket_fd, const struct source_handle *handles, size_t count)
{
	struct source_packet packet = { .count = (uint32_t)count };
	int fds[FD_PASS_MAX] = { 0 };
	int r;

	for (size_t i = 0; i < count; i++) {
		packet.ids[i].device = handles[i].device;
		packet.ids[i].inode = handles[i].inode;
		packet.ids[i].is_missing = handles[i].fd < 0;
		fds[i] = handles[i].fd < 0 ? socket_fd : handles[i].fd;
	}
	r = fd_send(socket_fd, &packet, sizeof(packet), fds, count);
	for (size_t i = 0; i < count; i++)
		cleanup_close(&handles[i].fd);
	return r;
}

/* The setup child has ended, and has said why. */
static bool is_end_of_peer(int error)
{
	return error == -EPIPE || error == -ECONNRESET;
}

static int serve_all(const struct source_list *list, int socket_fd)
{
	struct source_handle handles[FD_PASS_MAX] = { 0 };

	for (size_t done = 0; done < list->count;) {
		size_t count = 0;
		int r;

		while (count < FD_PASS_MAX && done + count < list->count) {
			handles[count] = (struct source_handle) { .fd = -1 };
			r = take_source(&list->items[done + count], &handles[count]);
			if (r < 0 && r != -ENODATA)
				return r;
			count++;
		}
		r = send_packet(socket_fd, handles, count);
		if (r < 0)
			return is_end_of_peer(r)
				       ? r
				       : log_error_errno(r, "cannot pass opened files on");
		done += count;
	}
	return 0;
}

/* A descriptor opened in another mount namespace cannot be bound in this one (EINVAL). Joining one
 * makes its root ours, which need not be the root that we were started in and that the plan was
 * made of: that one is the sandbox's first process's, still. */
static int join_mounts(const struct source_sandbox *sandbox)
{
	AUTO_CLOSE int root_fd = -1;
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/%d/root", sandbox->pid);
	root_fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root_fd < 0 || setns(sandbox->pid_fd, CLONE_NEWNS) < 0 || fchdir(root_fd) < 0 ||
	    chroot(".") < 0)
		return errno == ENOENT ? -ESRCH : -errno;
	return 0;
}

/* ESRCH: the sandbox has ended already, or who started us; that is not ours to report. */
static int enter(const struct caller *caller, const struct source_sandbox *sandbox, pid_t parent)
{
	int r = join_mounts(sandbox);

	if (r < 0 && r != -ESRCH)
		return log_error_errno(r, "cannot join the sandbox's mount namespace");
	if (r < 0)
		return r;
	r = caller_become(caller, parent);
	if (r < 0 && r != -ESRCH)
		return log_error_errno(r, "cannot become user %u", caller->uid);
	return r;
}

int source_list_serve(const struct source_list *list, const struct caller *caller,
		      const struct source_sandbox *sandbox, int socket_fd, pid_t parent)
{
	int r = enter(caller, sandbox, parent);

	r = r ?: serve_all(list, socket_fd);
	if (r == 0)
		return 0;
	(void)send_packet(socket_fd, NULL, 0);
	return 125;
}

int source_list_receive(const struct source_list *list, struct arena *arena, int socket_fd,
			struct source_handle **ret_handles)
{
	struct source_handle *handles = arena_alloc(arena, list->count * sizeof(*handles));

	for (size_t done = 0; done < list->count;) {
		struct source_packet packet;
		int fds[FD_PASS_MAX];
		size_t fd_count;
		ssize_t n =
			fd_receive(socket_fd, &packet, sizeof(packet), fds, FD_PASS_MAX, &fd_count);

		if (n == 0 || n == -ECONNRESET)
			return -ECONNRESET;
		if (n < 0)
			return log_error_errno((int)n, "cannot receive opened files");
		if (n != sizeof(packet) || packet.count != fd_count ||
		    fd_count > list->count - done)
			return log_error_errno(EPROTO, "cannot receive opened files");
		if (fd_count == 0)
			return -EPIPE;
		for (size_t i = 0; i < fd_count; i++) {
			if (packet.ids[i].is_missing)
				(void)close(fds[i]);
			handles[done++] = (struct source_handle) {
				.fd = packet.ids[i].is_missing ? -1 : fds[i],
				.device = packet.ids[i].device,
				.inode = packet.ids[i].inode,
			};
		}
	}
	*ret_handles = handles;
	return 0;
}
