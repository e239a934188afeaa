#include "forward/bus_list.h"

void bus_list_append(struct bus_list *list, struct arena *arena, const struct bus *bus)
{
	list->items = arena_grow(arena, list->items, list->count, sizeof(*list->items));
	list->items[list->count++] = *bus;
}
