/* The kernel's file systems and the directories every program expects, as a table: /proc with
 * masks, /sys, /dev, /run, /tmp. Pure. */
#pragma once

#include <sys/types.h>

#include "base/arena.h"
#include "mounts/mount_list.h"

struct api_fs {
	uid_t uid; /* who owns the runtime directory /run/user/UID */
	gid_t gid;
};

void api_fs_plan(const struct api_fs *api, struct arena *arena, struct mount_list *list);

/* "/run/user/UID" */
const char *api_fs_runtime_directory(struct arena *arena, uid_t uid);
