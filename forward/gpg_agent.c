/* GnuPG's agent, which signs and decrypts with the user's keys and does not give them away, and the
 * public keys that go with them. */
#include "base/array.h"
#include "base/path.h"
#include "forward/forward.h"
#include "mounts/api_fs.h"

/* The agent makes the first for uses like this one: no key can be taken out or changed there. */
#define SOCKET_RESTRICTED "S.gpg-agent.extra"
#define SOCKET_FULL "S.gpg-agent"

static const char *const modes[] = { "full", NULL };

/* Copies: GnuPG writes to them, and next to them. */
static const char *const files[] = { "gpg.conf", "pubring.gpg", "pubring.kbx", "trustdb.gpg" };

static const char *own_home(const struct host *host, struct arena *arena)
{
	const char *home = environment_get(host->environment, "GNUPGHOME");

	return home && path_is_normal(home) ? home : path_join(arena, host->caller.home, ".gnupg");
}

/* Where sockets may be, in the order in which GnuPG looks. */
#define PLACE_COUNT 2
static void find_places(const struct host *host, struct arena *arena,
			const char *places[static PLACE_COUNT])
{
	places[0] = path_join(arena, forward_runtime_directory(host, arena), "gnupg");
	places[1] = own_home(host, arena);
}

static void ask(const struct host *host, struct forward_questions *questions)
{
	struct arena *arena = questions->arena;
	const char *places[PLACE_COUNT];

	find_places(host, arena, places);
	for (size_t i = 0; i < PLACE_COUNT; i++) {
		forward_ask(questions, path_join(arena, places[i], SOCKET_RESTRICTED), 0);
		forward_ask(questions, path_join(arena, places[i], SOCKET_FULL), 0);
	}
	for (size_t i = 0; i < ARRAY_LENGTH(files); i++)
		forward_ask(questions, path_join(arena, own_home(host, arena), files[i]), 0);
}

static const char *plan_socket(const struct host *host, const struct forward_sink *sink)
{
	const char *name = sink->mode ? SOCKET_FULL : SOCKET_RESTRICTED;
	const char *runtime = api_fs_runtime_directory(sink->arena, host->caller.uid);
	const char *target = path_join(sink->arena, runtime, "gnupg/" SOCKET_FULL);
	const char *places[PLACE_COUNT], *first = NULL;

	find_places(host, sink->arena, places);
	for (size_t i = 0; i < PLACE_COUNT; i++) {
		const char *reason =
			forward_share(host, sink, path_join(sink->arena, places[i], name),
				      SOURCE_SOCKET, target, false);

		if (!reason)
			return NULL;
		first = first ? first : reason;
	}
	return first;
}

static void plan_file(const struct host *host, const struct forward_sink *sink, const char *name)
{
	const char *asked = path_join(sink->arena, own_home(host, sink->arena), name);
	const char *inside = path_join(sink->arena, host->caller.home, ".gnupg");
	struct source source = {
		.path = forward_answer(host, asked)->path,
		.kind = SOURCE_REGULAR,
		.is_copied = true,
	};
	struct seed seed = {
		.target = path_join(sink->arena, inside, name),
		.mode = 0600,
		.uid = host->caller.uid,
		.gid = host->caller.gid,
		.source = source.path,
		.source_size = forward_answer(host, asked)->size,
	};

	if (forward_refusal(host, sink, asked, SOURCE_REGULAR) ||
	    seed.source_size > SOURCE_COPY_MAXIMUM)
		return;
	seed.source_index = source_list_add(sink->sources, sink->arena, &source);
	seed_list_append(sink->seeds, sink->arena, &seed);
}

static const char *plan(const struct host *host, const struct forward_sink *sink)
{
	const char *reason = plan_socket(host, sink);

	for (size_t i = 0; !reason && i < ARRAY_LENGTH(files); i++)
		plan_file(host, sink, files[i]);
	return reason;
}

const struct forward forward_gpg_agent = {
	.name = "gpg-agent",
	.summary = "GnuPG's agent, restricted (all of it with =full)",
	.by_wish = true,
	.modes = modes,
	.ask = ask,
	.plan = plan,
};
