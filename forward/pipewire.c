/* PipeWire: sound, microphone, camera and screen, as far as it gives them. */
#include "base/path.h"
#include "forward/forward.h"
#include "mounts/api_fs.h"

#define NAME "pipewire-0"

static const char *socket_path(const struct host *host, struct arena *arena)
{
	const char *directory = environment_get(host->environment, "PIPEWIRE_RUNTIME_DIR");
	const char *name = environment_get(host->environment, "PIPEWIRE_REMOTE");

	name = name ? name : NAME;
	if (directory && path_is_normal(directory) && name[0] != '/')
		name = path_join(arena, directory, name);
	return forward_runtime_path(host, arena, name);
}

static void ask(const struct host *host, struct forward_questions *questions)
{
	const char *path = socket_path(host, questions->arena);

	if (path)
		forward_ask(questions, path, 0);
}

static const char *plan(const struct host *host, const struct forward_sink *sink)
{
	const char *runtime = api_fs_runtime_directory(sink->arena, host->caller.uid);
	const char *path = socket_path(host, sink->arena);

	if (!path)
		return "PIPEWIRE_REMOTE is no path";
	return forward_share(host, sink, path, SOURCE_SOCKET, path_join(sink->arena, runtime, NAME),
			     false);
}

const struct forward forward_pipewire = {
	.name = "pipewire",
	.summary = "PipeWire: sound, microphone, camera",
	.ask = ask,
	.plan = plan,
};
