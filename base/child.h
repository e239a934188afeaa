/* Helper processes of ours. */
#pragma once

#include <sys/types.h>

/* Kills a child and reaps it. Waits for its end, but not for long (a second): one that sits in a
 * request to a file system that does not answer ends when that does, without us; one that is traced
 * tells its tracer first. */
void child_kill(pid_t pid);

/* Waits up to so many milliseconds for the end of a child. */
void child_await(pid_t pid, int milliseconds);
