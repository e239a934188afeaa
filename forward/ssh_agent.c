/* The SSH agent: it signs with the user's keys, and does not give them away. */
#include "base/path.h"
#include "forward/forward.h"
#include "mounts/api_fs.h"

static void ask(const struct host *host, struct forward_questions *questions)
{
	const char *socket = environment_get(host->environment, "SSH_AUTH_SOCK");

	if (socket && path_is_normal(socket))
		forward_ask(questions, socket, 0);
}

static const char *plan(const struct host *host, const struct forward_sink *sink)
{
	const char *socket = environment_get(host->environment, "SSH_AUTH_SOCK");
	const char *target =
		path_join(sink->arena, api_fs_runtime_directory(sink->arena, host->caller.uid),
			  "ssh-agent.sock");
	const char *reason;

	if (!socket)
		return "SSH_AUTH_SOCK is not set";
	reason = forward_share(host, sink, socket, SOURCE_SOCKET, target, false);
	if (!reason)
		env_list_set(sink->env, sink->arena, "SSH_AUTH_SOCK", target);
	return reason;
}

const struct forward forward_ssh_agent = {
	.name = "ssh-agent",
	.summary = "the socket of SSH_AUTH_SOCK: signs with your keys",
	.ask = ask,
	.plan = plan,
};
