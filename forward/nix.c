/* The Nix store, read-only, and the daemon that adds to it. Whom the daemon trusts, it lets run
 * anything as root; and it fetches from the network for whoever asks. In either case the sandbox
 * would have a hole: then neither is forwarded, unless the user insists. */
#include <errno.h>
#include <string.h>

#include "base/array.h"
#include "base/path.h"
#include "forward/forward.h"
#include "forward/nix_conf.h"
#include "forward/nix_risk.h"

#define STORE "/nix/store"
#define DATABASE "/nix/var/nix/db"
/* The whole directory: a daemon that starts anew makes a new socket. */
#define SOCKET_DIRECTORY "/nix/var/nix/daemon-socket"
#define SOCKET SOCKET_DIRECTORY "/socket"
#define CONF "/etc/nix/nix.conf"
#define GROUPS "/etc/group"

/* What is longer is not known (bytes). */
#define CONF_MAXIMUM (64UL * 1024)
#define GROUPS_MAXIMUM (1024UL * 1024)

static const char mode_force[] = "force";
static const char *const modes[] = { mode_force, NULL };

/* Where programs are that were installed with Nix. */
#define PROFILE_COUNT 4
static void list_profiles(const struct host *host, struct arena *arena,
			  const char *profiles[static PROFILE_COUNT])
{
	const char *home = host->caller.home;

	profiles[0] = path_join(arena, home, ".nix-profile/bin");
	profiles[1] = path_join(arena, home, ".local/state/nix/profile/bin");
	profiles[2] = "/nix/var/nix/profiles/default/bin";
	profiles[3] = "/run/current-system/sw/bin";
}

static void ask(const struct host *host, struct forward_questions *questions)
{
	static const char *const paths[] = { STORE, DATABASE, SOCKET_DIRECTORY, SOCKET };
	const char *profiles[PROFILE_COUNT];

	list_profiles(host, questions->arena, profiles);
	for (size_t i = 0; i < ARRAY_LENGTH(paths); i++)
		forward_ask(questions, paths[i], 0);
	for (size_t i = 0; i < ARRAY_LENGTH(profiles); i++)
		forward_ask(questions, profiles[i], 0);
	forward_ask(questions, CONF, CONF_MAXIMUM);
}

/* Appends what a file says. Returns NULL, or why that is not known. */
static const char *read_file(struct arena *arena, const struct host *host, const char *path,
			     struct nix_conf *conf)
{
	const struct host_file *file = forward_answer(host, path);

	if (file->error != 0)
		return arena_printf(arena, "'%s': %s", path, strerror(file->error));
	if (!file->content || file->content_length >= CONF_MAXIMUM)
		return arena_printf(arena, "'%s' is no file, or a long one", path);
	if (nix_conf_parse(arena, path, file->content, file->content_length, conf) < 0)
		return arena_printf(arena, "'%s' has a line that is no setting", path);
	return NULL;
}

/* Appends what an included file says; one that itself includes others is not looked into. */
static const char *read_include(struct arena *arena, const struct host *host,
				const struct nix_conf_entry *include, struct nix_conf *conf)
{
	size_t first = conf->count;
	const char *reason;

	if (include->kind == NIX_CONF_OPTIONAL_INCLUDE &&
	    forward_answer(host, include->name)->error == ENOENT)
		return NULL;
	reason = read_file(arena, host, include->name, conf);
	for (size_t i = first; !reason && i < conf->count; i++)
		if (conf->entries[i].kind != NIX_CONF_SETTING)
			reason = arena_printf(arena, "'%s' includes others", include->name);
	return reason;
}

/* All settings of the daemon's, in order. Returns NULL, or why they are not known. */
static const char *read_conf(struct arena *arena, const struct host *host,
			     struct nix_conf *ret_conf)
{
	struct nix_conf conf = { 0 }, top = { 0 };
	const char *reason = NULL;

	*ret_conf = conf;
	if (forward_answer(host, CONF)->error == ENOENT)
		return NULL;
	reason = read_file(arena, host, CONF, &top);
	for (size_t i = 0; !reason && i < top.count; i++) {
		if (top.entries[i].kind != NIX_CONF_SETTING) {
			reason = read_include(arena, host, &top.entries[i], &conf);
			continue;
		}
		conf.entries = arena_grow(arena, conf.entries, conf.count, sizeof(*conf.entries));
		conf.entries[conf.count++] = top.entries[i];
	}
	*ret_conf = conf;
	return reason;
}

static const char *tree_store_path(const struct host *host, struct arena *arena)
{
	return path_join(arena, host->rootfs.system, "nix/store");
}

static void ask_further(const struct host *host, struct forward_questions *questions)
{
	struct arena *arena = questions->arena;
	struct nix_conf top = { 0 };

	/* A second look costs a start without Nix something, too. */
	if (forward_answer(host, STORE)->kind != HOST_FILE_DIRECTORY)
		return;
	if (host->rootfs.system)
		forward_ask(questions, tree_store_path(host, arena), 0);
	forward_ask(questions, GROUPS, GROUPS_MAXIMUM);
	if (read_file(arena, host, CONF, &top))
		return;
	for (size_t i = 0; i < top.count; i++)
		if (top.entries[i].kind != NIX_CONF_SETTING)
			forward_ask(questions, top.entries[i].name, CONF_MAXIMUM);
}

/* Why the daemon would be a hole, or NULL. */
static const char *find_risk(const struct host *host, const struct forward_sink *sink,
			     const struct nix_conf *conf, const char *not_known)
{
	const struct host_file *file = forward_answer(host, GROUPS);
	struct nix_risk_groups groups = { .content = file->content,
					  .length = file->content_length };

	if (!sink->has_network)
		return "the Nix daemon fetches from the host's network for whoever asks";
	if (not_known)
		return arena_printf(sink->arena, "it is not known whom the Nix daemon trusts: %s",
				    not_known);
	if (file->content_length >= GROUPS_MAXIMUM)
		groups = (struct nix_risk_groups) { 0 };
	return nix_risk_find(sink->arena, conf, &host->caller, &groups);
}

/* Says what is to be said of a risk. Returns whether it forbids the forward. */
static bool refuse(const struct forward_sink *sink, const char *risk)
{
	if (sink->mode && strcmp(sink->mode, mode_force) == 0) {
		diag_warning(sink->diag, "nix is a way out of the sandbox: %s, continuing", risk);
		return false;
	}
	if (sink->is_wished) {
		diag_fault(sink->diag, "cannot forward 'nix': %s", risk);
		diag_hint(sink->diag, "--forward nix=force does it all the same");
	} else {
		diag_warning(sink->diag, "cannot forward 'nix': %s, continuing", risk);
		diag_hint(sink->diag,
			  "--forward nix=force does it all the same, --no-forward nix is quiet");
	}
	return true;
}

/* Resolved, so that no program inside can change what they hold, and that the names of what is used
 * keep it from Nix's garbage collection. */
static void plan_profiles(const struct host *host, const struct forward_sink *sink)
{
	const char *profiles[PROFILE_COUNT];

	list_profiles(host, sink->arena, profiles);
	for (size_t i = 0; i < ARRAY_LENGTH(profiles); i++) {
		const struct host_file *file = forward_answer(host, profiles[i]);

		if (file->kind == HOST_FILE_DIRECTORY && path_is_below(file->path, STORE))
			forward_search_path(host, sink, file->path);
	}
}

/* Returns NULL, or why there is no daemon to reach. */
static const char *plan_daemon(const struct host *host, const struct forward_sink *sink,
			       const struct nix_conf *conf)
{
	static const char *const names[] = { "NIX_PATH" };
	const char *text = nix_conf_for_client(sink->arena, conf);
	const char *reason = forward_share(host, sink, SOCKET_DIRECTORY, SOURCE_DIRECTORY,
					   SOCKET_DIRECTORY, true);

	if (reason)
		return reason;
	(void)forward_share(host, sink, DATABASE, SOURCE_DIRECTORY, DATABASE, true);
	env_list_set(sink->env, sink->arena, "NIX_REMOTE", "daemon");
	(void)forward_variables(host, sink, names, ARRAY_LENGTH(names));
	/* A given tree has its own settings. */
	if (!host->rootfs.system && text[0])
		seed_list_append_text(sink->seeds, sink->arena, CONF, text);
	return NULL;
}

/* Why there is none: somebody may have installed Nix for themselves alone. */
static const char *find_no_daemon(const struct host *host, struct arena *arena)
{
	const struct host_file *socket = forward_answer(host, SOCKET);

	if (socket->kind == HOST_FILE_SOCKET && !socket->is_denied)
		return NULL;
	return arena_printf(arena, "'%s': %s", SOCKET,
			    strerror(socket->error != 0 ? socket->error : EACCES));
}

static const char *plan(const struct host *host, const struct forward_sink *sink)
{
	const char *no_daemon = find_no_daemon(host, sink->arena), *reason, *risk = NULL;
	struct nix_conf conf;

	if (host->rootfs.system &&
	    forward_answer(host, tree_store_path(host, sink->arena))->error == 0)
		return "the system's tree has a store of its own";
	if (!no_daemon) {
		const char *not_known = read_conf(sink->arena, host, &conf);

		risk = find_risk(host, sink, &conf, not_known);
	}
	if (risk && forward_answer(host, STORE)->error == 0 && refuse(sink, risk))
		return risk;
	reason = forward_share(host, sink, STORE, SOURCE_DIRECTORY, STORE, true);
	if (reason)
		return reason;
	plan_profiles(host, sink);
	no_daemon = no_daemon ?: plan_daemon(host, sink, &conf);
	if (no_daemon)
		diag_warning(sink->diag, "nothing can be built with Nix inside: %s, continuing",
			     no_daemon);
	return NULL;
}

const struct forward forward_nix = {
	.name = "nix",
	.summary = "the Nix store, and its daemon unless that trusts you",
	.modes = modes,
	.ask = ask,
	.ask_further = ask_further,
	.plan = plan,
};
