/* Settings of GitHub's gh, which may hold a token. */
#include "base/path.h"
#include "forward/forward.h"

static const char *directory_path(const struct host *host, struct arena *arena)
{
	return path_join(arena, host->caller.home, ".config/gh");
}

static void ask(const struct host *host, struct forward_questions *questions)
{
	forward_ask(questions, directory_path(host, questions->arena), 0);
}

static const char *plan(const struct host *host, const struct forward_sink *sink)
{
	const char *directory = directory_path(host, sink->arena);

	return forward_share(host, sink, directory, SOURCE_DIRECTORY, directory, true);
}

const struct forward forward_gh = {
	.name = "gh",
	.summary = "~/.config/gh read-only",
	.ask = ask,
	.plan = plan,
};
