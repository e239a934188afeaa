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

/* As long as the real and the saved id are root's, the caller can neither signal nor trace us. A
 * change of the effective ids takes the parent-death signal back and may make us dumpable, where
 * fs.suid_dumpable is 1; a change of the others does not (kernel/cred.c, commit_creds). So both are
 * settled in between: a helper that the caller stops as soon as they may still dies with its
 * parent. */
static int take_effective_ids(const struct caller *caller)
{
	if (setgroups(caller->group_count, caller->groups) < 0)
		return -errno;
	if (setresgid(caller->gid, caller->gid, caller->gid) < 0)
		return -errno;
	if (setresuid((uid_t)-1, caller->uid, (uid_t)-1) < 0)
		return -errno;
	return 0;
}

static int tie_to_parent(pid_t parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		return -errno;
	return getppid() == parent ? 0 : -ESRCH;
}

static int take_real_ids(const struct caller *caller)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { { 0 } };

	/* First, as a securebit may keep them; the effective id is the caller's already. */
	if (syscall(SYS_capset, &header, none) < 0 ||
	    setresuid(caller->uid, caller->uid, caller->uid) < 0)
		return -errno;
	/* Uid 0 must be out of reach now, and our memory out of theirs; a kernel that sees it
	 * otherwise is not one to go on with. */
	return setresuid(0, 0, 0) == 0 || prctl(PR_GET_DUMPABLE) != 0 ? -EPERM : 0;
}

static int become(const struct caller *caller, pid_t parent)
{
	int r = take_effective_ids(caller);

	if (r == 0 && prctl(PR_SET_DUMPABLE, 0) < 0)
		r = -errno;
	r = r ?: tie_to_parent(parent);
	return r ?: take_real_ids(caller);
}

int caller_become(const struct caller *caller, pid_t parent)
{
	if (geteuid() == 0)
		return become(caller, parent);
	if (getuid() != caller->uid || geteuid() != caller->uid)
		return -EPERM;
	return tie_to_parent(parent);
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
