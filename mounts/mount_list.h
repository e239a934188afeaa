/* How the sandbox's file tree is built: an ordered list of steps, as plain data. Everything here is
 * pure; mount_apply.h carries it out.
 *
 * The root is an overlay. What no mount covers is made in a skeleton directory of our own before
 * the overlay exists (`in_layer`), where nothing hostile can be met on the way. What lies on one of
 * our own tmpfs is made there, once it is mounted. Below a bind from the host nothing is ever made:
 * a mount point there must exist (`must_exist`), since whoever owns that directory could have put a
 * link in its place. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"

enum mount_kind {
	MOUNT_DIRECTORY, /* mkdir */
	MOUNT_LINK,	 /* symlink to `source` */
	MOUNT_NODE,	 /* character device device_major:device_minor */
	MOUNT_TMPFS,
	MOUNT_PROC,
	MOUNT_SYSFS,
	MOUNT_DEVPTS,
	MOUNT_MQUEUE,
	MOUNT_BIND,  /* the plan's source number `source_index`, recursively; without
		      * MOUNT_NO_DEVICES it is the character device device_major:device_minor */
	MOUNT_BUSES, /* the directory of sockets that the bus proxy makes, which is the caller's */
	/* Two that are left out where the target is not there: */
	MOUNT_SELF, /* the target itself again, so that flags can be set on that part alone */
	MOUNT_MASK, /* something empty over the target */
	/* Two that lie on source number `source_index` already when what holds it is bound: */
	MOUNT_OWN,   /* an empty directory of the sandbox's own */
	MOUNT_GUARD, /* the source itself again, so that flags can be set on that part alone */
	MOUNT_KIND_COUNT,
};

/* Where MOUNT_BUSES is inside: one at most. */
#define MOUNT_BUSES_TARGET "/run/dbus-proxy"

/* Flags of the mount as it ends up, for itself and everything mounted below it. */
enum mount_flag {
	MOUNT_READ_ONLY = 1 << 0,
	MOUNT_NO_SUID = 1 << 1,
	MOUNT_NO_DEVICES = 1 << 2,
	MOUNT_NO_EXEC = 1 << 3,
};

struct mount_op {
	enum mount_kind kind;
	const char *target; /* normal absolute path inside the sandbox */
	const char *source; /* LINK: the text of the link; with a source: its host path */
	size_t source_index;
	unsigned flags;
	const char *options; /* of the file system, or NULL */
	mode_t mode;	     /* DIRECTORY, NODE */
	uid_t uid;
	gid_t gid;
	unsigned device_major;
	unsigned device_minor;
	bool is_directory; /* BIND: the kind of mount point */
	/* Set by mount_list_append: */
	bool in_layer;
	bool must_exist;
};

struct mount_list {
	struct mount_op *ops;
	size_t count;
};

extern const char *const mount_kind_names[MOUNT_KIND_COUNT];

/* True for the kinds that mount something. */
bool mount_kind_is_mount(enum mount_kind kind);

/* For those that need a source of the host, and for those that are laid over one before it is
 * bound. */
bool mount_kind_has_source(enum mount_kind kind);
bool mount_kind_is_cover(enum mount_kind kind);

/* Appends a step after deciding where its target is made. Returns -EBUSY, appending nothing, when a
 * DIRECTORY, LINK or NODE would have to be made below a bind from the host. */
int mount_list_append(struct mount_list *list, struct arena *arena, const struct mount_op *op);

/* Appends DIRECTORY steps for those parents of `target` that no step makes yet: mode 0755, owned by
 * root; 0700 and of `uid`:`gid` where they are or lie below `home` (NULL: nowhere). Stops at a
 * bind, below which the host's own directories count. */
void mount_list_append_parents(struct mount_list *list, struct arena *arena, const char *target,
			       const char *home, uid_t uid, gid_t gid);

/* The last step with exactly this target, or NULL. */
const struct mount_op *mount_list_find(const struct mount_list *list, const char *target);

/* The innermost mount in the list so far that `path` lies at or below, or NULL: the root. */
const struct mount_op *mount_list_cover(const struct mount_list *list, const char *path);

/* "ro,nosuid,nodev,noexec" as far as set; "" when none is. */
const char *mount_flags_text(struct arena *arena, unsigned flags);
