#include "mounts/mount_list.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "base/array.h"
#include "base/path.h"

const char *const mount_kind_names[] = {
	[MOUNT_DIRECTORY] = "directory",
	[MOUNT_LINK] = "link",
	[MOUNT_NODE] = "node",
	[MOUNT_TMPFS] = "tmpfs",
	[MOUNT_PROC] = "proc",
	[MOUNT_SYSFS] = "sysfs",
	[MOUNT_DEVPTS] = "devpts",
	[MOUNT_MQUEUE] = "mqueue",
	[MOUNT_BIND] = "bind",
	[MOUNT_BUSES] = "buses",
	[MOUNT_SELF] = "self",
	[MOUNT_MASK] = "mask",
	[MOUNT_OWN] = "own",
	[MOUNT_GUARD] = "guard",
};
static_assert(ARRAY_LENGTH(mount_kind_names) == MOUNT_KIND_COUNT, "names");

bool mount_kind_is_mount(enum mount_kind kind)
{
	return kind >= MOUNT_TMPFS;
}

const struct mount_op *mount_list_cover(const struct mount_list *list, const char *path)
{
	const struct mount_op *cover = NULL;

	for (size_t i = 0; i < list->count; i++) {
		const struct mount_op *op = &list->ops[i];

		/* Of two at the same place the later one lies on top. */
		if (mount_kind_is_mount(op->kind) && path_is_at_or_below(path, op->target) &&
		    (!cover || strlen(op->target) >= strlen(cover->target)))
			cover = op;
	}
	return cover;
}

bool mount_kind_is_cover(enum mount_kind kind)
{
	return kind == MOUNT_OWN || kind == MOUNT_GUARD;
}

bool mount_kind_has_source(enum mount_kind kind)
{
	return kind == MOUNT_BIND || mount_kind_is_cover(kind);
}

/* What is in it is not ours to change. */
static bool is_content(enum mount_kind kind)
{
	return kind == MOUNT_PROC || kind == MOUNT_SYSFS || kind == MOUNT_SELF ||
	       kind == MOUNT_MASK || kind == MOUNT_BUSES || mount_kind_has_source(kind);
}

int mount_list_append(struct mount_list *list, struct arena *arena, const struct mount_op *op)
{
	const struct mount_op *cover = mount_list_cover(list, op->target);
	struct mount_op *added;
	bool is_host_content = cover && is_content(cover->kind);

	assert(path_is_normal(op->target));
	if (is_host_content && !mount_kind_is_mount(op->kind))
		return -EBUSY;

	list->ops = arena_grow(arena, list->ops, list->count, sizeof(*list->ops));
	added = &list->ops[list->count++];
	*added = *op;
	added->in_layer = !cover;
	added->must_exist = is_host_content || op->kind == MOUNT_SELF || op->kind == MOUNT_MASK;
	return 0;
}

void mount_list_append_parents(struct mount_list *list, struct arena *arena, const char *target,
			       const char *home, uid_t uid, gid_t gid)
{
	for (const char *slash = strchr(target + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		char *parent = arena_strndup(arena, target, (size_t)(slash - target));
		struct mount_op op = { .kind = MOUNT_DIRECTORY, .target = parent, .mode = 0755 };

		if (mount_list_find(list, parent))
			continue;
		if (home && path_is_at_or_below(parent, home)) {
			op.mode = 0700;
			op.uid = uid;
			op.gid = gid;
		}
		if (mount_list_append(list, arena, &op) < 0)
			return;
	}
}

const struct mount_op *mount_list_find(const struct mount_list *list, const char *target)
{
	for (size_t i = list->count; i > 0; i--)
		if (strcmp(list->ops[i - 1].target, target) == 0)
			return &list->ops[i - 1];
	return NULL;
}

const char *mount_flags_text(struct arena *arena, unsigned flags)
{
	char *text = arena_printf(arena, "%s%s%s%s", flags & MOUNT_READ_ONLY ? ",ro" : "",
				  flags & MOUNT_NO_SUID ? ",nosuid" : "",
				  flags & MOUNT_NO_DEVICES ? ",nodev" : "",
				  flags & MOUNT_NO_EXEC ? ",noexec" : "");

	return *text ? text + 1 : text;
}
