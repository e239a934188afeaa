/* Keeps what the sandbox is made of from Nix's garbage collection: that spares what a process has
 * open by its name in the store, but not what is only mounted. */
#pragma once

#include <sys/types.h>

#include "runtime/plan.h"

struct store_hold {
	pid_t holder; /* -1: nothing is held */
};
#define STORE_HOLD_EMPTY \
	{                \
		-1       \
	}

/* Starts a process that holds the plan's sources of the store, outside, until it is killed or we
 * end. It does not wait for it. Returns 0, or -errno having logged. */
int store_hold_start(const struct plan *plan, struct store_hold *hold);

void store_hold_finish(struct store_hold *hold);
