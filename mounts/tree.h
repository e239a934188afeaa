/* Making directories, links, nodes and mount points below a directory that is ours, through
 * descriptors. Every path is resolved below `root_fd` without following any link, so nothing can
 * lead out. Quiet: 0 or -errno. */
#pragma once

#include <sys/types.h>

#include "mounts/mount_list.h"

/* An O_PATH descriptor of `path` (absolute inside the tree) or of its parent. */
int tree_open(int root_fd, const char *path);
int tree_open_parent(int root_fd, const char *path);

/* Carries out a DIRECTORY, LINK or NODE step. A directory that is there already gets the mode and
 * owner; a node is checked to be the device it should be. */
int tree_make(int root_fd, const struct mount_op *op);

/* Makes an empty directory or file to mount on, unless there is one. */
int tree_make_mount_point(int root_fd, const char *target, bool is_directory);
