#include "mounts/caller.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static int take_ids(const struct caller *caller)
{
	if (setgroups(caller->group_count, caller->groups) < 0)
		return -errno;
	if (setresgid(caller->gid, caller->gid, caller->gid) < 0)
		return -errno;
	if (setresuid(caller->uid, caller->uid, caller->uid) < 0)
		return -errno;
	return 0;
}

/* Capabilities that are still permitted when the ids change keep the caller from tracing us until
 * we are not dumpable: a change of ids makes a process dumpable again where fs.suid_dumpable is 1,
 * and a tracer needs what its target has (kernel/ptrace.c, security/commoncap.c). */
static int drop_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { { 0 } };

	return syscall(SYS_capset, &header, none) < 0 ? -errno : 0;
}

static int become(const struct caller *caller)
{
	int r;

	if (prctl(PR_SET_KEEPCAPS, 1) < 0)
		return -errno;
	r = take_ids(caller);
	if (r < 0)
		return r;
	if (prctl(PR_SET_DUMPABLE, 0) < 0)
		return -errno;
	r = drop_capabilities();
	if (r < 0)
		return r;
	/* Uid 0 must be out of reach now; a kernel that lets it back is not one to go on with. */
	return setresuid(0, 0, 0) == 0 ? -EPERM : 0;
}

int caller_become(const struct caller *caller, pid_t parent)
{
	int r = 0;

	if (geteuid() == 0)
		r = become(caller);
	else if (getuid() != caller->uid || geteuid() != caller->uid)
		r = -EPERM;
	/* After the last change of credentials, which clears it. */
	if (r == 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		r = -errno;
	if (r < 0)
		return r;
	return getppid() == parent ? 0 : -ESRCH;
}

/* These two report nothing: a second call tells what the first has done. */
static bool set_file_ids(uid_t uid, gid_t gid)
{
	(void)setfsgid(gid);
	(void)setfsuid(uid);
	/* Each change of ids makes a process dumpable again where fs.suid_dumpable is 1. */
	return prctl(PR_SET_DUMPABLE, 0) == 0 && (gid_t)setfsgid((gid_t)-1) == gid &&
	       (uid_t)setfsuid((uid_t)-1) == uid;
}

int caller_view_borrow(struct arena *arena, const struct caller *caller, struct caller_view *view)
{
	int count;

	if (geteuid() != 0)
		return 0;
	count = getgroups(0, NULL);
	if (count < 0)
		return -errno;
	view->groups = arena_alloc(arena, (size_t)count * sizeof(*view->groups));
	if (getgroups(count, view->groups) != count)
		return -errno;
	view->group_count = count;
	if (setgroups(caller->group_count, caller->groups) < 0)
		return -errno;
	return set_file_ids(caller->uid, caller->gid) ? 0 : -EPERM;
}

void caller_view_return(const struct caller_view *view)
{
	if (view->group_count < 0)
		return;
	if (!set_file_ids(geteuid(), getegid()) ||
	    setgroups((size_t)view->group_count, view->groups) < 0)
		abort();
}
