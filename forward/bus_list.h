/* The D-Bus buses that xdg-dbus-proxy is to serve inside, as plain data. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct bus {
	const char *name;	   /* of its forward */
	const char *socket;	   /* what its socket in the directory of the buses is called */
	const char *address;	   /* of the real one, as a client takes it */
	const char *program;	   /* the proxy: the same for all */
	const char *const *filter; /* what the proxy is told, NULL-terminated */
	bool is_wished;		   /* asked for by name: not without it */
};

struct bus_list {
	struct bus *items;
	size_t count;
};

void bus_list_append(struct bus_list *list, struct arena *arena, const struct bus *bus);
