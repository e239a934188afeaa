/* Children of tests. A cmocka assertion that fails in a child is lost, and the parent's run passes:
 * a child tells by its exit status what it found, and the parent asserts on that. */
#pragma once

#include <stddef.h>

/* Forks, calls function(argument) in the child and ends it with the status returned. A child that
 * takes longer than ten seconds is killed by SIGALRM. Returns the exit status, or 128+N when signal
 * N ended the child; -errno when there was none. */
int run_child(int (*function)(void *argument), void *argument);

/* The same, and what the child wrote to stderr, as a string of at most `size` bytes with its NUL.
 */
int run_child_stderr(int (*function)(void *argument), void *argument, char *output, size_t size);
