/* The content of an --env-file: a variable a line, as `NAME=VALUE`, or `NAME` to take over the
 * caller's; empty lines and lines that begin with # are passed over. Nothing is unquoted. Pure. */
#pragma once

#include "base/arena.h"
#include "base/diag.h"
#include "runtime/options.h"

/* Adds a fault, which names `path` and the line, for each line that is neither. */
void env_file_parse(struct arena *arena, const char *path, const char *content, struct diag *diag,
		    struct variable_option **ret_variables, size_t *ret_count);
