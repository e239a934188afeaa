/* nix.conf(5), as Nix itself reads it. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum nix_conf_kind {
	NIX_CONF_SETTING,
	NIX_CONF_INCLUDE,
	NIX_CONF_OPTIONAL_INCLUDE, /* a file that may be missing */
};

struct nix_conf_entry {
	enum nix_conf_kind kind;
	const char *name;  /* of the setting; or the absolute path of the file to include */
	const char *value; /* its words, one blank between them; NULL of an include */
};

struct nix_conf {
	struct nix_conf_entry *entries;
	size_t count;
};

/* Appends the entries of the file at `path`, in their order. Returns -EINVAL, with entries missing,
 * for a line that Nix does not take, and for a NUL byte. */
int nix_conf_parse(struct arena *arena, const char *path, const char *content, size_t length,
		   struct nix_conf *conf);

/* The words of a list that the files together give a setting, appended to by its `extra-` form.
 * `initial` where none does. */
const char *nix_conf_list(struct arena *arena, const struct nix_conf *conf, const char *name,
			  const char *initial);

/* The next word of a value, or NULL; *value is moved behind it. */
const char *nix_conf_word(struct arena *arena, const char **value);

/* A file of those settings that a client inside needs, which are no secrets: what the daemon does
 * is the daemon's to know. "" when there are none. */
const char *nix_conf_for_client(struct arena *arena, const struct nix_conf *conf);
