/* The process that builds the sandbox from within its namespaces and then becomes PID 1. */
#pragma once

#include "runtime/plan.h"

/* What the setup child is left with. */
struct setup_fds {
	int control_fd; /* init/control.h */
	int sources_fd; /* where the helper sends what it opened */
	int image_fd;	/* the init program, a sealed memory file */
	int bus_fd;	/* where the directory for the bus proxy is sent; -1: none */
};

/* A directory that is root's alone: the workplace is mounted on it, in the sandbox's own mount
 * namespace. */
#define RUN_DIRECTORY "/run/claude-sandbox"

/* Never returns: becomes init, or exits with CONTROL_EXIT_FAILURE having logged. */
_Noreturn void setup_child_main(const struct plan *plan, const struct setup_fds *fds);
