/* The options there are: what the parser applies and --help lists. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "runtime/options.h"

/* What an option is applied to. */
struct option_target {
	struct arena *arena;
	struct diag *diag;
	struct options *options;
};

/* An option either sets a flag or is handled by a function. */
struct option_spec {
	const char *name;
	const char *argument; /* NULL: takes none */
	const char *summary;  /* for --help */
	void (*apply)(struct option_target *target, const char *value);
	size_t flag; /* offset of a bool in struct options */
	bool flag_value;
	char letter; /* '\0': none */
};

/* In alphabetical order. */
extern const struct option_spec option_specs[];
extern const size_t option_count;

/* NULL where there is no such option. */
const struct option_spec *option_find(const char *name, size_t length);
const struct option_spec *option_find_letter(char letter);
