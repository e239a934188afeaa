#include "runtime/plan.h"

#include <errno.h>
#include <string.h>

#include "base/array.h"
#include "base/path.h"
#include "forward/etc.h"
#include "init/control.h"
#include "mounts/api_fs.h"
#include "runtime/notice.h"
#include "runtime/placement.h"
#include "runtime/plan_builder.h"
#include "runtime/project.h"

/* Of the random machine id: enough to tell the runs of one machine apart. */
#define ID_LENGTH 12

#define DEFAULT_HOSTNAME "claude-sandbox"

struct forward_sink plan_builder_sink(struct plan_builder *builder)
{
	return (struct forward_sink) {
		.arena = builder->arena,
		.diag = builder->diag,
		.sources = &builder->plan->sources,
		.seeds = &builder->plan->seeds,
		.env = &builder->plan->env,
		.answers = &builder->plan->answers,
		.buses = &builder->plan->buses,
		.binds = &builder->binds,
		.groups = &builder->plan->groups,
		.has_network = !builder->plan->private_network,
	};
}

/* The last one of the command line counts. */
static const struct switch_option *find_switch(const struct options *options,
					       const struct forward *forward)
{
	for (size_t i = options->switch_count; i > 0; i--)
		if (strcmp(options->switches[i - 1].name, forward->name) == 0)
			return &options->switches[i - 1];
	return NULL;
}

bool plan_has_forward(const struct options *options, const struct forward *forward)
{
	const struct switch_option *choice = find_switch(options, forward);

	if (choice)
		return choice->is_on;
	return !forward->by_wish && (!options->strict || forward->in_strict);
}

/* Goes with a forward that is off. */
static bool is_left_out(const struct options *options, const char *path)
{
	for (size_t i = 0; i < forward_count; i++) {
		if (plan_has_forward(options, forwards[i]))
			continue;
		for (const char *const *etc = forwards[i]->etc; etc && *etc; etc++)
			if (strcmp(path, *etc) == 0)
				return true;
	}
	return false;
}

static const struct rootfs_facts *choose_rootfs(struct plan_builder *builder)
{
	const struct rootfs_facts *known = &builder->host->rootfs;
	struct rootfs_facts *chosen = arena_alloc(builder->arena, sizeof(*chosen));

	*chosen = (struct rootfs_facts) {
		.system = known->system,
		.entries =
			arena_alloc(builder->arena, known->entry_count * sizeof(*chosen->entries)),
	};
	for (size_t i = 0; i < known->entry_count; i++)
		if (!is_left_out(builder->options, known->entries[i].path))
			chosen->entries[chosen->entry_count++] = known->entries[i];
	return chosen;
}

static void plan_root(struct plan_builder *builder)
{
	const struct host_file *system = &builder->host->system;
	struct plan *plan = builder->plan;
	struct source source = { .path = system->path, .kind = SOURCE_DIRECTORY };

	plan->rootfs = choose_rootfs(builder);
	plan->system_source = PLAN_NO_SOURCE;
	plan->overlay_options = rootfs_overlay_options(plan->rootfs);
	if (builder->options->system) {
		if (system->error != 0)
			diag_fault(builder->diag, "cannot use '%s' as the system: %s",
				   system->asked, strerror(system->error));
		else if (system->kind != HOST_FILE_DIRECTORY)
			diag_fault(builder->diag, "cannot use '%s' as the system: not a directory",
				   system->asked);
		else if (strcmp(system->path, "/") == 0)
			diag_fault(builder->diag,
				   "cannot use '/' as the system: it would show the whole host");
		else if (project_is_kernel_place(system->path))
			diag_fault(builder->diag,
				   "cannot use '%s' as the system: it belongs to the kernel",
				   system->path);
		else
			plan->system_source =
				source_list_add(&plan->sources, builder->arena, &source);
	}
	rootfs_plan(plan->rootfs, builder->arena, &plan->mounts, &plan->sources);
}

/* A system without a shell is no system: NixOS, say, keeps nothing in /usr. */
static void plan_shell(struct plan_builder *builder)
{
	builder->plan->shell = builder->host->shell;
	if (builder->plan->shell)
		return;
	builder->plan->shell = "/bin/sh";
	if (builder->options->system && builder->plan->system_source == PLAN_NO_SOURCE)
		return;
	diag_fault(builder->diag, "cannot find a shell in the %s",
		   builder->options->system ? "system's tree" : "host's /usr");
	diag_hint(builder->diag, "name a tree that holds a system with --system PATH");
}

static void plan_api_fs(struct plan_builder *builder)
{
	const struct caller *caller = &builder->host->caller;
	struct api_fs api = {
		.uid = caller->uid,
		.gid = caller->gid,
		.is_nested = builder->options->nested,
	};

	api_fs_plan(&api, builder->arena, &builder->plan->mounts);
}

static void plan_etc(struct plan_builder *builder)
{
	struct etc etc = {
		.host = builder->host,
		.hostname = builder->plan->hostname,
		.shell = builder->plan->shell,
		.rootfs = builder->plan->rootfs,
		.has_network = !builder->plan->private_network,
		.has_dns = plan_has_forward(builder->options, forward_find("dns")),
	};

	etc_plan(&etc, builder->arena, &builder->plan->seeds);
}

/* Empty, writable, and at its real path, so that names of files mean the same inside and outside.
 */
static void plan_home(struct plan_builder *builder)
{
	const struct caller *caller = &builder->host->caller;
	struct mount_list *mounts = &builder->plan->mounts;
	struct mount_op op = {
		.kind = MOUNT_DIRECTORY,
		.target = caller->home,
		.mode = 0700,
		.uid = caller->uid,
		.gid = caller->gid,
	};

	mount_list_append_parents(mounts, builder->arena, op.target, NULL, 0, 0);
	if (strcmp(op.target, "/") == 0 || mount_list_append(mounts, builder->arena, &op) < 0)
		diag_fault(builder->diag, "cannot make the home directory '%s' inside", op.target);
}

static void plan_environment(struct plan_builder *builder)
{
	const struct caller *caller = &builder->host->caller;
	struct arena *arena = builder->arena;
	struct env_list *env = &builder->plan->env;

	/* ~/.local/bin is last: nothing planted there may shadow a program. */
	env_list_set(env, arena, "PATH",
		     arena_printf(arena,
				  PLAN_CLAUDE_DIRECTORY
				  ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:"
				  "%s/.local/bin",
				  caller->home));
	env_list_set(env, arena, "HOME", caller->home);
	env_list_set(env, arena, "USER", ETC_USER_NAME);
	env_list_set(env, arena, "LOGNAME", ETC_USER_NAME);
	env_list_set(env, arena, "SHELL", builder->plan->shell);
	env_list_set(env, arena, "XDG_RUNTIME_DIR", api_fs_runtime_directory(arena, caller->uid));
	env_list_set(env, arena, "container", "claude-sandbox");
	env_list_set(env, arena, "CLAUDE_SANDBOX", "1");
	env_list_set(env, arena, "IS_SANDBOX", "1");
	/* The program is bound read-only and goes with the sandbox. */
	env_list_set(env, arena, "DISABLE_AUTOUPDATER", "1");
}

static void plan_forwards(struct plan_builder *builder)
{
	struct forward_sink sink = plan_builder_sink(builder);
	struct plan *plan = builder->plan;

	plan->forwards = arena_alloc(builder->arena, forward_count * sizeof(*plan->forwards));
	for (size_t i = 0; i < forward_count; i++) {
		struct plan_forward *entry = &plan->forwards[i];
		const struct switch_option *choice;
		size_t said = builder->diag->count;

		entry->forward = forwards[i];
		entry->is_on = plan_has_forward(builder->options, forwards[i]);
		choice = find_switch(builder->options, forwards[i]);
		sink.mode = entry->mode = choice ? choice->mode : NULL;
		sink.is_wished = choice && choice->is_on;
		if (entry->is_on)
			entry->skipped = forwards[i]->plan(builder->host, &sink);
		if (entry->skipped && choice && builder->diag->count == said)
			diag_warning(builder->diag, "cannot forward '%s': %s, continuing",
				     forwards[i]->name, entry->skipped);
	}
	builder->forward_bind_count = builder->binds.count;
	etc_plan_groups(plan->caller, &plan->groups, builder->arena, &plan->seeds);
}

/* On memory of ours, in which the proxy makes its sockets. Before all that is bound, so that
 * nothing lies over it. */
static void plan_buses(struct plan_builder *builder)
{
	struct mount_list *mounts = &builder->plan->mounts;
	struct mount_op op = {
		.kind = MOUNT_BUSES,
		.target = MOUNT_BUSES_TARGET,
		.flags = MOUNT_READ_ONLY | MOUNT_NO_SUID | MOUNT_NO_DEVICES | MOUNT_NO_EXEC,
	};

	if (builder->plan->buses.count == 0)
		return;
	mount_list_append_parents(mounts, builder->arena, op.target, NULL, 0, 0);
	(void)mount_list_append(mounts, builder->arena, &op);
}

void plan_builder_bind(struct plan_builder *builder, const struct source *source,
		       const char *target, bool read_only)
{
	struct forward_sink sink = plan_builder_sink(builder);
	struct mount_list *binds = &builder->binds;

	for (size_t i = builder->forward_bind_count; i > 0; i--) {
		if (!path_is_at_or_below(binds->ops[i - 1].target, target))
			continue;
		binds->count--;
		builder->forward_bind_count--;
		memmove(&binds->ops[i - 1], &binds->ops[i],
			(binds->count - (i - 1)) * sizeof(*binds->ops));
	}
	forward_bind(&sink, source, target, read_only);
}

/* At its own path, since Claude Code keys its sessions by it, and at /project. */
static void plan_project(struct plan_builder *builder)
{
	struct plan *plan = builder->plan;
	const char *path = builder->host->project.path;
	struct source source = { .path = path, .kind = SOURCE_DIRECTORY };

	project_check(builder->host, builder->diag);
	plan->project = path ? path : builder->host->project.asked;
	plan->directory = PLAN_PROJECT_ALIAS;
	if (!path || builder->host->project.kind != HOST_FILE_DIRECTORY)
		return;
	plan_builder_bind(builder, &source, PLAN_PROJECT_ALIAS, false);
	if (placement_covers_ours(plan, path) || placement_covers_shared(&builder->binds, path) ||
	    path_is_below(path, PLAN_PROJECT_ALIAS))
		return;
	plan_builder_bind(builder, &source, path, false);
	plan->directory = path;
}

static void fault_no_claude(struct plan_builder *builder)
{
	const struct options *options = builder->options;
	const struct host_file *claude = &builder->host->claude;
	void (*say)(struct diag *, const char *, ...) =
		options->dry_run ? diag_warning : diag_fault;

	if (options->claude) {
		say(builder->diag, "cannot run '%s': %s", options->claude,
		    claude->error != 0			? strerror(claude->error)
		    : claude->kind != HOST_FILE_REGULAR ? "not a regular file"
							: "not executable");
		return;
	}
	say(builder->diag,
	    "cannot find Claude Code: no 'claude' in the PATH of '%s' or where installers put it",
	    builder->host->caller.name);
	diag_hint(builder->diag,
		  "npm install -g @anthropic-ai/claude-code, or name it with --claude PATH");
}

static void plan_claude(struct plan_builder *builder)
{
	const struct host_file *claude = &builder->host->claude;
	struct source source = { .path = claude->path, .kind = SOURCE_REGULAR };

	if (claude->kind != HOST_FILE_REGULAR || !claude->can_access) {
		if (builder->options->verb == VERB_RUN || builder->options->claude)
			fault_no_claude(builder);
		return;
	}
	builder->plan->claude = claude->path;
	plan_builder_bind(builder, &source, PLAN_CLAUDE_PATH, true);
}

/* A directory handed in as a stream would be a way out: `/proc/self/fd/0/..`. */
static void check_streams(struct plan_builder *builder)
{
	static const char *const names[] = { "input", "output", "error" };

	for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
		if (builder->host->is_directory[i])
			diag_fault(builder->diag, "cannot use a directory as the standard %s",
				   names[i]);
}

static void plan_command(struct plan_builder *builder)
{
	const struct options *options = builder->options;
	struct plan *plan = builder->plan;
	size_t own = options->verb == VERB_RUN || options->argument_count == 0;

	plan->arguments = arena_alloc(builder->arena, (options->argument_count + own + 1) *
							      sizeof(*plan->arguments));
	if (own)
		plan->arguments[plan->argument_count++] =
			options->verb == VERB_RUN ? PLAN_CLAUDE_PATH : plan->shell;
	for (size_t i = 0; i < options->argument_count; i++)
		plan->arguments[plan->argument_count++] = options->arguments[i];
}

static const char *policy_of(const struct options *options)
{
	if (options->nested)
		return CONTROL_POLICY_NESTED;
	return options->no_userns ? CONTROL_POLICY_NO_USERNS : CONTROL_POLICY_DEFAULT;
}

static void plan_notice(struct plan_builder *builder, size_t system_mounts)
{
	struct plan *plan = builder->plan;
	const struct mount_op *cover = mount_list_cover(&plan->mounts, NOTICE_PATH);

	/* Somebody has put their own there. */
	if (cover && cover->kind == MOUNT_BIND)
		return;
	seed_list_append_text(&plan->seeds, builder->arena, NOTICE_PATH,
			      notice_text(builder->arena, plan, system_mounts));
}

static bool is_network_private(const struct options *options)
{
	return options->network == NETWORK_NONE ||
	       (options->network == NETWORK_UNSET && options->strict);
}

/* Nobody typed that they want none. A service at a socket needs no network. */
static void warn_of_no_network(struct plan_builder *builder)
{
	const struct options *options = builder->options;

	if (options->verb != VERB_RUN || options->network != NETWORK_UNSET || !options->strict ||
	    env_list_get(&builder->plan->env, "ANTHROPIC_UNIX_SOCKET"))
		return;
	diag_warning(builder->diag, "with --strict there is no network: Claude Code cannot reach "
				    "its service");
	diag_hint(builder->diag, "--network=host shares the host's");
}

void plan_build(struct arena *arena, const struct options *options, const struct host *host,
		struct diag *diag, struct plan *ret_plan)
{
	struct plan plan = {
		.verb = options->verb,
		.caller = &host->caller,
		.id = arena_strndup(arena, host->machine_id, ID_LENGTH),
		.hostname = options->name ? options->name : DEFAULT_HOSTNAME,
		.private_network = is_network_private(options),
		.is_scoped = host->has_landlock_scopes,
		.policy = policy_of(options),
		.has_terminal =
			host->is_terminal[0] || host->is_terminal[1] || host->is_terminal[2],
	};
	struct plan_builder builder = {
		.arena = arena,
		.options = options,
		.host = host,
		.diag = diag,
		.plan = &plan,
	};
	size_t system_mounts;

	plan_root(&builder);
	plan_shell(&builder);
	plan_api_fs(&builder);
	system_mounts = plan.mounts.count;
	plan_etc(&builder);
	plan_home(&builder);
	plan_environment(&builder);
	plan_forwards(&builder);
	plan_buses(&builder);
	plan_project(&builder);
	plan_claude(&builder);
	plan_add_binds(&builder);
	placement_of_binds(arena, &plan, &builder.binds, diag);
	plan_notice(&builder, system_mounts);
	placement_of_seeds(arena, &plan, diag);
	plan_drop_unused_sources(arena, &plan);
	plan_add_variables(&builder);
	warn_of_no_network(&builder);
	plan_command(&builder);
	check_streams(&builder);
	*ret_plan = plan;
}
