#include "forward/forward.h"

#include "base/array.h"

#include <string.h>

extern const struct forward forward_api, forward_claude, forward_locale, forward_proxy,
	forward_terminal;

const struct forward *const forwards[] = {
	&forward_api, &forward_claude, &forward_locale, &forward_proxy, &forward_terminal,
};
const size_t forward_count = ARRAY_LENGTH(forwards);

const struct forward *forward_find(const char *name)
{
	for (size_t i = 0; i < forward_count; i++)
		if (strcmp(forwards[i]->name, name) == 0)
			return forwards[i];
	return NULL;
}

void forward_bind(const struct forward_sink *sink, const struct source *source, const char *target,
		  bool read_only)
{
	struct mount_list *binds = sink->binds;

	binds->ops = arena_grow(sink->arena, binds->ops, binds->count, sizeof(*binds->ops));
	binds->ops[binds->count++] = (struct mount_op) {
		.kind = MOUNT_BIND,
		.target = target,
		.source = source->path,
		.source_index = source_list_add(sink->sources, sink->arena, source),
		.flags = MOUNT_NO_SUID | MOUNT_NO_DEVICES | (read_only ? MOUNT_READ_ONLY : 0U),
		.is_directory = source->kind == SOURCE_DIRECTORY,
	};
}

size_t forward_variables(const struct host *host, const struct forward_sink *sink,
			 const char *const *names, size_t count)
{
	size_t set = 0;

	for (size_t i = 0; i < count; i++) {
		const char *value = environment_get(host->environment, names[i]);

		if (!value)
			continue;
		env_list_set(sink->env, sink->arena, names[i], value);
		set++;
	}
	return set;
}
