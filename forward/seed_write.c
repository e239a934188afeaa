#include "forward/seed_write.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/path.h"

/* The source is a sealed copy. */
static int copy_source(int source_fd, int fd)
{
	off_t offset = 0;
	ssize_t n;

	do
		n = sendfile(fd, source_fd, &offset, SOURCE_COPY_MAXIMUM);
	while (n > 0 || (n < 0 && errno == EINTR));
	return n < 0 ? -errno : 0;
}

static int write_seed(const struct seed *seed, struct tree *tree,
		      const struct source_handle *handles)
{
	int parent_fd = tree_parent(tree, seed->target), r;
	const char *name = path_name(seed->target);
	AUTO_CLOSE int fd = -1;

	if (parent_fd < 0)
		return parent_fd;
	fd = openat(parent_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		    seed->mode);
	if (fd < 0)
		return -errno;
	if (seed->content)
		r = fd_write_all(fd, seed->content, seed->content_length);
	else
		r = copy_source(handles[seed->source_index].fd, fd);
	if (r < 0)
		return r;
	if (seed->uid != 0 || seed->gid != 0)
		r = fchown(fd, seed->uid, seed->gid);
	return r < 0 ? -errno : 0;
}

int seed_list_write(const struct seed_list *list, bool in_layer, struct tree *tree,
		    const struct source_handle *handles)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct seed *seed = &list->seeds[i];
		int r = seed->in_layer == in_layer ? write_seed(seed, tree, handles) : 0;

		if (r < 0)
			return log_error_errno(r, "cannot write '%s' in the sandbox", seed->target);
	}
	return 0;
}
