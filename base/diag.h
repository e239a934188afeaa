/* What is wrong with a request, collected while pure code carries on, so that the user sees all
 * faults of one command line at once. A fault forbids the run; a warning does not. Texts follow the
 * manner of log.h: what cannot be done, paths in single quotes, no full stop. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum diag_level { DIAG_WARNING, DIAG_FAULT };

struct diag_entry {
	enum diag_level level;
	const char *text;
	const char *hint; /* NULL: none */
};

struct diag {
	struct arena *arena;
	struct diag_entry *entries;
	size_t count;
	size_t fault_count;
};

void diag_fault(struct diag *diag, const char *format, ...) __attribute__((format(printf, 2, 3)));
void diag_warning(struct diag *diag, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Says what would help against the entry added last. */
void diag_hint(struct diag *diag, const char *format, ...) __attribute__((format(printf, 2, 3)));

static inline bool diag_has_faults(const struct diag *diag)
{
	return diag->fault_count > 0;
}
