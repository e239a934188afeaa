/* What the root is made of: a directory tree given as `--system`, or a skeleton around the host's
 * own /usr. Pure: the facts come from the host probe. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "mounts/mount_list.h"
#include "mounts/source.h"

enum rootfs_entry_kind {
	ROOTFS_MISSING,
	ROOTFS_LINK,
	ROOTFS_DIRECTORY,
	ROOTFS_REGULAR,
	ROOTFS_TEXT, /* a small file: copied, which costs less than a mount */
};

/* Something of the host that the skeleton takes over, as found there. */
struct rootfs_entry {
	const char *path; /* "/lib64", "/etc/ssl/certs" */
	enum rootfs_entry_kind kind;
	const char *target;  /* LINK: its text; others: the resolved path that is bound */
	const char *content; /* TEXT */
};

struct rootfs_facts {
	const char *system; /* the tree of `--system`, resolved; NULL: the host's /usr */
	struct rootfs_entry *entries;
	size_t entry_count;
};

/* The paths that the probe looks at for the host's /usr: what stands at the top, such as /lib64,
 * and the chosen parts of /etc; never shadow, sudoers, host keys, credentials. NULL-terminated. */
extern const char *const rootfs_top_level_paths[];
extern const char *const rootfs_etc_paths[];

/* And for a tree that is given: what may be a link there, below which nothing can be mounted. */
extern const char *const rootfs_system_link_paths[];

/* Plans the directories, links and binds; of a TEXT entry only the directory it lies in. */
void rootfs_plan(const struct rootfs_facts *facts, struct arena *arena, struct mount_list *list,
		 struct source_list *sources);

/* Options for the overlay's mount: "lowerdir=skeleton[:system],upperdir=…", relative to our own
 * tmpfs, so that no name of the host needs escaping or shows in /proc/mounts. */
const char *rootfs_overlay_options(const struct rootfs_facts *facts);
