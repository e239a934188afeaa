#include "runtime/notice.h"

#include <string.h>

#include "base/path.h"
#include "base/text.h"

static const char introduction[] =
	"# The sandbox\n"
	"\n"
	"You run inside claude-sandbox, a container that exists only for this run. When it ends,\n"
	"everything in it is gone but what is shared with the machine outside:\n"
	"\n";

static const char rules[] =
	"\n"
	"The rest of the home directory, `~/.claude.json` included, `/tmp` and the system are\n"
	"thrown away: put what is to last into the project. You are an ordinary user; there is no\n"
	"root and no sudo, and packages of the system cannot be installed.\n";

/* Names are whoever's made them: in one line, and as data. */
static const char *quoted(struct arena *arena, const char *path)
{
	size_t size = strlen(path) * 4 + 1;
	char *buffer = arena_alloc(arena, size);

	(void)text_escape(path, buffer, size);
	for (char *mark = strchr(buffer, '`'); mark; mark = strchr(mark, '`'))
		*mark = '\'';
	return arena_printf(arena, "`%s`", buffer);
}

/* Sockets, devices and the program itself are nothing to write to, and the project is told of
 * first. */
static bool is_told(const struct plan *plan, const struct mount_op *op)
{
	return op->kind == MOUNT_BIND && !path_is_at_or_below(op->target, "/run") &&
	       !path_is_at_or_below(op->target, "/etc") &&
	       plan->sources.items[op->source_index].kind != SOURCE_DEVICE &&
	       plan->sources.items[op->source_index].kind != SOURCE_SOCKET &&
	       !path_is_at_or_below(op->target, FORWARD_DIRECTORY) &&
	       strcmp(op->target, PLAN_PROJECT_ALIAS) != 0 &&
	       strcmp(op->target, plan->directory) != 0;
}

static const char *mounts_text(struct arena *arena, const struct plan *plan, size_t first)
{
	const char *text = "";

	for (size_t i = first; i < plan->mounts.count; i++) {
		const struct mount_op *op = &plan->mounts.ops[i];

		if (is_told(plan, op))
			text = arena_printf(arena, "%s- %s, %s\n", text, quoted(arena, op->target),
					    op->flags & MOUNT_READ_ONLY ? "read-only"
									: "read-write");
	}
	return text;
}

static const char *network_text(const struct plan *plan)
{
	return plan->private_network
		       ? "There is no network but loopback.\n"
		       : "The network is the machine's own, with its services on loopback.\n";
}

const char *notice_text(struct arena *arena, const struct plan *plan, size_t first)
{
	const char *also = strcmp(plan->directory, PLAN_PROJECT_ALIAS) == 0
				   ? ""
				   : ", also at `" PLAN_PROJECT_ALIAS "`";

	return arena_printf(arena, "%s- %s, the project%s, read-write\n%s%s%s", introduction,
			    quoted(arena, plan->directory), also, mounts_text(arena, plan, first),
			    rules, network_text(plan));
}
