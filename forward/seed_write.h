/* Writes seeds below a directory that is ours. */
#pragma once

#include "forward/seed_list.h"
#include "mounts/source.h"

/* A copied file may not be longer (bytes): it lies in the memory of the machine. */
#define SEED_MAXIMUM (64UL * 1024 * 1024)

/* Writes the seeds that lie in the skeleton (`in_layer`) or those on mounts, each as a new file.
 * Returns 0, or -errno having logged. */
int seed_list_write(const struct seed_list *list, bool in_layer, int root_fd,
		    const struct source_handle *handles);
