/* The files in /etc that say who and where we are: written by us, whatever the root is. Pure. */
#pragma once

#include <stdbool.h>

#include "base/arena.h"
#include "forward/host.h"
#include "forward/seed_list.h"

/* The user's name inside. */
#define ETC_USER_NAME "sandbox"

struct etc {
	const struct host *host;
	const char *hostname;
	const char *shell;
	const struct rootfs_facts *rootfs; /* what of the host's /etc is taken over */
	bool has_network;
	bool has_dns; /* the host's names of the network are to be known */
};

/* True when a text can stand in a field of passwd(5): it cannot end it or the line. */
bool etc_is_field(const char *text);

void etc_plan(const struct etc *etc, struct arena *arena, struct seed_list *seeds);

/* The group database, for a user who is in these groups, too. */
void etc_plan_groups(const struct caller *caller, const struct caller_groups *groups,
		     struct arena *arena, struct seed_list *seeds);
