/* The one process whose end is the end of the sandbox. It leads a process group of its own, which
 * is the foreground of the terminal when it has one, so that ^C and ^Z reach all of it and PID 1,
 * the leader of the session, never. */
#pragma once

#include <sys/types.h>

#include "init/control.h"

struct payload {
	pid_t pid;	 /* 0: not started yet */
	int terminal_fd; /* -1: none; owned */
};

/* Forks the payload described by the descriptors of a SPAWN message, of which all but TTY are
 * needed; they stay the caller's. Returns 0, or a negative errno after saying why. What fails in
 * the child is said on the payload's stderr and becomes its exit status. */
int payload_start(struct payload *payload, const int fds[CONTROL_SPAWN_FDS_MAX]);

/* SIGINT, SIGQUIT and SIGHUP go to the process group, as from a terminal; others to the process. */
void payload_signal(const struct payload *payload, int signal_number);

/* Undoes a stop: in the foreground again first, so that it does not stop at once on SIGTTOU. */
void payload_continue(const struct payload *payload);
