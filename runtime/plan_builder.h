/* A plan while it is built: shared by the files that build one. */
#pragma once

#include "runtime/plan.h"

/* What a plan is built from, and where. */
struct plan_builder {
	struct arena *arena;
	const struct options *options;
	const struct host *host;
	struct diag *diag;
	struct plan *plan;
	struct mount_list binds; /* of host files, not placed yet */
};

struct forward_sink plan_builder_sink(struct plan_builder *builder);

/* --bind and --bind-ro: faults for what cannot be shared, or where. */
void plan_add_binds(struct plan_builder *builder);

/* --env-file and --setenv, in this order. */
void plan_add_variables(struct plan_builder *builder);
