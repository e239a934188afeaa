/* What the agent inside is told about where it is, as Claude Code reads it from a file that only
 * the administrator can write. Made from the plan, so that the two cannot disagree. Pure. */
#pragma once

#include "base/arena.h"
#include "runtime/plan.h"

#define NOTICE_PATH "/etc/claude-code/CLAUDE.md"

/* The mounts from number `first` on, which are not the system's own, are told of. */
const char *notice_text(struct arena *arena, const struct plan *plan, size_t first);
