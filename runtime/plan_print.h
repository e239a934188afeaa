/* A plan as text for people, or as JSON for programs. Values of secret variables are in neither. */
#pragma once

#include <stdio.h>

#include "base/diag.h"
#include "runtime/plan.h"

void plan_print_text(const struct plan *plan, FILE *stream);

/* The same, with the faults and warnings, as one object: {"version": 1, …}. Strings that are not
 * UTF-8 have their odd bytes as \ooo. */
void plan_print_json(const struct plan *plan, const struct diag *diag, FILE *stream);

/* How the plan names its network, root and namespaces. Shared by both forms. */
const char *plan_network_name(const struct plan *plan);
const char *plan_landlock_name(const struct plan *plan);
extern const char *const plan_namespaces[]; /* NULL-terminated; "net" last, only if private */
