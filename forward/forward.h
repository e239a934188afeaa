/* What of the host is forwarded, beside the project: a table of pure functions from struct host to
 * mounts, seeds and environment. Each is optional on the host, and each can be switched by name. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/diag.h"
#include "forward/env_list.h"
#include "forward/host.h"
#include "forward/seed_list.h"
#include "mounts/mount_list.h"
#include "mounts/source.h"

/* Where a forward puts what it plans. */
struct forward_sink {
	struct arena *arena;
	struct diag *diag;
	struct source_list *sources;
	struct seed_list *seeds;
	struct env_list *env;
	struct mount_list *binds; /* unordered; plan_build puts outer before inner */
};

struct forward {
	const char *name;
	const char *summary; /* for --help */
	bool in_strict;	     /* also with --strict */
	/* Plans the forward. Returns NULL, or the reason why there is nothing to forward. */
	const char *(*plan)(const struct host *host, const struct forward_sink *sink);
};

/* In alphabetical order. */
extern const struct forward *const forwards[];
extern const size_t forward_count;

/* NULL when there is no forward of that name. */
const struct forward *forward_find(const char *name);

/* Adds a bind of a host file or directory, always nosuid and nodev. */
void forward_bind(const struct forward_sink *sink, const struct source *source, const char *target,
		  bool read_only);

/* Takes those variables of the caller over that are set and not empty. Returns how many. */
size_t forward_variables(const struct host *host, const struct forward_sink *sink,
			 const char *const *names, size_t count);
