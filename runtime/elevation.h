/* From the caller who forgot sudo to root: by sudo itself, which decides and asks. */
#pragma once

#include <stdbool.h>

#include "base/arena.h"

/* Becomes sudo, which starts this program again with the same `arguments` (NULL-terminated, without
 * the program's name) and gets the caller's environment. Only returns when it cannot, having
 * logged why, and the command to type. Where nobody could type a password that is all it does. */
void elevation_run(struct arena *arena, char *const *arguments, char *const *environment,
		   bool is_interactive);
