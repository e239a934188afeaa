/* Whether the limits that the caller set on the kernel's resources leave enough for a sandbox, so
 * that one that is too low is one clear fault, and not a failure in the middle of the set-up. Pure.
 * The limits themselves are not raised: the payload has them, too. */
#pragma once

#include "base/diag.h"
#include "forward/host.h"
#include "runtime/plan.h"

/* What any start needs, the probe first of all. Returns false, having added faults, when there is
 * less. */
bool limits_allow_probe(const struct host_limits *limits, struct diag *diag);

/* What this plan needs: adds faults. */
void limits_check_plan(const struct host_limits *limits, const struct plan *plan,
		       struct diag *diag);
