#include "forward/seed_write.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/path.h"
#include "mounts/tree.h"

/* The source is the caller's file, opened by them: it may grow while we read. */
static int copy_source(int source_fd, int fd)
{
	char buffer[16384];
	size_t total = 0;

	for (;;) {
		ssize_t n = read(source_fd, buffer, sizeof(buffer));
		int r;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			return 0;
		total += (size_t)n;
		if (total > SEED_MAXIMUM)
			return -EFBIG;
		r = fd_write_all(fd, buffer, (size_t)n);
		if (r < 0)
			return r;
	}
}

static int write_seed(const struct seed *seed, int root_fd, const struct source_handle *handles)
{
	AUTO_CLOSE int parent_fd = tree_open_parent(root_fd, seed->target), fd = -1;
	const char *name = path_name(seed->target);
	int r;

	if (parent_fd < 0)
		return parent_fd;
	fd = openat(parent_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	if (seed->content)
		r = fd_write_all(fd, seed->content, strlen(seed->content));
	else
		r = copy_source(handles[seed->source_index].fd, fd);
	if (r < 0)
		return r;
	if (seed->uid != 0 || seed->gid != 0)
		r = fchown(fd, seed->uid, seed->gid);
	if (r < 0 || fchmod(fd, seed->mode) < 0)
		return -errno;
	return 0;
}

int seed_list_write(const struct seed_list *list, bool in_layer, int root_fd,
		    const struct source_handle *handles)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct seed *seed = &list->seeds[i];
		int r = seed->in_layer == in_layer ? write_seed(seed, root_fd, handles) : 0;

		if (r < 0)
			return log_error_errno(r, "cannot write '%s' in the sandbox", seed->target);
	}
	return 0;
}
