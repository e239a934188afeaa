/* Carries out a plan: starts the sandbox, stands between it and the caller's terminal and signals,
 * and stays until it has ended. */
#pragma once

#include "runtime/plan.h"

/* Returns the exit status for the caller: the payload's own, 128+N when signal N ended it, 125
 * having logged when the sandbox could not be made. Afterwards nothing of the sandbox is left. */
int supervise(const struct plan *plan, const bool is_terminal[static 3]);
