/* Whether a sandbox within the sandbox can have a /proc of its own. */
#pragma once

/* Makes a user, mount and PID namespace as the payload could, and a procfs in it, which it throws
 * away. To be called by PID 1 once its root is the payload's. Returns 0; -EPERM when the kernel
 * refuses the procfs; another -errno when there is no such namespace to be had. Does not log. */
int nested_try_proc(void);
