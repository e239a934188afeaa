/* The caller, from the user database: the one place that asks it. Nothing asks it again once the
 * sandbox is being built. */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "base/diag.h"
#include "mounts/caller.h"

/* Decides for whom to run (identity.h) and fills in name, ids, home and shell from passwd, never
 * from HOME, USER or SUDO_HOME; the supplementary groups are those that /etc/group knows.
 * `environment` is our own, where sudo and its like say for whom they started us. Returns 0, or
 * -EINVAL after adding a fault. */
int user_identify(struct arena *arena, char *const *environment, const char *user_option,
		  struct diag *diag, struct caller *ret_caller);

/* Asks the name service for groups beyond those of /etc/group. True when there are more now. */
bool user_complete_groups(struct arena *arena, struct caller *caller);
