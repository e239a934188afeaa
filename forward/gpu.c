/* Graphics processors: the nodes that render, and with `gpu=full` also those that set what is on
 * the screen. What libraries look up about them is in /sys. */
#include <errno.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "base/array.h"
#include "forward/forward.h"

/* Of the kernel's list of allocated devices (Documentation/admin-guide/devices.txt). */
#define MAJOR_DRM 226
#define MAJOR_NVIDIA 195

/* Numbered nodes that are looked for of each kind. */
#define NODES_MAXIMUM 16

struct node {
	const char *prefix;
	bool is_numbered; /* from `first` on */
	unsigned first;
	unsigned major; /* 0: one that the kernel chooses */
	bool is_full;	/* only with `gpu=full` */
};

static const struct node nodes[] = {
	{ .prefix = "/dev/dri/renderD", .is_numbered = true, .first = 128, .major = MAJOR_DRM },
	{ .prefix = "/dev/dri/card", .is_numbered = true, .major = MAJOR_DRM, .is_full = true },
	{ .prefix = "/dev/nvidia", .is_numbered = true, .major = MAJOR_NVIDIA },
	{ .prefix = "/dev/nvidiactl", .major = MAJOR_NVIDIA },
	{ .prefix = "/dev/nvidia-modeset", .major = MAJOR_NVIDIA, .is_full = true },
	{ .prefix = "/dev/nvidia-uvm" },
	{ .prefix = "/dev/nvidia-uvm-tools" },
};

/* NixOS: links into the store. */
static const char *const drivers[] = { "/run/opengl-driver", "/run/opengl-driver-32" };

static const char *const modes[] = { "full", NULL };

static size_t count_of(const struct node *node)
{
	return node->is_numbered ? NODES_MAXIMUM : 1;
}

static const char *path_of(const struct node *node, size_t i, struct arena *arena)
{
	return node->is_numbered ? arena_printf(arena, "%s%zu", node->prefix, node->first + i)
				 : node->prefix;
}

static void ask(const struct host *host, struct forward_questions *questions)
{
	(void)host;
	for (size_t n = 0; n < ARRAY_LENGTH(nodes); n++)
		for (size_t i = 0; i < count_of(&nodes[n]); i++)
			forward_ask(questions, path_of(&nodes[n], i, questions->arena), 0);
	for (size_t i = 0; i < ARRAY_LENGTH(drivers); i++)
		forward_ask(questions, drivers[i], 0);
}

/* Numbers that the kernel gives to whoever asks; never that of memory, disks or terminals. */
static bool is_dynamic(unsigned number)
{
	return (number >= 234 && number <= 254) || (number >= 384 && number <= 511);
}

static bool has_number(const struct node *node, const struct host_file *file)
{
	unsigned number = major(file->device);

	return node->major != 0 ? number == node->major : is_dynamic(number);
}

/* By the owner, by all, by the list, by the group that they have inside as well: in the order in
 * which the kernel asks, of what opens it for the caller at all. */
static bool needs_group(const struct host *host, const struct host_file *file)
{
	return file->owner != host->caller.uid && !file->is_granted &&
	       file->group != host->caller.gid && (file->mode & 0006) != 0006;
}

static void add_group(const struct forward_sink *sink, const struct caller_group *group)
{
	struct caller_groups *groups = sink->groups;

	for (size_t i = 0; i < groups->count; i++)
		if (groups->items[i].gid == group->gid)
			return;
	groups->items =
		arena_grow(sink->arena, groups->items, groups->count, sizeof(*groups->items));
	groups->items[groups->count++] = *group;
}

/* The group goes along that opens the node, and only one that is there for that. */
static bool plan_group(const struct host *host, const struct forward_sink *sink,
		       const struct host_file *file)
{
	const struct caller_groups *known = &host->caller.device_groups;

	if (!needs_group(host, file))
		return true;
	for (size_t i = 0; i < known->count; i++)
		if (known->items[i].gid == file->group && (file->mode & 0060) == 0060) {
			add_group(sink, &known->items[i]);
			return true;
		}
	return false;
}

static const char *plan_node(const struct host *host, const struct forward_sink *sink,
			     const struct node *node, const char *path)
{
	const struct host_file *file = forward_answer(host, path);
	const char *reason = forward_refusal(host, sink, path, SOURCE_DEVICE);
	struct source source = { .kind = SOURCE_DEVICE, .path = path, .device = file->device };

	if (reason)
		return reason;
	if (strcmp(file->path, path) != 0)
		return arena_printf(sink->arena, "'%s' is a link", path);
	if (!has_number(node, file))
		return arena_printf(sink->arena, "'%s' is another device, %u:%u", path,
				    major(file->device), minor(file->device));
	if (!plan_group(host, sink, file))
		return arena_printf(sink->arena, "'%s' is opened by group %u, which stays outside",
				    path, file->group);
	forward_bind(sink, &source, path, false);
	return NULL;
}

/* The reason is that of the first node that is there and cannot be used. */
static const char *plan_nodes(const struct host *host, const struct forward_sink *sink)
{
	const char *refused = NULL, *reason;
	size_t planned = 0;

	for (size_t n = 0; n < ARRAY_LENGTH(nodes); n++) {
		if (nodes[n].is_full && !sink->mode)
			continue;
		for (size_t i = 0; i < count_of(&nodes[n]); i++) {
			const char *path = path_of(&nodes[n], i, sink->arena);

			reason = plan_node(host, sink, &nodes[n], path);
			planned += !reason;
			if (reason && !refused && forward_answer(host, path)->error != ENOENT)
				refused = reason;
		}
	}
	if (refused && planned > 0)
		diag_warning(sink->diag, "a graphics device is left out: %s, continuing", refused);
	if (planned > 0)
		return NULL;
	return refused ? refused : "there is no graphics device";
}

static const char *plan(const struct host *host, const struct forward_sink *sink)
{
	const char *reason = plan_nodes(host, sink);

	for (size_t i = 0; !reason && i < ARRAY_LENGTH(drivers); i++)
		(void)forward_share(host, sink, drivers[i], SOURCE_DIRECTORY, drivers[i], true);
	return reason;
}

const struct forward forward_gpu = {
	.name = "gpu",
	.summary = "graphics processors: render nodes; all with gpu=full",
	.modes = modes,
	.ask = ask,
	.plan = plan,
};
