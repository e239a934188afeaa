#include "runtime/plan_print.h"

#include <stdarg.h>
#include <string.h>

#include "base/text.h"

const char *const plan_namespaces[] = { "pid", "mount", "ipc", "uts", "cgroup", "net", NULL };

const char *plan_network_name(const struct plan *plan)
{
	return plan->private_network ? "none" : "host";
}

const char *plan_landlock_name(const struct plan *plan)
{
	return plan->is_scoped ? "scoped" : "none";
}

/* Where the words are printed; names from outside are escaped, so that they cannot speak to the
 * terminal or begin a line of their own. */
struct printer {
	FILE *stream;
	struct arena arena;
};

static const char *escaped(struct printer *printer, const char *text)
{
	size_t size = strlen(text) * 4 + 1;
	char *buffer = arena_alloc(&printer->arena, size);

	(void)text_escape(text, buffer, size);
	return buffer;
}

static void print(struct printer *printer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void print(struct printer *printer, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	(void)vfprintf(printer->stream, format, arguments);
	va_end(arguments);
}

static void print_summary(struct printer *printer, const struct plan *plan)
{
	const struct caller *caller = plan->caller;

	print(printer, "command: %s\n", verb_names[plan->verb]);
	print(printer, "project: %s\n", escaped(printer, plan->project));
	print(printer, "user: %s, uid %u, gid %u, ", escaped(printer, caller->name), caller->uid,
	      caller->gid);
	if (plan->groups.count == 0)
		print(printer, "no other groups");
	for (size_t i = 0; i < plan->groups.count; i++)
		print(printer, "%s %s %u", i == 0 ? "also of" : ",", plan->groups.items[i].name,
		      plan->groups.items[i].gid);
	print(printer, "\n");
	print(printer, "claude: %s\n", plan->claude ? escaped(printer, plan->claude) : "not found");
	print(printer, "namespaces:");
	for (const char *const *name = plan_namespaces; *name; name++)
		if (plan->private_network || strcmp(*name, "net") != 0)
			print(printer, " %s", *name);
	print(printer, "\nnetwork: %s\n", plan_network_name(plan));
	print(printer, "policy: %s\n", plan->policy);
	print(printer, "landlock: %s\n", plan_landlock_name(plan));
	print(printer, "hostname: %s\n", plan->hostname);
	print(printer, "terminal: %s\n", plan->has_terminal ? "yes" : "no");
	if (plan->rootfs->system)
		print(printer, "root: overlay over %s\n", escaped(printer, plan->rootfs->system));
	else
		print(printer, "root: overlay, /usr of the host\n");
}

static void print_mount(struct printer *printer, const struct mount_op *op,
			const struct source_list *sources)
{
	print(printer, "  %-9s %s", mount_kind_names[op->kind], escaped(printer, op->target));
	if (mount_kind_has_source(op->kind))
		print(printer, " <- %s", escaped(printer, op->source));
	if (op->kind == MOUNT_LINK)
		print(printer, " -> %s", escaped(printer, op->source));
	if (op->kind == MOUNT_NODE)
		print(printer, " %u:%u", op->device_major, op->device_minor);
	if (op->kind == MOUNT_DIRECTORY || op->kind == MOUNT_NODE)
		print(printer, " %04o %u:%u", op->mode, op->uid, op->gid);
	if (mount_kind_is_mount(op->kind))
		print(printer, " %s%s",
		      op->flags & MOUNT_READ_ONLY ? ""
		      : op->flags		  ? "rw,"
						  : "rw",
		      mount_flags_text(&printer->arena, op->flags));
	if (op->options)
		print(printer, " %s", op->options);
	if (op->must_exist && op->kind == MOUNT_BIND)
		print(printer, " (must exist)");
	if (mount_kind_has_source(op->kind) && sources->items[op->source_index].make_directory)
		print(printer, " (made on the host)");
	print(printer, "\n");
}

static void print_seed(struct printer *printer, const struct seed *seed)
{
	print(printer, "  %s %04o %u:%u", escaped(printer, seed->target), seed->mode, seed->uid,
	      seed->gid);
	if (seed->content)
		print(printer, " %zu bytes\n", seed->content_length);
	else
		print(printer, " <- %s\n", escaped(printer, seed->source));
}

static void print_bus(struct printer *printer, const struct bus *bus)
{
	print(printer, "  %s <- %s by %s\n", bus->socket, escaped(printer, bus->address),
	      escaped(printer, bus->program));
	for (const char *const *word = bus->filter; *word; word++)
		print(printer, "    %s\n", *word);
}

static void print_forward(struct printer *printer, const struct plan_forward *entry)
{
	print(printer, "  %-10s %s%s\n", entry->forward->name,
	      !entry->is_on    ? "off"
	      : entry->skipped ? "skipped: "
			       : "on",
	      entry->is_on && entry->skipped ? escaped(printer, entry->skipped) : "");
}

static void print_variable(struct printer *printer, const struct env_entry *entry)
{
	if (entry->is_secret)
		print(printer, "  %s (not shown)\n", entry->name);
	else
		print(printer, "  %s=%s\n", entry->name, escaped(printer, entry->value));
}

void plan_print_text(const struct plan *plan, FILE *stream)
{
	struct printer printer = { .stream = stream };

	print_summary(&printer, plan);
	print(&printer, "mounts:\n");
	for (size_t i = 0; i < plan->mounts.count; i++)
		print_mount(&printer, &plan->mounts.ops[i], &plan->sources);
	print(&printer, "seeds:\n");
	for (size_t i = 0; i < plan->seeds.count; i++)
		print_seed(&printer, &plan->seeds.seeds[i]);
	print(&printer, "forwards:\n");
	for (size_t i = 0; i < forward_count; i++)
		print_forward(&printer, &plan->forwards[i]);
	if (plan->answers.path)
		print(&printer, "answers: kept in %s\n", escaped(&printer, plan->answers.path));
	if (plan->buses.count > 0)
		print(&printer, "buses:\n");
	for (size_t i = 0; i < plan->buses.count; i++)
		print_bus(&printer, &plan->buses.items[i]);
	print(&printer, "environment:\n");
	for (size_t i = 0; i < plan->env.count; i++)
		print_variable(&printer, &plan->env.entries[i]);
	print(&printer, "directory: %s\n", escaped(&printer, plan->directory));
	print(&printer, "arguments:\n");
	for (size_t i = 0; i < plan->argument_count; i++)
		print(&printer, "  '%s'\n", escaped(&printer, plan->arguments[i]));
	arena_finish(&printer.arena);
}
