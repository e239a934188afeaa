/* The environment inside, built from nothing: every entry is in the plan. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct env_entry {
	const char *name;
	const char *value;
	bool is_secret; /* the value is never printed */
};

struct env_list {
	struct env_entry *entries;
	size_t count;
};

/* Sets or replaces. */
void env_list_set(struct env_list *list, struct arena *arena, const char *name, const char *value);
void env_list_set_secret(struct env_list *list, struct arena *arena, const char *name,
			 const char *value);

/* NULL when there is none. */
const char *env_list_get(const struct env_list *list, const char *name);

/* A letter or underscore, then letters, digits and underscores. */
bool env_name_is_valid(const char *name, size_t length);

/* The value of `name` in a NULL-terminated environment, or NULL; an empty value counts as none. */
const char *environment_get(char *const *environment, const char *name);
