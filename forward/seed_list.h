/* Files that the sandbox gets as copies: written by us, or read once from the host. Pure;
 * seed_write.h carries it out. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"

struct seed {
	const char *target; /* normal absolute path inside; its directory exists or is root's */
	mode_t mode;
	uid_t uid;
	gid_t gid;
	const char *content; /* NULL: the content of source number `source_index` */
	size_t content_length;
	size_t source_index;
	const char *source;   /* its host path */
	uint64_t source_size; /* when it was looked at, in bytes */
	bool in_layer;	      /* set by plan_build: lies in the skeleton, not on a mount */
};

struct seed_list {
	struct seed *seeds;
	size_t count;
};

void seed_list_append(struct seed_list *list, struct arena *arena, const struct seed *seed);

/* The one with exactly this target, or NULL. */
struct seed *seed_list_find(struct seed_list *list, const char *target);

/* Appends a file of ours: root's, mode 0644. */
void seed_list_append_text(struct seed_list *list, struct arena *arena, const char *target,
			   const char *content);
