#include "forward/xauthority.h"

#include <X11/Xauth.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

static bool is_text(const char *data, unsigned short length, const char *text)
{
	return strlen(text) == length && memcmp(data, text, length) == 0;
}

/* How well an entry fits; 0: not at all. Without a number it is for all displays. */
static int fitness(const Xauth *entry, const struct xauthority_display *display)
{
	if (entry->number_length > 0 &&
	    !is_text(entry->number, entry->number_length, display->number))
		return 0;
	switch (entry->family) {
	case FamilyLocal:
		return is_text(entry->address, entry->address_length, display->node_name) ? 3 : 1;
	case FamilyWild:
		return 2;
	default:
		return 0;
	}
}

/* To be freed by XauDisposeAuth(). */
static Xauth *find_best(FILE *stream, const struct xauthority_display *display)
{
	Xauth *best = NULL, *entry;
	int best_fitness = 0;

	while ((entry = XauReadAuth(stream))) {
		int fits = fitness(entry, display);

		if (fits > best_fitness) {
			if (best)
				XauDisposeAuth(best);
			best = entry;
			best_fitness = fits;
		} else {
			XauDisposeAuth(entry);
		}
	}
	return best;
}

static const char *write_for_any_host(struct arena *arena, Xauth *entry, const char *number,
				      size_t *ret_length)
{
	AUTO_FREE char *data = NULL;
	size_t length = 0;
	FILE *stream = open_memstream(&data, &length);
	Xauth any = *entry;
	int is_written;

	if (!stream)
		return NULL;
	any.family = FamilyWild;
	any.address_length = 0;
	any.number = arena_strdup(arena, number);
	any.number_length = (unsigned short)strlen(number);
	is_written = XauWriteAuth(stream, &any);
	if (fclose(stream) != 0 || !is_written)
		return NULL;
	*ret_length = length;
	return memcpy(arena_alloc_raw(arena, length), data, length);
}

const char *xauthority_rewrite(struct arena *arena, const char *content, size_t length,
			       const struct xauthority_display *display, size_t *ret_length)
{
	AUTO_FCLOSE FILE *stream = NULL;
	Xauth *entry;
	const char *data;

	if (length == 0)
		return NULL;
	/* fmemopen(3) wants memory that could be written to. */
	stream = fmemopen(memcpy(arena_alloc_raw(arena, length), content, length), length, "r");
	entry = stream ? find_best(stream, display) : NULL;
	if (!entry)
		return NULL;
	data = write_for_any_host(arena, entry, display->new_number, ret_length);
	XauDisposeAuth(entry);
	return data;
}
