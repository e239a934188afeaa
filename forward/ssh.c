/* ~/.ssh, read-only, and what else makes ssh(1) inside behave as outside. */
#include <string.h>

#include "base/path.h"
#include "forward/forward.h"
#include "mounts/api_fs.h"

#define SETTINGS "/etc/ssh/ssh_config"
#define KNOWN_HOSTS "/etc/ssh/ssh_known_hosts"
#define SETTINGS_MAXIMUM (64UL * 1024)

static const char *directory_path(const struct host *host, struct arena *arena)
{
	return path_join(arena, host->caller.home, ".ssh");
}

static void ask(const struct host *host, struct forward_questions *questions)
{
	forward_ask(questions, directory_path(host, questions->arena), 0);
	forward_ask(questions, SETTINGS, SETTINGS_MAXIMUM);
	forward_ask(questions, SETTINGS ".d", 0);
	forward_ask(questions, KNOWN_HOSTS, 0);
}

/* The first value that ssh finds counts, so ours are last, for what nobody has set. Inside the user
 * is called otherwise. New keys of hosts cannot be written to ~/.ssh: they are kept as long as the
 * sandbox is there. */
static void plan_settings(const struct host *host, const struct forward_sink *sink)
{
	const struct host_file *file = forward_answer(host, SETTINGS);
	const char *text =
		file->content && strlen(file->content) < SETTINGS_MAXIMUM ? file->content : "";
	const char *name = host->caller.name;
	const char *runtime = api_fs_runtime_directory(sink->arena, host->caller.uid);
	const char *user =
		strpbrk(name, "\" \t") ? "" : arena_printf(sink->arena, "\tUser %s\n", name);

	seed_list_append_text(sink->seeds, sink->arena, SETTINGS,
			      arena_printf(sink->arena,
					   "%s\nHost *\n%s"
					   "\tUserKnownHostsFile %s/known_hosts ~/.ssh/known_hosts"
					   " ~/.ssh/known_hosts2\n",
					   text, user, runtime));
}

static const char *plan(const struct host *host, const struct forward_sink *sink)
{
	const char *directory = directory_path(host, sink->arena);
	const char *reason =
		forward_share(host, sink, directory, SOURCE_DIRECTORY, directory, true);

	if (reason)
		return reason;
	plan_settings(host, sink);
	(void)forward_share(host, sink, SETTINGS ".d", SOURCE_DIRECTORY, SETTINGS ".d", true);
	(void)forward_share(host, sink, KNOWN_HOSTS, SOURCE_REGULAR, KNOWN_HOSTS, true);
	return NULL;
}

const struct forward forward_ssh = {
	.name = "ssh",
	.summary = "~/.ssh read-only: keys, known hosts, settings",
	.ask = ask,
	.plan = plan,
};
