#include "mounts/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/path.h"

static int open_below(int root_fd, const char *path, uint64_t flags)
{
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC | flags,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS,
	};
	long fd = syscall(SYS_openat2, root_fd, path, &how, sizeof(how));

	return fd < 0 ? -errno : (int)fd;
}

int tree_open(int root_fd, const char *path)
{
	return open_below(root_fd, path, 0);
}

int tree_open_parent(int root_fd, const char *path)
{
	char parent[PATH_MAX];
	size_t length = (size_t)(path_name(path) - path);

	if (length >= sizeof(parent))
		return -ENAMETOOLONG;
	memcpy(parent, path, length);
	parent[length] = '\0';
	return open_below(root_fd, parent, O_DIRECTORY);
}

static int make_directory(int parent_fd, const char *name, const struct mount_op *op)
{
	AUTO_CLOSE int fd = -1;

	if (mkdirat(parent_fd, name, op->mode) < 0 && errno != EEXIST)
		return -errno;
	fd = openat(parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (fchown(fd, op->uid, op->gid) < 0 || fchmod(fd, op->mode) < 0)
		return -errno;
	return 0;
}

static int make_node(int parent_fd, const char *name, const struct mount_op *op)
{
	dev_t device = makedev(op->device_major, op->device_minor);
	struct stat st;

	if (mknodat(parent_fd, name, S_IFCHR | op->mode, device) < 0)
		return -errno;
	if (fstatat(parent_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	return S_ISCHR(st.st_mode) && st.st_rdev == device ? 0 : -ENXIO;
}

int tree_make(int root_fd, const struct mount_op *op)
{
	AUTO_CLOSE int parent_fd = tree_open_parent(root_fd, op->target);
	const char *name = path_name(op->target);

	if (parent_fd < 0)
		return parent_fd;
	switch (op->kind) {
	case MOUNT_DIRECTORY:
		return make_directory(parent_fd, name, op);
	case MOUNT_LINK:
		return symlinkat(op->source, parent_fd, name) < 0 ? -errno : 0;
	case MOUNT_NODE:
		return make_node(parent_fd, name, op);
	default:
		return -EINVAL;
	}
}

int tree_make_mount_point(int root_fd, const char *target, bool is_directory)
{
	AUTO_CLOSE int parent_fd = tree_open_parent(root_fd, target);
	const char *name = path_name(target);
	int r;

	if (parent_fd < 0)
		return parent_fd;
	r = is_directory ? mkdirat(parent_fd, name, 0755)
			 : mknodat(parent_fd, name, S_IFREG | 0644, 0);
	return r < 0 && errno != EEXIST ? -errno : 0;
}
