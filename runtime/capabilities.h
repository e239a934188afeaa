/* libcap-ng at arm's length: the only file that includes it. */
#pragma once

/* Leaves the process, still uid 0, with the three capabilities init needs to drop everything:
 * CAP_SETUID, CAP_SETGID, CAP_SETPCAP, inheritable so that they outlast the exec; and with an empty
 * bounding set, so that no exec ever gives one back. Reads the result back. Returns 0, or -errno
 * having logged. */
int capabilities_cut_to_init(void);
