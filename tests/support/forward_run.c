#include "tests/support/forward_run.h"

void forward_run(struct forward_run *run, const char *name, const struct host *host)
{
	struct forward_sink sink = {
		.arena = &run->arena,
		.diag = &run->diag,
		.sources = &run->sources,
		.seeds = &run->seeds,
		.env = &run->env,
		.answers = &run->answers,
		.buses = &run->buses,
		.binds = &run->binds,
	};

	*run = (struct forward_run) { .diag = { .arena = &run->arena } };
	run->skipped = forward_find(name)->plan(host, &sink);
}
