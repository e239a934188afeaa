/* Paths as text: nothing here looks at a file system. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* Absolute, and without empty, "." or ".." components or a trailing slash ("/" itself is normal).
 */
bool path_is_normal(const char *path);

/* Makes a normal path of an absolute one, or of a relative one below `directory` (absolute). ".."
 * is removed by text alone, so it is only for paths whose directories are not links. */
char *path_normalize(struct arena *arena, const char *directory, const char *path);

/* True when `path` is `ancestor` or lies below it. Both normal. */
bool path_is_at_or_below(const char *path, const char *ancestor);
bool path_is_below(const char *path, const char *ancestor);

/* `directory`/`name`; `directory` may be "/". */
char *path_join(struct arena *arena, const char *directory, const char *name);

/* The part before the last slash of a normal path ("/" for "/x" and "/"), and the part after it. */
char *path_parent(struct arena *arena, const char *path);
const char *path_name(const char *path);
