#include "runtime/capabilities.h"

#include <cap-ng.h>
#include <errno.h>
#include <linux/capability.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/array.h"
#include "base/log.h"

static const int kept[] = { CAP_SETGID, CAP_SETUID, CAP_SETPCAP };

#define KEPT_COUNT (ARRAY_LENGTH(kept))
#define KEPT_SETS (CAPNG_EFFECTIVE | CAPNG_PERMITTED | CAPNG_INHERITABLE)

static bool is_kept(int capability)
{
	for (size_t i = 0; i < KEPT_COUNT; i++)
		if (kept[i] == capability)
			return true;
	return false;
}

/* What the kernel says now, asked by system calls: older versions of the library do not report a
 * bounding set that could not be emptied, and all of them read files in /proc. */
static bool is_cut(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = { 0 };

	if (syscall(SYS_capget, &header, sets) < 0)
		return false;
	for (unsigned capability = 0; capability < 32 * ARRAY_LENGTH(sets); capability++) {
		const struct __user_cap_data_struct *set = &sets[capability / 32];
		uint32_t bit = 1U << capability % 32, wanted = is_kept((int)capability) ? bit : 0;

		if ((set->permitted & bit) != wanted || (set->effective & bit) != wanted ||
		    (set->inheritable & bit) != wanted)
			return false;
		/* It answers -1 for a number that is no capability to this kernel. */
		if (prctl(PR_CAPBSET_READ, (unsigned long)capability) > 0 ||
		    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, capability, 0, 0) > 0)
			return false;
	}
	return true;
}

int capabilities_cut_to_init(void)
{
	capng_clear(CAPNG_SELECT_ALL);
	for (size_t i = 0; i < KEPT_COUNT; i++)
		if (capng_update(CAPNG_ADD, KEPT_SETS, (unsigned)kept[i]) < 0)
			return log_error_errno(EINVAL, "cannot choose capabilities");
	/* In this order: the kernel refuses to make inheritable what the bounding set lacks
	 * (security/commoncap.c, cap_capset). */
	if (capng_apply(CAPNG_SELECT_CAPS) < 0 ||
	    capng_apply(CAPNG_SELECT_BOUNDS | CAPNG_SELECT_AMBIENT) < 0)
		return log_error_errno(EPERM, "cannot drop capabilities");
	if (!is_cut())
		return log_error_errno(EPERM, "cannot see the capabilities dropped");
	return 0;
}
