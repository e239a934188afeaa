/* One forward, planned by itself. */
#pragma once

#include "forward/forward.h"

/* What it plans. */
struct forward_run {
	struct arena arena;
	struct diag diag;
	struct source_list sources;
	struct seed_list seeds;
	struct env_list env;
	struct forward_answers answers;
	struct bus_list buses;
	struct mount_list binds;
	struct caller_groups groups;
	const char *skipped;
};

/* To be ended by arena_finish(&run->arena). */
void forward_run(struct forward_run *run, const char *name, const struct host *host);

/* The same with what the command line says: `wishes` gives network, mode and whether it is named.
 */
void forward_run_as(struct forward_run *run, const char *name, const struct host *host,
		    const struct forward_sink *wishes);
