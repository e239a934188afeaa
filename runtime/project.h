/* Which directories may be a project. Pure. */
#pragma once

#include <stdbool.h>

#include "base/diag.h"
#include "forward/host.h"

/* True for a directory of the kernel's, and what is below: sharing one would open the host's other
 * doors, such as /proc/PID/root. */
bool project_is_kernel_place(const char *path);

/* Adds a fault unless the caller can work in the project: it must be a directory they can enter,
 * and neither the root, nor the home or what holds it, nor a place of keys in it, nor a directory
 * that belongs to the system. A link is warned of. */
void project_check(const struct host *host, struct diag *diag);
