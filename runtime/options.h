/* The command line, as plain data. Parsing is pure; all faults of a line are found. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/diag.h"

enum verb { VERB_NONE, VERB_RUN, VERB_SHELL };

extern const char *const verb_names[];

enum network {
	NETWORK_UNSET, /* the host's, but none with --strict */
	NETWORK_HOST,
	NETWORK_NONE,
};

struct bind_option {
	const char *source; /* as typed; may be relative */
	const char *target; /* absolute; NULL: the source's own resolved path */
	bool read_only;
};

struct variable_option {
	const char *name;
	const char *value; /* NULL: the caller's own */
};

struct switch_option {
	const char *name; /* of a forward */
	const char *mode; /* one of its modes, or NULL */
	bool is_on;
};

struct options {
	enum verb verb;
	const char *project;	      /* "." unless given */
	const char *const *arguments; /* after "--"; NULL-terminated */
	size_t argument_count;

	enum network network;
	const char *system; /* NULL: the host's /usr */
	const char *claude;
	const char *user;
	const char *name;
	struct bind_option *binds;
	size_t bind_count;
	struct variable_option *variables;
	size_t variable_count;
	const char **environment_files;
	size_t environment_file_count;
	struct switch_option *switches;
	size_t switch_count;
	bool strict;
	bool gh_token;
	bool nested;
	bool no_userns;

	bool dry_run;
	bool json;
	bool quiet;
	bool debug;
	bool help;
	bool version;

	bool has_faults;  /* the line itself is wrong */
	bool has_unknown; /* an option that is none: what its neighbours mean nobody knows */
};

/* `arguments` as main() gets them, without the program's name. What they hold must outlive the
 * arena. */
void options_parse(struct arena *arena, int count, char *const *arguments, struct diag *diag,
		   struct options *ret_options);
