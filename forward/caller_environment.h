/* The caller's own environment, most of which sudo does not pass on. */
#pragma once

#include <stdbool.h>

#include "base/arena.h"

/* What the caller wants taken along. When sudo said who they are (`is_by_sudo`), that is the
 * environment, read once, of the nearest ancestor that is sudo: effective uid 0 and "sudo" by name;
 * with `use_pty` sudo's monitor, a fork of the sudo that was started, with the same environment.
 * Our own is laid over it, since `sudo NAME=value …` sets variables there. Otherwise it is `own`
 * alone: a sudo further up may be somebody else's. The result is the caller's word: good for
 * display and keys, never for who they are. NULL-terminated, arena memory. */
char *const *caller_environment_read(struct arena *arena, char *const *own, bool is_by_sudo);

/* `sudos` with the variables of `own` in place of and after its own, except those that sudo makes
 * up (PATH, HOME and their like). Pure. */
char *const *caller_environment_merge(struct arena *arena, char *const *sudos, char *const *own);

/* Splits the content of an environ file at its NULs. Pure. */
char **caller_environment_split(struct arena *arena, char *data, size_t length);

/* Finds the effective uid in /proc/PID/status, or the parent's pid in /proc/PID/stat, whose second
 * field may hold anything. Pure; -EINVAL for any other text. */
int caller_environment_parse_status(const char *status, unsigned *ret_euid);
int caller_environment_parse_stat(const char *stat, int *ret_parent);
