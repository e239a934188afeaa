/* What PID 1 does while it runs: reap, start the payload, pass signals on, report stops. */
#pragma once

#include "init/payload.h"

struct reaper {
	int control_fd; /* borrowed */
	int signal_fd;
	int null_fd;
	struct payload payload;
};

/* Blocks all signals, sets them to their defaults and opens what the loop needs. Returns 0, or a
 * negative errno after saying why. */
int reaper_open(struct reaper *reaper, int control_fd);

/* Runs until the payload ends or the other end of the control socket is closed. Returns PID 1's
 * exit status: the payload's own, 128+N when signal N killed it, or CONTROL_EXIT_FAILURE. */
int reaper_run(struct reaper *reaper);
