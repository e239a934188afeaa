/* Everything the plan needs to know of the outside world, as plain data. host_probe() is the only
 * reader of that world; a test fills the struct by hand. All memory is the arena's. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/diag.h"
#include "mounts/caller.h"
#include "mounts/rootfs.h"

enum host_file_kind {
	HOST_FILE_MISSING,
	HOST_FILE_DIRECTORY,
	HOST_FILE_REGULAR,
	HOST_FILE_SOCKET,
	HOST_FILE_DEVICE, /* a character device */
	HOST_FILE_OTHER,  /* a FIFO, say */
};

/* One file or directory of the host, as the caller sees it. */
struct host_file {
	const char *asked;	  /* as the command line or the rules name it */
	const char *path;	  /* resolved: absolute, free of links; NULL when not usable */
	enum host_file_kind kind; /* MISSING as well when it cannot be looked at */
	int error;		  /* why there is no path; 0 */
	bool is_link;		  /* it is a link itself */
	bool is_dangling;	  /* to nothing */
	bool can_access;	  /* the caller can enter the directory or execute the file */
	bool is_denied;		  /* the caller cannot enter, read or connect to it */
	bool is_granted;	  /* a device whose access control list names the caller */
	uid_t owner;
	gid_t group;
	mode_t mode;
	dev_t device;	     /* the number of a device */
	uint64_t size;	     /* of a regular file, in bytes */
	const char *content; /* its beginning, where that was asked for; or NULL */
	size_t content_length;
};

/* The beginning of a configuration file. */
struct host_text {
	const char *path;    /* of the file asked for */
	const char *content; /* NULL: none */
	size_t length;
	int error; /* why there is no content; 0: it is not a regular file */
};

/* What the caller lets us have of the kernel: soft limits as of setrlimit(2). */
struct host_limits {
	uint64_t file_size;  /* bytes */
	uint64_t open_files; /* of one process */
	uint64_t processes;  /* of the user; does not hold for root */
};
#define HOST_LIMITS_NONE                           \
	{                                          \
		UINT64_MAX, UINT64_MAX, UINT64_MAX \
	}

/* What the command line asks about. */
struct host_query {
	char *const *environment; /* our own, as we were started */
	const char *project;
	const char *system; /* NULL: the host's /usr */
	const char *claude; /* NULL: search */
	const char *user;   /* NULL: from sudo and its like */
	const char *const *bind_sources;
	size_t bind_source_count;
	const char *const *environment_files;
	size_t environment_file_count;
	const bool *is_forwarded; /* for each of `forwards` whether it may ask; NULL: all may */
};

struct host {
	bool is_root;
	struct caller caller;
	char *const *environment; /* the caller's own; NULL-terminated */
	bool is_terminal[3];	  /* stdin, stdout, stderr */
	bool is_directory[3];
	struct host_limits limits;
	bool has_landlock_scopes; /* the kernel's Landlock knows them (Linux 6.12) */
	const char *node_name;	  /* as of uname(2) */
	const char *dbus_proxy;	  /* where xdg-dbus-proxy is, if it is */
	const char *machine_id;	  /* 32 hex digits, new for each run */

	struct host_file project;
	struct host_file home;
	struct host_file claude_directory; /* ~/.claude */
	struct host_file claude_settings;  /* ~/.claude.json */
	struct host_file claude;	   /* the program; MISSING: not found */
	const char
		*shell; /* the first of the caller's shell, bash and sh that is inside; or NULL */

	struct host_file system; /* of --system */
	struct rootfs_facts rootfs;
	struct host_text resolv_conf;
	struct host_text hosts;
	struct host_text os_release;

	struct host_file *bind_sources; /* in the order of the query */
	struct host_text *environment_files;

	struct host_file *files; /* what forwards have asked about */
	size_t file_count;
};

/* Part of the probe, and before all of it: below some limits the probe itself does not work. */
void host_limits_read(struct host_limits *ret_limits);

/* Finds out who the caller is and looks at everything as that user. Adds a fault for what makes a
 * probe impossible. Returns 0, -EINVAL when it added one, or another -errno having logged. */
int host_probe(struct arena *arena, const struct host_query *query, struct diag *diag,
	       struct host *ret_host);
