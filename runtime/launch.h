/* Starts the processes of a sandbox: the setup child in its new namespaces, which becomes PID
 * 1, the helper that opens the host's files as the caller, and
 * the bus proxy where the plan has one. */
#pragma once

#include <sys/types.h>

#include "runtime/plan.h"

struct launch {
	pid_t child;	 /* -1: not started */
	pid_t helper;	 /* -1: not started */
	int pid_fd;	 /* of the child */
	int control_fd;	 /* our end of init/control.h; only the child has the other */
	pid_t bus_proxy; /* -1: not started */
	int bus_ready_fd;
};

#define LAUNCH_EMPTY                                                                        \
	{                                                                                   \
		.child = -1, .helper = -1, .pid_fd = -1, .control_fd = -1, .bus_proxy = -1, \
		.bus_ready_fd = -1                                                          \
	}

/* Returns 0, or -errno having logged; what is set in *launch then runs or is open all the same, and
 * the caller's to end. */
int launch_run(const struct plan *plan, struct launch *launch);
