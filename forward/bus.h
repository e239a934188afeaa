/* What the forwards of the two buses have in common. */
#pragma once

#include "forward/forward.h"

/* A mode: the real socket. */
#define BUS_RAW "raw"
extern const char *const bus_modes[];

/* A bus as its forward knows it. */
struct bus_forward {
	const char *name;
	const char *variable;	   /* that holds its address outside */
	const char *usual;	   /* its address when there is none */
	const char *socket;	   /* see struct bus */
	const char *target;	   /* where it is inside */
	const char *const *filter; /* see struct bus */
};

void bus_ask(const struct bus_forward *bus, const struct host *host,
	     struct forward_questions *questions);

/* Returns NULL, or the reason why there is nothing to forward. */
const char *bus_plan(const struct bus_forward *bus, const struct host *host,
		     const struct forward_sink *sink);
