#include "forward/seed_list.h"

#include <string.h>

void seed_list_append(struct seed_list *list, struct arena *arena, const struct seed *seed)
{
	list->seeds = arena_grow(arena, list->seeds, list->count, sizeof(*list->seeds));
	list->seeds[list->count++] = *seed;
}

struct seed *seed_list_find(struct seed_list *list, const char *target)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->seeds[i].target, target) == 0)
			return &list->seeds[i];
	return NULL;
}

void seed_list_append_text(struct seed_list *list, struct arena *arena, const char *target,
			   const char *content)
{
	seed_list_append(list, arena,
			 &(struct seed) {
				 .target = target,
				 .mode = 0644,
				 .content = content,
				 .content_length = strlen(content),
			 });
}
