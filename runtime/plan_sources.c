/* The plan's sources, once all mounts and seeds are known: what the command line has put something
 * else in the place of is not opened, and above all not made. */
#include "runtime/plan_builder.h"

static void mark_used(const struct plan *plan, bool *is_used)
{
	if (plan->system_source != PLAN_NO_SOURCE)
		is_used[plan->system_source] = true;
	for (size_t i = 0; i < plan->mounts.count; i++)
		if (mount_kind_has_source(plan->mounts.ops[i].kind))
			is_used[plan->mounts.ops[i].source_index] = true;
	for (size_t i = 0; i < plan->seeds.count; i++)
		if (!plan->seeds.seeds[i].content)
			is_used[plan->seeds.seeds[i].source_index] = true;
	for (size_t i = 0; i < plan->sources.count; i++)
		is_used[i] = is_used[i] || plan->sources.items[i].is_only_made;
}

static void renumber(struct plan *plan, const size_t *numbers)
{
	if (plan->system_source != PLAN_NO_SOURCE)
		plan->system_source = numbers[plan->system_source];
	for (size_t i = 0; i < plan->mounts.count; i++)
		if (mount_kind_has_source(plan->mounts.ops[i].kind))
			plan->mounts.ops[i].source_index =
				numbers[plan->mounts.ops[i].source_index];
	for (size_t i = 0; i < plan->seeds.count; i++)
		if (!plan->seeds.seeds[i].content)
			plan->seeds.seeds[i].source_index =
				numbers[plan->seeds.seeds[i].source_index];
}

void plan_drop_unused_sources(struct arena *arena, struct plan *plan)
{
	struct source_list *sources = &plan->sources;
	bool *is_used = arena_alloc(arena, sources->count * sizeof(*is_used));
	size_t *numbers = arena_alloc(arena, sources->count * sizeof(*numbers)), kept = 0;

	mark_used(plan, is_used);
	for (size_t i = 0; i < sources->count; i++) {
		if (!is_used[i])
			continue;
		sources->items[kept] = sources->items[i];
		numbers[i] = kept++;
	}
	sources->count = kept;
	renumber(plan, numbers);
}
