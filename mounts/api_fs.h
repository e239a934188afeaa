/* The kernel's file systems and the directories every program expects, as a table: /proc with
 * masks, /sys, /dev, /run, /tmp. Pure. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/arena.h"
#include "mounts/mount_list.h"

/* Where the procfs is that nothing covers, below a directory that is root's alone. Being mounted is
 * all it is for (runtime/nested.c). */
#define API_FS_NESTED_DIRECTORY "/run/nested"
#define API_FS_NESTED_PROC API_FS_NESTED_DIRECTORY "/proc"

struct api_fs {
	uid_t uid; /* who owns the runtime directory /run/user/UID */
	gid_t gid;
	bool is_nested; /* sandboxes within the sandbox are to be possible */
};

void api_fs_plan(const struct api_fs *api, struct arena *arena, struct mount_list *list);

/* "/run/user/UID" */
const char *api_fs_runtime_directory(struct arena *arena, uid_t uid);
