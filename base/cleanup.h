/* Scope-bound ownership: a variable with an AUTO_ attribute is initialised where it is declared and
 * undone when its scope ends. Handing the value over is spelled take_fd(). */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"

#define CLEANUP(fn) __attribute__((cleanup(fn)))
#define AUTO_FREE CLEANUP(cleanup_free)
#define AUTO_CLOSE CLEANUP(cleanup_close)
#define AUTO_FCLOSE CLEANUP(cleanup_fclose)
#define AUTO_ARENA CLEANUP(arena_finish)

static inline void cleanup_free(void *pointer)
{
	free(*(void **)pointer);
}

static inline void cleanup_close(const int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
}

static inline void cleanup_fclose(FILE **file)
{
	if (*file)
		(void)fclose(*file);
}

/* Moves a descriptor out of its owner, which is left empty (-1). */
static inline int take_fd(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}
