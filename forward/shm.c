/* The shared memory of the host, in place of the sandbox's own. */
#include "forward/forward.h"

#define DIRECTORY "/dev/shm"

static void ask(const struct host *host, struct forward_questions *questions)
{
	(void)host;
	forward_ask(questions, DIRECTORY, 0);
}

static const char *plan(const struct host *host, const struct forward_sink *sink)
{
	const char *reason =
		forward_share(host, sink, DIRECTORY, SOURCE_DIRECTORY, DIRECTORY, false);

	if (!reason)
		diag_warning(sink->diag, "with the host's '" DIRECTORY "' the sandbox can read and "
					 "change what your programs outside share, continuing");
	return reason;
}

const struct forward forward_shm = {
	.name = "shm",
	.summary = "the host's /dev/shm: memory of your other programs",
	.by_wish = true,
	.ask = ask,
	.plan = plan,
};
