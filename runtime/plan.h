/* What a run will do, down to every mount and variable: built from the command line and the host,
 * by pure code, printed by --dry-run, carried out by supervise(). Memory is the arena's. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/diag.h"
#include "forward/bus_list.h"
#include "forward/env_list.h"
#include "forward/forward.h"
#include "forward/host.h"
#include "forward/seed_list.h"
#include "mounts/mount_list.h"
#include "mounts/source.h"
#include "runtime/options.h"

/* Where our own things are inside. */
#define PLAN_CLAUDE_DIRECTORY FORWARD_PROGRAM_DIRECTORY
#define PLAN_CLAUDE_PATH PLAN_CLAUDE_DIRECTORY "/claude"
#define PLAN_PROJECT_ALIAS "/project"

struct plan_forward {
	const struct forward *forward;
	bool is_on;
	const char *mode;    /* NULL: the usual one */
	const char *skipped; /* why nothing was there to forward; NULL */
};

#define PLAN_NO_SOURCE ((size_t)-1)

struct plan {
	enum verb verb;
	const char *id; /* of this run: 12 hex digits */
	const struct caller *caller;
	const char *hostname;
	const char *shell; /* inside */
	bool private_network;
	bool is_scoped;	    /* Landlock keeps abstract sockets and signals inside */
	const char *policy; /* of the system call filter: CONTROL_POLICY_... */
	bool has_terminal;  /* a standard stream is one, so the payload gets one of its own */

	const struct rootfs_facts *rootfs;
	size_t system_source; /* the tree of --system, or PLAN_NO_SOURCE */
	const char *overlay_options;
	struct source_list sources;
	struct mount_list mounts;
	struct seed_list seeds;
	struct env_list env;
	struct bus_list buses;
	struct caller_groups groups;   /* supplementary, inside */
	struct plan_forward *forwards; /* forward_count of them */
	struct forward_answers answers;

	const char *project;	/* on the host */
	const char *claude;	/* on the host; NULL: none */
	const char *directory;	/* the payload's working directory */
	const char **arguments; /* the payload's; NULL-terminated */
	size_t argument_count;
};

/* Adds a fault for each thing that is wrong; the plan is only good when there is none. */
void plan_build(struct arena *arena, const struct options *options, const struct host *host,
		struct diag *diag, struct plan *ret_plan);

/* Whether the options leave the forward on. */
bool plan_has_forward(const struct options *options, const struct forward *forward);
