#include "mounts/caller.h"

#include <errno.h>
#include <grp.h>
#include <signal.h>
#include <sys/prctl.h>
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

int caller_become(const struct caller *caller, pid_t parent)
{
	int r;

	if (geteuid() != 0)
		return getuid() == caller->uid && geteuid() == caller->uid ? 0 : -EPERM;

	r = take_ids(caller);
	if (r < 0)
		return r;
	/* Uid 0 must be out of reach now; a kernel that lets it back is not one to go on with. */
	if (setresuid(0, 0, 0) == 0)
		return -EPERM;
	/* After the credential change, which clears both. */
	if (prctl(PR_SET_DUMPABLE, 0) < 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		return -errno;
	return getppid() == parent ? 0 : -ESRCH;
}
