/* Making directories, links, nodes and mount points below a directory that is ours, through
 * descriptors. Every path is resolved below the root without following any link, so nothing can
 * lead out. Quiet: 0 or -errno. The process's umask must be 0: modes are exactly those asked for.
 */
#pragma once

#include <sys/types.h>

#include "mounts/mount_list.h"

/* A tree, and the directory in it that was used last: the paths of a plan come many in a row from
 * one directory. What is mounted in the tree must be mounted in a directory that tree_parent() has
 * just given: then the one remembered is never covered by a mount. */
struct tree {
	int root_fd; /* the tree's own */
	int parent_fd;
	char *parent;
};

#define TREE_EMPTY                             \
	{                                      \
		.root_fd = -1, .parent_fd = -1 \
	}

/* Closes the root as well. */
void tree_finish(struct tree *tree);

/* An O_PATH descriptor of `path` (absolute inside the tree), the caller's. */
int tree_open(const struct tree *tree, const char *path);

/* The directory `path` lies in: an O_PATH descriptor that stays the tree's, good until the next
 * call. */
int tree_parent(struct tree *tree, const char *path);

/* Carries out a DIRECTORY, LINK or NODE step. A directory that is there already gets the mode and
 * owner; a node is checked to be the device it should be. */
int tree_make(struct tree *tree, const struct mount_op *op);

/* Makes an empty directory or file to mount on, unless there is one. */
int tree_make_mount_point(struct tree *tree, const char *target, bool is_directory);
