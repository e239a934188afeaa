/* Asks PID 1 to start the payload (init/control.h). */
#pragma once

#include "runtime/plan.h"

/* Sends the plan's directory, arguments and environment, and the payload's streams: each of ours
 * that `is_terminal` is replaced by `slave_fd`, the others go in as they are. slave_fd is -1 when
 * none is. Returns 0, or -errno having logged. */
int spawn_payload(const struct plan *plan, int control_fd, const bool is_terminal[static 3],
		  int slave_fd);
