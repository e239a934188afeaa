/* Where a D-Bus server listens: "Server Addresses" in the D-Bus specification. Pure. */
#pragma once

#include "base/arena.h"

enum bus_address_kind {
	BUS_ADDRESS_PATH,
	BUS_ADDRESS_ABSTRACT,
};

struct bus_address {
	enum bus_address_kind kind;
	const char *name; /* a normal path, or what the abstract socket is called */
};

/* Takes the first socket of this machine in a list of addresses; `runtime_directory` is what
 * `unix:runtime=yes` means. Returns NULL, or why there is none: what is wrong with the first. */
const char *bus_address_parse(struct arena *arena, const char *text, const char *runtime_directory,
			      struct bus_address *ret_address);

/* As a client takes it. */
const char *bus_address_text(struct arena *arena, const struct bus_address *address);
