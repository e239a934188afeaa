/* The cookie by which an X server knows the user. Pure. */
#pragma once

#include <stddef.h>

#include "base/arena.h"

/* The display outside, and the number that it has inside. */
struct xauthority_display {
	const char *node_name; /* of this machine */
	const char *number;
	const char *new_number;
};

/* Of a file as Xauthority(7) has it, the cookie for a local display: as a file of its own, for the
 * new number on any host, since the sandbox has another name. One for this machine is preferred.
 * Returns arena memory of *ret_length bytes, or NULL when there is none. */
const char *xauthority_rewrite(struct arena *arena, const char *content, size_t length,
			       const struct xauthority_display *display, size_t *ret_length);
