/* Writes seeds below a directory that is ours. */
#pragma once

#include "forward/seed_list.h"
#include "mounts/source.h"
#include "mounts/tree.h"

/* Writes the seeds that lie in the skeleton (`in_layer`) or those on mounts, each as a new file.
 * Returns 0, or -errno having logged. */
int seed_list_write(const struct seed_list *list, bool in_layer, struct tree *tree,
		    const struct source_handle *handles);
