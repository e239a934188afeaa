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
	struct mount_list binds;   /* of host files, not placed yet */
	size_t forward_bind_count; /* the first so many are of forwards */
};

struct forward_sink plan_builder_sink(struct plan_builder *builder);

/* Adds a bind that somebody asked for by name: it takes the place of what forwards would have put
 * there or below. */
void plan_builder_bind(struct plan_builder *builder, const struct source *source,
		       const char *target, bool read_only);

/* Leaves out of the finished plan the sources that nothing leads to. */
void plan_drop_unused_sources(struct arena *arena, struct plan *plan);

/* --bind and --bind-ro: faults for what cannot be shared, or where. */
void plan_add_binds(struct plan_builder *builder);

/* --env-file and --setenv, in this order. */
void plan_add_variables(struct plan_builder *builder);
