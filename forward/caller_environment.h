/* The caller's own environment, most of which sudo does not pass on. */
#pragma once

#include "base/arena.h"

/* Reads, once, the environment of the nearest ancestor that is sudo: effective uid 0 and "sudo" by
 * name. With `use_pty` that is sudo's monitor, a fork of the sudo that was started, with the same
 * environment. Falls back to `own`. The result is the caller's word: good for display and keys,
 * never for who they are. NULL-terminated, arena memory. */
char *const *caller_environment_read(struct arena *arena, char *const *own);

/* Splits the content of an environ file at its NULs. Pure. */
char **caller_environment_split(struct arena *arena, char *data, size_t length);

/* Finds the effective uid in /proc/PID/status, or the parent's pid in /proc/PID/stat, whose second
 * field may hold anything. Pure; -EINVAL for any other text. */
int caller_environment_parse_status(const char *status, unsigned *ret_euid);
int caller_environment_parse_stat(const char *stat, int *ret_parent);
