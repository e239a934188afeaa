/* Where in the sandbox things may go, and in which order. Pure. */
#pragma once

#include <stdbool.h>

#include "runtime/plan.h"

/* True when a mount on `target` would hide something that the sandbox needs, or put something of
 * the caller's where the kernel is expected to answer (/proc, /sys and their like). An empty tmpfs
 * of ours, /tmp, may be replaced. */
bool placement_covers_ours(const struct plan *plan, const char *target);

/* True when something of `binds` lies at or below `target`. */
bool placement_covers_shared(const struct mount_list *binds, const char *target);

/* Moves the binds into the plan's mounts, outer before inner, so that none covers another, and
 * makes the directories they need. Sorts `binds`. Adds a fault for two on one target, and for one
 * that a link is in the way of. */
void placement_of_binds(struct arena *arena, struct plan *plan, struct mount_list *binds,
			struct diag *diag);

/* Decides for each seed whether it lies in the skeleton or on a mount, and makes the directories
 * they need. Adds a fault for one below a shared directory: files of ours are only ever written in
 * directories of ours. */
void placement_of_seeds(struct arena *arena, struct plan *plan, struct diag *diag);
