/* The person the sandbox works for, and how a helper process becomes them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/arena.h"

struct caller_group {
	const char *name;
	gid_t gid;
};

struct caller_groups {
	struct caller_group *items;
	size_t count;
};

struct caller {
	uid_t uid;
	gid_t gid;
	const char *name;
	const char *home;    /* normal absolute path, from passwd */
	const char *shell;   /* from passwd */
	const gid_t *groups; /* supplementary groups: what the helpers open files with */
	size_t group_count;
	struct caller_groups device_groups; /* of them: those that are there to open devices */
};

/* Gives a freshly forked, single-threaded root process the caller's real, effective and saved ids
 * and groups for good; fsuid alone would not do, since FUSE asks for the real ones (fs/fuse/dir.c,
 * fuse_allow_current_process). The process dies with its parent and cannot be traced by the caller,
 * whatever fs.suid_dumpable says. Without root it checks that the ids are the caller's already.
 * Returns 0 or -errno, quietly; -ESRCH when the parent has died already, of which nobody needs to
 * be told. */
int caller_become(const struct caller *caller, pid_t parent);

/* How a root process looked at files before it borrowed the caller's view. */
struct caller_view {
	gid_t *groups;
	int group_count; /* -1: nothing was changed */
};

#define CALLER_VIEW_OWN           \
	{                         \
		.group_count = -1 \
	}

/* Looks at files with the caller's ids and groups until caller_view_return(): enough for files of
 * the system itself, on file systems that are root's. All else is for a helper that becomes the
 * caller. Does nothing without root. Memory is the arena's. Returns 0 or -errno, quietly. */
int caller_view_borrow(struct arena *arena, const struct caller *caller, struct caller_view *view);

/* Ends the program when root's own view cannot be had back. */
void caller_view_return(const struct caller_view *view);
