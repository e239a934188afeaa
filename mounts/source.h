/* What the plan takes from the host: directories, files and sockets, each opened once, as the
 * caller, inside the sandbox's mount namespace. Root itself opens none of them, so no path of the
 * caller's makes root read, create or wait for anything that the caller could not. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "mounts/caller.h"

/* Content that is copied may not be longer (bytes): it lies in the memory of the machine. */
#define SOURCE_COPY_MAXIMUM (64UL * 1024 * 1024)

enum source_kind {
	SOURCE_DIRECTORY,
	SOURCE_REGULAR,
	SOURCE_SOCKET,
	SOURCE_DEVICE, /* a character device; never what the command line names */
	SOURCE_KIND_COUNT,
};

/* Makes the content that is wanted of the one there is, and of that of a second file (NULL: there
 * is none). Runs as the caller. NULL: it is to stay as it is. */
typedef char *source_edit(struct arena *arena, const char *content, size_t length,
			  const char *second, size_t second_length, const char *argument);

struct source {
	const char *path; /* normal and free of links when the plan was made */
	enum source_kind kind;
	bool make_directory; /* made by the caller, mode 0700, with its parents, when missing */
	const char *made_content; /* a regular file: made by the caller, mode 0600, when missing,
				   * and of no use when it holds anything else */
	bool is_only_made;	  /* nothing leads to it; that it is there is all */
	bool is_optional;  /* where it cannot be made, that is said, and the sandbox goes without */
	bool is_copied;	   /* a regular file whose content is wanted: a sealed copy is sent */
	source_edit *edit; /* of the copy; or NULL */
	const char *edit_second, *edit_argument;
	dev_t device; /* of SOURCE_DEVICE: the number it must have */
};

struct source_list {
	struct source *items;
	size_t count;
};

extern const char *const source_kind_names[SOURCE_KIND_COUNT];

/* Returns the number of the source; one that is there already is shared. */
size_t source_list_add(struct source_list *list, struct arena *arena, const struct source *source);

/* An opened source. Its identity was read by the helper: root may not even fstat a caller's FUSE
 * mount. */
struct source_handle {
	int fd; /* -1: an optional one that could not be made */
	uint64_t device;
	uint64_t inode;
};

/* The first process of a sandbox that is being made, as seen from outside: its pid and a pidfd. */
struct source_sandbox {
	pid_t pid;
	int pid_fd;
};

/* Runs in the helper: joins the mount namespace and root of the sandbox, becomes the caller, opens
 * everything and sends the descriptors over `socket_fd`, SEQPACKET. Returns an exit status for
 * _exit(2), having logged what could not be opened. */
int source_list_serve(const struct source_list *list, const struct caller *caller,
		      const struct source_sandbox *sandbox, int socket_fd, pid_t parent);

/* Runs in the setup child: receives them. The handles (one for each source) are arena memory, the
 * descriptors the caller's. Returns 0, or -errno; what went wrong has been said, here or, if the
 * helper has failed, there. But of -ECONNRESET nothing was said: the helper was killed, or who was
 * to start it. */
int source_list_receive(const struct source_list *list, struct arena *arena, int socket_fd,
			struct source_handle **ret_handles);
