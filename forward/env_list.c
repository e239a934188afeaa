#include "forward/env_list.h"

#include <ctype.h>
#include <string.h>

static void env_list_put(struct env_list *list, struct arena *arena, const struct env_entry *entry)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->entries[i].name, entry->name) == 0) {
			list->entries[i] = *entry;
			return;
		}
	list->entries = arena_grow(arena, list->entries, list->count, sizeof(*list->entries));
	list->entries[list->count++] = *entry;
}

void env_list_set(struct env_list *list, struct arena *arena, const char *name, const char *value)
{
	env_list_put(list, arena, &(struct env_entry) { .name = name, .value = value });
}

void env_list_set_secret(struct env_list *list, struct arena *arena, const char *name,
			 const char *value)
{
	env_list_put(list, arena,
		     &(struct env_entry) { .name = name, .value = value, .is_secret = true });
}

const char *env_list_get(const struct env_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->entries[i].name, name) == 0)
			return list->entries[i].value;
	return NULL;
}

bool env_name_is_valid(const char *name, size_t length)
{
	if (length == 0 || isdigit((unsigned char)name[0]))
		return false;
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)name[i]) && name[i] != '_')
			return false;
	return true;
}

const char *environment_get(char *const *environment, const char *name)
{
	size_t length = strlen(name);

	for (; environment && *environment; environment++)
		if (strncmp(*environment, name, length) == 0 && (*environment)[length] == '=')
			return (*environment)[length + 1] ? *environment + length + 1 : NULL;
	return NULL;
}
