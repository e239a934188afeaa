/* `SRC[:DST][:ro|rw]`, as in `-v`. */
#pragma once

#include "base/arena.h"
#include "runtime/options.h"

/* A backslash before a colon or backslash takes its meaning away. `SRC:ro` is a source with a mode,
 * `SRC:/ro` a target. Read-write unless it says otherwise. Returns -EINVAL, with *ret_reason set,
 * when a part is empty, a target is not absolute, or there are more parts. */
int bind_spec_parse(struct arena *arena, const char *spec, struct bind_option *ret_option,
		    const char **ret_reason);
