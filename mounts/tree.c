#include "mounts/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
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

int tree_open(const struct tree *tree, const char *path)
{
	return open_below(tree->root_fd, path, 0);
}

static void forget_parent(struct tree *tree)
{
	cleanup_close(&tree->parent_fd);
	free(tree->parent);
	tree->parent_fd = -1;
	tree->parent = NULL;
}

void tree_finish(struct tree *tree)
{
	forget_parent(tree);
	cleanup_close(&tree->root_fd);
	tree->root_fd = -1;
}

int tree_parent(struct tree *tree, const char *path)
{
	size_t length = (size_t)(path_name(path) - path);

	if (tree->parent && strlen(tree->parent) == length &&
	    strncmp(tree->parent, path, length) == 0)
		return tree->parent_fd;
	forget_parent(tree);
	tree->parent = strndup(path, length);
	if (!tree->parent)
		return -ENOMEM;
	tree->parent_fd = open_below(tree->root_fd, tree->parent, O_DIRECTORY);
	if (tree->parent_fd < 0) {
		int r = tree->parent_fd;

		forget_parent(tree);
		return r;
	}
	return tree->parent_fd;
}

static int adjust_directory(int parent_fd, const char *name, const struct mount_op *op)
{
	AUTO_CLOSE int fd =
		openat(parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0 || fchown(fd, op->uid, op->gid) < 0 || fchmod(fd, op->mode) < 0)
		return -errno;
	return 0;
}

static int make_directory(int parent_fd, const char *name, const struct mount_op *op)
{
	if (mkdirat(parent_fd, name, op->mode) < 0)
		return errno == EEXIST ? adjust_directory(parent_fd, name, op) : -errno;
	if (op->uid == 0 && op->gid == 0)
		return 0;
	return fchownat(parent_fd, name, op->uid, op->gid, AT_SYMLINK_NOFOLLOW) < 0 ? -errno : 0;
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

int tree_make(struct tree *tree, const struct mount_op *op)
{
	int parent_fd = tree_parent(tree, op->target);
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

int tree_make_mount_point(struct tree *tree, const char *target, bool is_directory)
{
	int parent_fd = tree_parent(tree, target);
	const char *name = path_name(target);
	int r;

	if (parent_fd < 0)
		return parent_fd;
	r = is_directory ? mkdirat(parent_fd, name, 0755)
			 : mknodat(parent_fd, name, S_IFREG | 0644, 0);
	return r < 0 && errno != EEXIST ? -errno : 0;
}
