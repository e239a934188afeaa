/* The files of the host that a plan is made of: what is asked about them, and what is made of the
 * answers. */
#pragma once

#include "forward/host.h"

/* Fills in what the host's file systems tell; its caller, environment and is_root are known
 * already. Returns 0, or -errno having logged. */
int host_survey(struct arena *arena, const struct host_query *query, struct host *host);
