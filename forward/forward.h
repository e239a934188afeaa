/* What of the host is forwarded, beside the project: a table of pure functions from struct host to
 * mounts, seeds and environment. Each is optional on the host, and each can be switched by name. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/diag.h"
#include "forward/bus_list.h"
#include "forward/env_list.h"
#include "forward/host.h"
#include "forward/seed_list.h"
#include "forward/survey.h"
#include "mounts/mount_list.h"
#include "mounts/source.h"

/* Where things are inside that forwards have no other place for, and programs of ours: these are
 * first in PATH, and root's. */
#define FORWARD_DIRECTORY "/opt/claude-sandbox"
#define FORWARD_PROGRAM_DIRECTORY FORWARD_DIRECTORY "/bin"

/* What a forward wants to know of the host's files. */
struct forward_questions {
	struct arena *arena;
	struct survey_question *items;
	size_t count;
};

/* The answers that are kept for later sandboxes, and where. */
struct forward_answers {
	const char *path;     /* the host's file of them, the caller's; NULL: none are kept */
	const char *settings; /* the file inside that they are taken from, when all has ended */
	const char *project;  /* whose */
};

/* Where a forward puts what it plans. */
struct forward_sink {
	struct arena *arena;
	bool has_network; /* the host's */
	const char *mode; /* of `--forward NAME=MODE`; NULL: the usual one */
	bool is_wished;	  /* by `--forward NAME` */
	struct diag *diag;
	struct source_list *sources;
	struct seed_list *seeds;
	struct env_list *env;
	struct forward_answers *answers;
	struct bus_list *buses;
	struct caller_groups *groups; /* supplementary groups inside */
	struct mount_list *binds;     /* unordered; plan_build puts outer before inner */
};

struct forward {
	const char *name;
	const char *summary;	  /* for --help */
	bool in_strict;		  /* also with --strict */
	bool by_wish;		  /* only with --forward */
	const char *const *modes; /* beside the usual one, NULL-terminated; NULL: none */
	const char *const *etc;	  /* of rootfs_etc_paths what goes with it, likewise */
	/* Names the files that plan() wants to know of, all at once; of the host, the caller and
	 * their environment are known. Then the ones that only these answers lead to. NULL: none.
	 */
	void (*ask)(const struct host *host, struct forward_questions *questions);
	void (*ask_further)(const struct host *host, struct forward_questions *questions);
	/* Plans the forward. Returns NULL, or the reason why there is nothing to forward. */
	const char *(*plan)(const struct host *host, const struct forward_sink *sink);
};

/* In alphabetical order. */
extern const struct forward *const forwards[];
extern const size_t forward_count;

/* NULL when there is no forward of that name. */
const struct forward *forward_find(const char *name);

/* Asks about a file, and for its beginning, of up to `content` bytes. */
void forward_ask(struct forward_questions *questions, const char *path, size_t content);

/* The answer to what a forward asked by this very name; one that says ENOENT when none did. */
const struct host_file *forward_answer(const struct host *host, const char *asked);

/* Shares a file that was asked about, if it is of that kind and the caller may use it, on the path
 * inside. Returns NULL, or why not. */
const char *forward_share(const struct host *host, const struct forward_sink *sink,
			  const char *asked, enum source_kind kind, const char *target,
			  bool read_only);

/* Why a file that was asked about is none of that kind which the caller may use; or NULL. */
const char *forward_refusal(const struct host *host, const struct forward_sink *sink,
			    const char *asked, enum source_kind kind);

/* Whether some of these parts of the host's /etc are taken over. */
bool forward_has_etc(const struct host *host, const char *const *etc);

/* Asks about what a variable of the caller names, if it is a path. */
void forward_ask_variable(const struct host *host, struct forward_questions *questions,
			  const char *name);

/* Shares what was asked about, read-only, on the path *target; but not where it is inside anyhow,
 * which *target then says, and never a directory around the home. Returns NULL, or why not. */
const char *forward_share_path(const struct host *host, const struct forward_sink *sink,
			       const char *asked, enum source_kind kind, const char **target);

/* The same with what a variable of the caller names, which then has the path inside. */
const char *forward_share_variable(const struct host *host, const struct forward_sink *sink,
				   const char *name, enum source_kind kind, const char *target);

/* The caller's runtime directory outside: their XDG_RUNTIME_DIR, or the usual one. */
const char *forward_runtime_directory(const struct host *host, struct arena *arena);

/* A path in it, unless `name` is one already; NULL for none, and for what is no path. */
const char *forward_runtime_path(const struct host *host, struct arena *arena, const char *name);

/* Adds a bind of a host file or directory, always nosuid and nodev; but a device is to work. */
void forward_bind(const struct forward_sink *sink, const struct source *source, const char *target,
		  bool read_only);

/* OWN: puts an empty directory of the sandbox's own over a directory that is shared as part of
 * another, and seen inside as `target`. GUARD: makes it read-only. */
void forward_cover(const struct host *host, const struct forward_sink *sink, enum mount_kind kind,
		   const struct source *source, const char *target);

/* Adds a step of another kind, not to be placed yet either. */
void forward_mount(const struct forward_sink *sink, const struct mount_op *op);

/* Lets programs of a directory be found by name: after those of the system. To be called only for
 * what nothing inside can write to. */
void forward_search_path(const struct host *host, const struct forward_sink *sink,
			 const char *directory);

/* Takes those variables of the caller over that are set and not empty. Returns how many. */
size_t forward_variables(const struct host *host, const struct forward_sink *sink,
			 const char *const *names, size_t count);
