/* What of ~/.claude.json outlives a sandbox: the answers to what Claude Code asks a person once, so
 * that whoever uses it in sandboxes alone is not asked at every start. Never what runs programs or
 * reaches services. Pure; texts are JSON objects in the form of that file, strings the arena's. */
#pragma once

#include <stddef.h>

#include "base/arena.h"

/* Longer ones (bytes) are not looked at. */
#define CLAUDE_ANSWERS_MAXIMUM (1024UL * 1024)

/* What is to be kept from now on: what was kept, `kept` (NULL: nothing yet), and the answers given
 * in a sandbox of `project` (its path inside), as its settings have them. Whoever wrote `settings`
 * is not trusted: only known answers, of the right kind and length, of that very project. NULL when
 * nothing new was answered. */
char *claude_answers_keep(struct arena *arena, const char *kept, size_t kept_length,
			  const char *settings, size_t settings_length, const char *project);

/* The settings a new sandbox of `project` begins with: `settings`, and of `kept` the answers that
 * these lack. NULL when that changes nothing. */
char *claude_answers_apply(struct arena *arena, const char *settings, size_t settings_length,
			   const char *kept, size_t kept_length, const char *project);
