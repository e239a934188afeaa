/* The request that starts the payload, in the form that init reads (init/control.h). */
#pragma once

#include "runtime/plan.h"

/* A sealed memory file with the plan's directory, arguments and environment, or -errno. */
int spawn_request_create(const struct plan *plan);
