#include "tests/support/forward_run.h"

void forward_run_as(struct forward_run *run, const char *name, const struct host *host,
		    const struct forward_sink *wishes)
{
	struct forward_sink sink = *wishes;

	*run = (struct forward_run) { .diag = { .arena = &run->arena } };
	sink.arena = &run->arena;
	sink.diag = &run->diag;
	sink.sources = &run->sources;
	sink.seeds = &run->seeds;
	sink.env = &run->env;
	sink.answers = &run->answers;
	sink.groups = &run->groups;
	sink.buses = &run->buses;
	sink.binds = &run->binds;
	run->skipped = forward_find(name)->plan(host, &sink);
}

void forward_run(struct forward_run *run, const char *name, const struct host *host)
{
	forward_run_as(run, name, host, &(struct forward_sink) { 0 });
}
