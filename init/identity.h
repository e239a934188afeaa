/* Who the sandbox runs as: the words of PID 1's command line. Pure. */
#pragma once

#include <stddef.h>
#include <sys/types.h>

/* Far more than the device groups (render, video) that a sandbox may keep. */
#define IDENTITY_GROUPS_MAX 32

struct identity {
	uid_t uid;
	gid_t gid;
	size_t group_count;
	gid_t groups[IDENTITY_GROUPS_MAX]; /* supplementary */
};

/* Parses `UID GID [GROUP...]`, digits only. uid 0 is refused, and so is (uid_t)-1, which the kernel
 * reads as "leave it as it is". On failure (-EINVAL, -ERANGE, -E2BIG) *ret_identity is left alone.
 */
int identity_parse(const char *const *words, size_t count, struct identity *ret_identity);
