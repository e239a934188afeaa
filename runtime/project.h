/* Which directories may be a project. Pure. */
#pragma once

#include "base/diag.h"
#include "forward/host.h"

/* Adds a fault unless the caller can work in the project: it must be a directory they can enter,
 * and neither the root, nor the home or what holds it, nor a directory that belongs to the system.
 */
void project_check(const struct host *host, struct diag *diag);
