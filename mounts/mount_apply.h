/* Carries out a mount list: the privileged half. Runs in the setup child, in its own mount
 * namespace, before the root is switched; nothing of the sandbox runs yet. */
#pragma once

#include "mounts/mount_list.h"
#include "mounts/source.h"
#include "mounts/tree.h"

struct mounter;

/* The workplace of one sandbox: descriptors on a tmpfs of our own that holds the overlay's layers.
 */
struct workplace {
	struct mounter *mounter;
	struct tree base;     /* the tmpfs */
	struct tree skeleton; /* the lower layer we make */
	struct tree root;     /* the overlay, once mounted */
	int null_fd;	      /* what masks a file: a device node of ours, checked */
	int empty_fd;	      /* what masks a directory */
	int buses_fd;	      /* what MOUNT_BUSES shows, or -1 */
};

#define WORKPLACE_EMPTY                                                                        \
	{                                                                                      \
		.base = TREE_EMPTY, .skeleton = TREE_EMPTY, .root = TREE_EMPTY, .null_fd = -1, \
		.empty_fd = -1, .buses_fd = -1                                                 \
	}

/* All of these return 0, or -errno having logged. */

/* Makes every mount private, so that nothing we mount shows outside and nothing of the host's later
 * mounts shows inside. */
int mounts_detach_from_host(void);

/* Mounts the workplace on `directory`, which is root's alone. The workplace is finished by the
 * caller also after a failure. */
int workplace_open(struct workplace *workplace, const char *directory);
void workplace_finish(struct workplace *workplace);

/* Makes the directory that MOUNT_BUSES shows, if the list has one: of that user, who alone may
 * enter it. */
int workplace_make_buses(struct workplace *workplace, const struct mount_list *list, uid_t uid,
			 gid_t gid);

/* Makes what belongs to the skeleton: directories, links, mount points. Before the overlay. */
int mount_list_make_layer(const struct mount_list *list, struct workplace *workplace);

/* absent[i] becomes true for a step whose source could not be made and is optional: here, and in
 * mount_list_apply(), which makes a directory of the sandbox's own in its place. */
/* Lays the OWN and GUARD steps over the sources they name: binds of what holds these then show
 * them. Before any bind is made, and only in a mount namespace whose mounts are private. */
int mount_list_cover_sources(const struct mount_list *list, struct workplace *workplace,
			     const struct source_handle *handles, bool *absent);

/* Mounts the overlay, which becomes the tree `root`. `system` is the tree below the skeleton, or
 * NULL. */
int workplace_mount_root(struct workplace *workplace, const struct source_handle *system,
			 const char *overlay_options);

/* Does all mounts, in order, and what lies on them. `handles` are the opened sources; absent[i]
 * becomes true for a SELF or MASK step whose target this kernel does not have, and for a BIND
 * step without its optional source: a directory of the sandbox's own is in its place. */
int mount_list_apply(const struct mount_list *list, struct workplace *workplace,
		     const struct source_handle *handles, bool *absent);
