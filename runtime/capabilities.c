#include "runtime/capabilities.h"

#include <cap-ng.h>
#include <errno.h>
#include <stdbool.h>

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

/* What the kernel says now: older versions of the library do not report a bounding set that could
 * not be emptied. */
static bool is_cut(void)
{
	capng_clear(CAPNG_SELECT_ALL);
	if (capng_get_caps_process() < 0)
		return false;
	for (int capability = 0; capability <= CAP_LAST_CAP; capability++) {
		unsigned wanted = is_kept(capability);

		if ((unsigned)capng_have_capability(CAPNG_PERMITTED, capability) != wanted ||
		    (unsigned)capng_have_capability(CAPNG_EFFECTIVE, capability) != wanted ||
		    (unsigned)capng_have_capability(CAPNG_INHERITABLE, capability) != wanted ||
		    capng_have_capability(CAPNG_BOUNDING_SET, capability))
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
