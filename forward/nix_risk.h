/* What whoever reaches the Nix daemon can do outside of the sandbox, judged by the daemon's
 * configuration. Pure. */
#pragma once

#include <stddef.h>

#include "base/arena.h"
#include "forward/nix_conf.h"
#include "mounts/caller.h"

/* Nix asks for the members of a group by name; /etc/group answers here. */
struct nix_risk_groups {
	const char *content; /* NULL: it could not be read */
	size_t length;
};

/* Why a program of the caller's could run what it likes outside, or why that is not known; NULL
 * when it could not. */
const char *nix_risk_find(struct arena *arena, const struct nix_conf *conf,
			  const struct caller *caller, const struct nix_risk_groups *groups);
