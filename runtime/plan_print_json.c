#include <json-c/json.h>
#include <string.h>

#include "base/text.h"
#include "runtime/plan_print.h"

/* JSON strings are UTF-8; names of files are bytes. */
static struct json_object *string_of(const char *text)
{
	struct arena arena = { 0 };
	size_t size = strlen(text) * 4 + 1;
	char *buffer = arena_alloc(&arena, size);
	struct json_object *string;

	(void)text_escape(text, buffer, size);
	string = json_object_new_string(buffer);
	arena_finish(&arena);
	return string;
}

static void put_string(struct json_object *object, const char *key, const char *text)
{
	json_object_object_add(object, key, text ? string_of(text) : NULL);
}

static void put_number(struct json_object *object, const char *key, uint64_t number)
{
	json_object_object_add(object, key, json_object_new_uint64(number));
}

static void put_bool(struct json_object *object, const char *key, bool value)
{
	json_object_object_add(object, key, json_object_new_boolean(value));
}

/* Adds an empty array that the caller fills. */
static struct json_object *put_array(struct json_object *object, const char *key)
{
	struct json_object *array = json_object_new_array();

	json_object_object_add(object, key, array);
	return array;
}

static struct json_object *append_object(struct json_object *array)
{
	struct json_object *object = json_object_new_object();

	json_object_array_add(array, object);
	return object;
}

static void put_summary(struct json_object *root, const struct plan *plan)
{
	struct json_object *user = json_object_new_object(), *groups, *namespaces;

	put_string(root, "command", verb_names[plan->verb]);
	put_string(root, "project", plan->project);
	put_string(user, "name", plan->caller->name);
	put_number(user, "uid", plan->caller->uid);
	put_number(user, "gid", plan->caller->gid);
	groups = put_array(user, "groups");
	for (size_t i = 0; i < plan->groups.count; i++)
		json_object_array_add(groups, json_object_new_uint64(plan->groups.items[i].gid));
	json_object_object_add(root, "user", user);
	put_string(root, "claude", plan->claude);
	namespaces = put_array(root, "namespaces");
	for (const char *const *name = plan_namespaces; *name; name++)
		if (plan->private_network || strcmp(*name, "net") != 0)
			json_object_array_add(namespaces, string_of(*name));
	put_string(root, "network", plan_network_name(plan));
	put_string(root, "policy", plan->policy);
	put_string(root, "landlock", plan_landlock_name(plan));
	put_string(root, "hostname", plan->hostname);
	put_bool(root, "terminal", plan->has_terminal);
	put_string(root, "system", plan->rootfs->system ? plan->rootfs->system : "/usr");
}

static void put_mount(struct json_object *array, const struct mount_op *op,
		      const struct source_list *sources)
{
	struct json_object *object = append_object(array);

	put_string(object, "kind", mount_kind_names[op->kind]);
	put_string(object, "target", op->target);
	if (op->source)
		put_string(object, "source", op->source);
	if (op->options)
		put_string(object, "options", op->options);
	if (mount_kind_is_mount(op->kind)) {
		put_bool(object, "read_only", op->flags & MOUNT_READ_ONLY);
		put_bool(object, "nosuid", op->flags & MOUNT_NO_SUID);
		put_bool(object, "nodev", op->flags & MOUNT_NO_DEVICES);
		put_bool(object, "noexec", op->flags & MOUNT_NO_EXEC);
	}
	if (mount_kind_has_source(op->kind)) {
		put_bool(object, "must_exist", op->must_exist);
		put_bool(object, "made_on_host", sources->items[op->source_index].make_directory);
	}
	if (op->kind == MOUNT_NODE) {
		put_number(object, "major", op->device_major);
		put_number(object, "minor", op->device_minor);
	}
	if (op->kind == MOUNT_DIRECTORY || op->kind == MOUNT_NODE) {
		put_number(object, "mode", op->mode);
		put_number(object, "uid", op->uid);
		put_number(object, "gid", op->gid);
	}
}

static void put_seed(struct json_object *array, const struct seed *seed)
{
	struct json_object *object = append_object(array);

	put_string(object, "target", seed->target);
	put_number(object, "mode", seed->mode);
	put_number(object, "uid", seed->uid);
	put_number(object, "gid", seed->gid);
	if (seed->content)
		put_number(object, "bytes", seed->content_length);
	else
		put_string(object, "source", seed->source);
}

static void put_forward(struct json_object *array, const struct plan_forward *entry)
{
	struct json_object *object = append_object(array);

	put_string(object, "name", entry->forward->name);
	put_string(object, "status", !entry->is_on ? "off" : entry->skipped ? "skipped" : "on");
	if (entry->is_on && entry->skipped)
		put_string(object, "reason", entry->skipped);
}

static void put_bus(struct json_object *array, const struct bus *bus)
{
	struct json_object *object = append_object(array), *filter;

	put_string(object, "name", bus->name);
	put_string(object, "socket", bus->socket);
	put_string(object, "address", bus->address);
	put_string(object, "proxy", bus->program);
	filter = put_array(object, "filter");
	for (const char *const *word = bus->filter; *word; word++)
		json_object_array_add(filter, string_of(*word));
}

static void put_variable(struct json_object *array, const struct env_entry *entry)
{
	struct json_object *object = append_object(array);

	put_string(object, "name", entry->name);
	put_bool(object, "secret", entry->is_secret);
	if (!entry->is_secret)
		put_string(object, "value", entry->value);
}

static void put_messages(struct json_object *root, const struct diag *diag)
{
	struct json_object *faults = put_array(root, "faults");
	struct json_object *warnings = put_array(root, "warnings");

	for (size_t i = 0; i < diag->count; i++) {
		const struct diag_entry *entry = &diag->entries[i];
		struct json_object *object =
			append_object(entry->level == DIAG_FAULT ? faults : warnings);

		put_string(object, "text", entry->text);
		put_string(object, "hint", entry->hint);
	}
}

void plan_print_json(const struct plan *plan, const struct diag *diag, FILE *stream)
{
	struct json_object *root = json_object_new_object(), *array;

	put_number(root, "version", 1);
	put_summary(root, plan);
	array = put_array(root, "mounts");
	for (size_t i = 0; i < plan->mounts.count; i++)
		put_mount(array, &plan->mounts.ops[i], &plan->sources);
	array = put_array(root, "seeds");
	for (size_t i = 0; i < plan->seeds.count; i++)
		put_seed(array, &plan->seeds.seeds[i]);
	array = put_array(root, "forwards");
	for (size_t i = 0; i < forward_count; i++)
		put_forward(array, &plan->forwards[i]);
	put_string(root, "answers", plan->answers.path);
	array = put_array(root, "buses");
	for (size_t i = 0; i < plan->buses.count; i++)
		put_bus(array, &plan->buses.items[i]);
	array = put_array(root, "environment");
	for (size_t i = 0; i < plan->env.count; i++)
		put_variable(array, &plan->env.entries[i]);
	put_string(root, "directory", plan->directory);
	array = put_array(root, "arguments");
	for (size_t i = 0; i < plan->argument_count; i++)
		json_object_array_add(array, string_of(plan->arguments[i]));
	put_messages(root, diag);
	(void)fprintf(stream, "%s\n",
		      json_object_to_json_string_ext(root, JSON_C_TO_STRING_PRETTY |
								   JSON_C_TO_STRING_NOSLASHESCAPE));
	(void)json_object_put(root);
}
