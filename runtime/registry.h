/* What runs, below /run/claude-sandbox: root's alone, a directory for each sandbox, locked (flock)
 * for as long as any process of ours that serves it lives. Who dies by SIGKILL leaves an entry that
 * nobody locks any more; the next start removes it. What is mounted on /run/claude-sandbox exists
 * in a sandbox's own mount namespace only. */
#pragma once

struct registry {
	int directory_fd;
	int entry_fd;	/* holds the lock; children that keep it share it */
	const char *id; /* of the entry, once there is one; borrowed */
};

#define REGISTRY_EMPTY                             \
	{                                          \
		.directory_fd = -1, .entry_fd = -1 \
	}

/* Makes the directory if need be, and makes sure that it is root's and that nobody else can enter
 * it. Returns 0, or -errno having logged. */
int registry_open(struct registry *registry, const char *path);

/* Makes the entry `id` and locks it. Returns 0, or -errno having logged. */
int registry_enter(struct registry *registry, const char *id);

/* Removes the entries that nobody holds. What cannot be removed stays for the next start, and files
 * that are no entries stay for ever. */
void registry_sweep(const struct registry *registry);

/* Removes the entry and closes all. Safe on an empty registry. */
void registry_finish(struct registry *registry);
