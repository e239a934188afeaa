/* The Wayland compositor. */
#include "base/array.h"
#include "base/path.h"
#include "forward/forward.h"
#include "mounts/api_fs.h"

#define NAME "wayland-0"

static const char *const names[] = { "XDG_CURRENT_DESKTOP", "XDG_SESSION_TYPE" };

static const char *socket_path(const struct host *host, struct arena *arena)
{
	return forward_runtime_path(host, arena,
				    environment_get(host->environment, "WAYLAND_DISPLAY"));
}

static void ask(const struct host *host, struct forward_questions *questions)
{
	const char *path = socket_path(host, questions->arena);

	if (path)
		forward_ask(questions, path, 0);
}

static const char *plan(const struct host *host, const struct forward_sink *sink)
{
	const char *path = socket_path(host, sink->arena);
	const char *runtime = api_fs_runtime_directory(sink->arena, host->caller.uid);
	const char *reason;

	if (!environment_get(host->environment, "WAYLAND_DISPLAY"))
		return "WAYLAND_DISPLAY is not set";
	if (!path)
		return "WAYLAND_DISPLAY is no path";
	reason = forward_share(host, sink, path, SOURCE_SOCKET,
			       path_join(sink->arena, runtime, NAME), false);
	if (reason)
		return reason;
	env_list_set(sink->env, sink->arena, "WAYLAND_DISPLAY", NAME);
	(void)forward_variables(host, sink, names, ARRAY_LENGTH(names));
	return NULL;
}

const struct forward forward_wayland = {
	.name = "wayland",
	.summary = "the Wayland compositor of WAYLAND_DISPLAY",
	.ask = ask,
	.plan = plan,
};
