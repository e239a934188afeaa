/* The sockets of GNOME's keyring: control, keys of SSH, certificates. Passwords themselves are
 * asked for over the session bus. */
#include "base/array.h"
#include "base/path.h"
#include "forward/forward.h"
#include "mounts/api_fs.h"

#define NAME "keyring"

static const char *const sockets[] = { "control", "pkcs11", "ssh" };

static const char *directory_of(const struct host *host, struct arena *arena)
{
	const char *directory = environment_get(host->environment, "GNOME_KEYRING_CONTROL");

	if (directory && path_is_normal(directory))
		return directory;
	return forward_runtime_path(host, arena, NAME);
}

static void ask(const struct host *host, struct forward_questions *questions)
{
	const char *directory = directory_of(host, questions->arena);

	for (size_t i = 0; i < ARRAY_LENGTH(sockets); i++)
		forward_ask(questions, path_join(questions->arena, directory, sockets[i]), 0);
}

static const char *plan(const struct host *host, const struct forward_sink *sink)
{
	const char *directory = directory_of(host, sink->arena), *first = NULL;
	const char *runtime = api_fs_runtime_directory(sink->arena, host->caller.uid);
	const char *inside = path_join(sink->arena, runtime, NAME);
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_LENGTH(sockets); i++) {
		const char *reason = forward_share(
			host, sink, path_join(sink->arena, directory, sockets[i]), SOURCE_SOCKET,
			path_join(sink->arena, inside, sockets[i]), false);

		count += !reason;
		first = first ? first : reason;
	}
	if (count == 0)
		return first;
	env_list_set(sink->env, sink->arena, "GNOME_KEYRING_CONTROL", inside);
	return NULL;
}

const struct forward forward_keyring = {
	.name = NAME,
	.summary = "the sockets of GNOME's keyring",
	.by_wish = true,
	.ask = ask,
	.plan = plan,
};
