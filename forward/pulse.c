/* PulseAudio, or what PipeWire has in its place. */
#include <string.h>

#include "base/path.h"
#include "base/text.h"
#include "forward/forward.h"
#include "mounts/api_fs.h"

/* The socket of PULSE_SERVER, which can be many things: `unix:PATH`, `PATH`, either after a machine
 * in braces, or a host. NULL for what is no socket. */
static const char *socket_path(const struct host *host, struct arena *arena)
{
	const char *server = environment_get(host->environment, "PULSE_SERVER");

	if (!server)
		return path_join(arena, forward_runtime_directory(host, arena), "pulse/native");
	if (server[0] == '{' && strchr(server, '}'))
		server = strchr(server, '}') + 1;
	if (text_starts_with(server, "unix:"))
		server += strlen("unix:");
	return path_is_normal(server) ? server : NULL;
}

static const char *cookie_path(const struct host *host, struct arena *arena)
{
	const char *path = environment_get(host->environment, "PULSE_COOKIE");

	return path && path_is_normal(path)
		       ? path
		       : path_join(arena, host->caller.home, ".config/pulse/cookie");
}

static void ask(const struct host *host, struct forward_questions *questions)
{
	const char *path = socket_path(host, questions->arena);

	if (!path)
		return;
	forward_ask(questions, path, 0);
	forward_ask(questions, cookie_path(host, questions->arena), 0);
}

/* A server on the same machine knows the user by their id, and does without. */
static void plan_cookie(const struct host *host, const struct forward_sink *sink,
			const char *runtime)
{
	const char *target = path_join(sink->arena, runtime, "pulse-cookie");

	if (!forward_share(host, sink, cookie_path(host, sink->arena), SOURCE_REGULAR, target,
			   true))
		env_list_set(sink->env, sink->arena, "PULSE_COOKIE", target);
}

static const char *plan(const struct host *host, const struct forward_sink *sink)
{
	const char *runtime = api_fs_runtime_directory(sink->arena, host->caller.uid);
	const char *path = socket_path(host, sink->arena);
	const char *target = path_join(sink->arena, runtime, "pulse/native"), *reason;

	if (!path)
		return "PULSE_SERVER is no socket of this machine";
	reason = forward_share(host, sink, path, SOURCE_SOCKET, target, false);
	if (reason)
		return reason;
	plan_cookie(host, sink, runtime);
	env_list_set(sink->env, sink->arena, "PULSE_SERVER",
		     arena_printf(sink->arena, "unix:%s", target));
	return NULL;
}

const struct forward forward_pulse = {
	.name = "pulse",
	.summary = "PulseAudio: sound, microphone; can write files as you",
	.ask = ask,
	.plan = plan,
};
