#include "runtime/placement.h"

#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "mounts/api_fs.h"

/* File systems in which the kernel speaks: what is read there is relied upon, also by PID 1. */
static bool is_kernel_interface(enum mount_kind kind)
{
	return kind == MOUNT_PROC || kind == MOUNT_SYSFS || kind == MOUNT_DEVPTS ||
	       kind == MOUNT_MQUEUE;
}

bool placement_covers_ours(const struct plan *plan, const char *target)
{
	for (size_t i = 0; i < plan->mounts.count; i++) {
		const struct mount_op *op = &plan->mounts.ops[i];

		if (is_kernel_interface(op->kind) && path_is_at_or_below(target, op->target))
			return true;
		if (!path_is_at_or_below(op->target, target) || path_is_at_or_below(target, "/tmp"))
			continue;
		/* A directory that is not root's is the caller's home or runtime directory. */
		if (op->kind != MOUNT_DIRECTORY || op->uid != 0)
			return true;
	}
	for (size_t i = 0; i < plan->seeds.count; i++)
		if (path_is_at_or_below(plan->seeds.seeds[i].target, target))
			return true;
	return strcmp(target, "/") == 0 || path_is_at_or_below(PLAN_CLAUDE_PATH, target);
}

bool placement_covers_shared(const struct mount_list *binds, const char *target)
{
	for (size_t i = 0; i < binds->count; i++)
		if (path_is_at_or_below(binds->ops[i].target, target))
			return true;
	return false;
}

static int compare_targets(const void *a, const void *b)
{
	const struct mount_op *op_a = a, *op_b = b;
	int order = strcmp(op_a->target, op_b->target);

	return order != 0 ? order : strcmp(op_a->source, op_b->source);
}

/* A link on the way would lead the mount elsewhere, or be hidden by a directory made for it: one of
 * ours, or one of the tree that is given. Returns where the link is, or NULL. */
static const char *find_link_above(const struct plan *plan, const char *target)
{
	for (size_t i = 0; i < plan->mounts.count; i++)
		if (plan->mounts.ops[i].kind == MOUNT_LINK &&
		    path_is_at_or_below(target, plan->mounts.ops[i].target))
			return plan->mounts.ops[i].target;
	for (size_t i = 0; i < plan->rootfs->entry_count; i++)
		if (plan->rootfs->entries[i].kind == ROOTFS_LINK &&
		    path_is_at_or_below(target, plan->rootfs->entries[i].path))
			return plan->rootfs->entries[i].path;
	return NULL;
}

static void place_bind(struct arena *arena, struct plan *plan, const struct mount_op *op,
		       struct diag *diag)
{
	const struct caller *caller = plan->caller;
	const char *runtime = api_fs_runtime_directory(arena, caller->uid);
	const char *owned = path_is_below(op->target, runtime) ? runtime : caller->home;
	const struct mount_op *existing = mount_list_find(&plan->mounts, op->target);
	const char *link = find_link_above(plan, op->target);
	struct mount_op placed = *op;

	if (link) {
		diag_fault(diag, "cannot bind '%s' on '%s': '%s' is a link inside", op->source,
			   op->target, link);
		return;
	}
	if (existing && existing->kind == MOUNT_DIRECTORY && !op->is_directory) {
		diag_fault(diag, "cannot bind '%s' on '%s': a directory is there inside",
			   op->source, op->target);
		return;
	}
	mount_list_append_parents(&plan->mounts, arena, op->target, owned, caller->uid,
				  caller->gid);
	placed.uid = caller->uid;
	placed.gid = caller->gid;
	(void)mount_list_append(&plan->mounts, arena, &placed);
}

void placement_of_binds(struct arena *arena, struct plan *plan, struct mount_list *binds,
			struct diag *diag)
{
	if (binds->count > 0)
		qsort(binds->ops, binds->count, sizeof(*binds->ops), compare_targets);
	for (size_t i = 0; i < binds->count; i++) {
		const struct mount_op *op = &binds->ops[i];

		if (i > 0 && strcmp(op[-1].target, op->target) == 0)
			diag_fault(diag, "cannot bind both '%s' and '%s' on '%s'", op[-1].source,
				   op->source, op->target);
		else
			place_bind(arena, plan, op, diag);
	}
}

void placement_of_seeds(struct arena *arena, struct plan *plan, struct diag *diag)
{
	const struct caller *caller = plan->caller;

	for (size_t i = 0; i < plan->seeds.count; i++) {
		struct seed *seed = &plan->seeds.seeds[i];
		const struct mount_op *cover = mount_list_cover(&plan->mounts, seed->target);

		seed->in_layer = !cover;
		if (cover && cover->kind == MOUNT_BIND)
			diag_fault(diag, "cannot write '%s' below '%s', which is shared",
				   seed->target, cover->target);
		mount_list_append_parents(&plan->mounts, arena, seed->target, caller->home,
					  caller->uid, caller->gid);
	}
}
