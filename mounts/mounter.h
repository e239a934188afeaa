/* libmount at arm's length: the only file that includes it. Every target is one name below a
 * directory given by descriptor; every bind source is a descriptor. libmount is told to do exactly
 * one mount and nothing beside: no canonicalizing (it would turn the descriptor back into a path),
 * no helpers, no utab (it would write below the host's /run), no swap of source and target. */
#pragma once

struct mounter;

/* Returns NULL when memory is short. */
struct mounter *mounter_new(void);
void mounter_free(struct mounter *mounter);

/* Mounts a new instance of `type` with MS_* `flags`; `options` are the file system's, or NULL.
 * The process's working directory becomes `parent_fd`. Returns 0 or -errno, quietly. */
int mounter_mount(struct mounter *mounter, const char *type, int parent_fd, const char *name,
		  unsigned long flags, const char *options);

/* Binds `source_fd`, with what is mounted below it. Flags are the caller's next step: libmount
 * would apply them to what the new mount covers, and leave the mount itself writable. */
int mounter_bind(struct mounter *mounter, int source_fd, int parent_fd, const char *name);
