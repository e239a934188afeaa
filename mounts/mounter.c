#include "mounts/mounter.h"

#include <errno.h>
#include <libmount.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <unistd.h>

struct mounter {
	struct libmnt_context *context;
};

void mounter_free(struct mounter *mounter)
{
	if (!mounter)
		return;
	mnt_free_context(mounter->context);
	free(mounter);
}

struct mounter *mounter_new(void)
{
	struct mounter *mounter = calloc(1, sizeof(*mounter));

	if (!mounter)
		return NULL;
	mounter->context = mnt_new_context();
	/* These stay set over mnt_reset_context(). */
	if (!mounter->context || mnt_context_disable_canonicalize(mounter->context, 1) < 0 ||
	    mnt_context_disable_helpers(mounter->context, 1) < 0 ||
	    mnt_context_disable_mtab(mounter->context, 1) < 0 ||
	    mnt_context_disable_swapmatch(mounter->context, 1) < 0) {
		mounter_free(mounter);
		return NULL;
	}
	return mounter;
}

/* libmount's own error codes are not errnos: the system call's is asked for, and where there was no
 * call the library refused. A negative result with status 1 has mounted something, but not as told.
 */
static int run(struct libmnt_context *context)
{
	int r = mnt_context_mount(context);
	int error;

	if (r == 0 && mnt_context_get_status(context) == 1)
		return 0;
	if (r > 0)
		return -r;
	error = mnt_context_syscall_called(context) ? mnt_context_get_syscall_errno(context) : 0;
	return error > 0 ? -error : -EINVAL;
}

static int prepare(struct mounter *mounter, int parent_fd, const char *name, unsigned long flags)
{
	if (fchdir(parent_fd) < 0)
		return -errno;
	if (mnt_reset_context(mounter->context) < 0 ||
	    mnt_context_set_target(mounter->context, name) < 0 ||
	    mnt_context_set_mflags(mounter->context, flags) < 0)
		return -ENOMEM;
	return 0;
}

int mounter_mount(struct mounter *mounter, const char *type, int parent_fd, const char *name,
		  unsigned long flags, const char *options)
{
	int r = prepare(mounter, parent_fd, name, flags);

	if (r < 0)
		return r;
	if (mnt_context_set_fstype(mounter->context, type) < 0 ||
	    mnt_context_set_source(mounter->context, type) < 0 ||
	    (options && mnt_context_set_options(mounter->context, options) < 0))
		return -ENOMEM;
	return run(mounter->context);
}

int mounter_bind(struct mounter *mounter, int source_fd, int parent_fd, const char *name)
{
	char source[64];
	int r = prepare(mounter, parent_fd, name, MS_BIND | MS_REC);

	if (r < 0)
		return r;
	(void)snprintf(source, sizeof(source), "/proc/self/fd/%d", source_fd);
	if (mnt_context_set_source(mounter->context, source) < 0)
		return -ENOMEM;
	return run(mounter->context);
}
