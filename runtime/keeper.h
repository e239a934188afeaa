/* Keeps what was answered inside for later sandboxes: once all inside has ended, a helper that is
 * the caller reads the settings there, takes the answers out (forward/claude_answers.h), and puts
 * them with those that are kept. Root only looks whether the file has changed. */
#pragma once

#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "forward/forward.h"
#include "mounts/caller.h"

struct keeper {
	const struct forward_answers *answers;
	const struct caller *caller;
	int home_fd; /* the home inside, or -1: nothing is kept */
	ino_t inode; /* of the settings, as they were at the start */
	struct timespec changed;
};

#define KEEPER_EMPTY           \
	{                      \
		.home_fd = -1, \
	}

/* Takes the descriptor over. Before anybody runs inside. */
void keeper_begin(struct keeper *keeper, const struct forward_answers *answers,
		  const struct caller *caller, int home_fd);

/* Once nobody runs inside. Waits for the helper, but not for long; warns when it fails. */
void keeper_end(const struct keeper *keeper);

void keeper_finish(struct keeper *keeper);
