/* A directory for one test, and whom a helper process may act for there. */
#pragma once

#include <sys/types.h>

#include "base/arena.h"
#include "mounts/caller.h"

/* Makes an empty directory, mode 0755, owned by the caller. NULL when that fails. */
char *temporary_make(struct arena *arena, const struct caller *caller);

/* Removes it with all that is in it. Safe with NULL. */
void temporary_remove(const char *path);

/* Writes a new file. Returns 0 or -errno. */
int temporary_write(const char *path, const char *content, mode_t mode);

/* An ordinary user: ourselves, or nobody where we are root. */
struct caller temporary_caller(void);
