#include "runtime/option_table.h"

#include <string.h>

#include "base/array.h"
#include "forward/env_list.h"
#include "forward/forward.h"
#include "runtime/bind_spec.h"

static void add_bind(struct option_target *target, const char *spec, bool read_only)
{
	struct options *options = target->options;
	struct bind_option option;
	const char *reason;

	if (bind_spec_parse(target->arena, spec, &option, &reason) < 0) {
		diag_fault(target->diag, "cannot bind '%s': %s", spec, reason);
		return;
	}
	option.read_only = option.read_only || read_only;
	options->binds = arena_grow(target->arena, options->binds, options->bind_count,
				    sizeof(*options->binds));
	options->binds[options->bind_count++] = option;
}

static void add_variable(struct option_target *target, const char *text)
{
	struct options *options = target->options;
	size_t length = strcspn(text, "=");
	struct variable_option variable = {
		.name = arena_strndup(target->arena, text, length),
		.value = text[length] == '=' ? text + length + 1 : NULL,
	};

	if (!env_name_is_valid(text, length)) {
		diag_fault(target->diag, "cannot set '%s': not a variable name", variable.name);
		return;
	}
	options->variables = arena_grow(target->arena, options->variables, options->variable_count,
					sizeof(*options->variables));
	options->variables[options->variable_count++] = variable;
}

static void add_environment_file(struct option_target *target, const char *path)
{
	struct options *options = target->options;

	options->environment_files =
		arena_grow(target->arena, options->environment_files,
			   options->environment_file_count, sizeof(*options->environment_files));
	options->environment_files[options->environment_file_count++] = path;
}

static void add_switch(struct option_target *target, const struct switch_option *choice)
{
	struct options *options = target->options;

	options->switches = arena_grow(target->arena, options->switches, options->switch_count,
				       sizeof(*options->switches));
	options->switches[options->switch_count++] = *choice;
}

static const struct forward *find_forward(struct option_target *target, const char *name)
{
	const struct forward *forward = forward_find(name);

	if (!forward) {
		diag_fault(target->diag, "cannot forward '%s': no such forward", name);
		diag_hint(target->diag, "claude-sandbox --help lists them");
	}
	return forward;
}

static bool has_mode(const struct forward *forward, const char *mode)
{
	for (const char *const *known = forward->modes; known && *known; known++)
		if (strcmp(*known, mode) == 0)
			return true;
	return false;
}

static void set_network(struct option_target *target, const char *value)
{
	if (strcmp(value, "none") == 0)
		target->options->network = NETWORK_NONE;
	else if (strcmp(value, "host") == 0)
		target->options->network = NETWORK_HOST;
	else
		diag_fault(target->diag, "cannot use network '%s': neither host nor none", value);
}

/* A host name (RFC 1123) that is short enough for sethostname(2). */
static void set_name(struct option_target *target, const char *name)
{
	static const char allowed[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
	size_t length = strlen(name);

	if (length == 0 || length > 63 || strspn(name, allowed) != length || name[0] == '-' ||
	    name[length - 1] == '-')
		diag_fault(target->diag,
			   "cannot use name '%s': not 1 to 63 letters, digits and inner hyphens",
			   name);
	else
		target->options->name = name;
}

static void set_path(struct option_target *target, const char *name, const char *value,
		     const char **ret_path)
{
	if (value[0] == '\0')
		diag_fault(target->diag, "cannot use --%s '': the path is empty", name);
	else
		*ret_path = value;
}

static void add_bind_as_given(struct option_target *target, const char *spec)
{
	add_bind(target, spec, false);
}

static void add_bind_read_only(struct option_target *target, const char *spec)
{
	add_bind(target, spec, true);
}

static void switch_on(struct option_target *target, const char *value)
{
	size_t length = strcspn(value, "=");
	const char *name = arena_strndup(target->arena, value, length);
	const struct forward *forward = find_forward(target, name);
	const char *mode = value[length] == '=' ? value + length + 1 : NULL;

	if (!forward)
		return;
	if (mode && !has_mode(forward, mode)) {
		diag_fault(target->diag, "cannot forward '%s' as '%s': no such mode", name, mode);
		return;
	}
	add_switch(target, &(struct switch_option) { .name = name, .mode = mode, .is_on = true });
}

static void switch_off(struct option_target *target, const char *name)
{
	if (find_forward(target, name))
		add_switch(target, &(struct switch_option) { .name = name });
}

static void set_claude(struct option_target *target, const char *value)
{
	set_path(target, "claude", value, &target->options->claude);
}

static void set_system(struct option_target *target, const char *value)
{
	set_path(target, "system", value, &target->options->system);
}

static void set_host_usr(struct option_target *target, const char *value)
{
	(void)value;
	target->options->system = NULL;
}

static void set_private_network(struct option_target *target, const char *value)
{
	(void)value;
	target->options->network = NETWORK_NONE;
}

static void set_no_private_network(struct option_target *target, const char *value)
{
	(void)value;
	target->options->network = NETWORK_HOST;
}

static void set_user(struct option_target *target, const char *value)
{
	target->options->user = value;
}

#define FLAG(member, value) .flag = offsetof(struct options, member), .flag_value = (value)

/* clang-format off */
/* One line an option reads best. */
const struct option_spec option_specs[] = {
	{ "bind", "SRC[:DST][:ro|rw]", "share a file or directory", .apply = add_bind_as_given, .letter = 'v' },
	{ "bind-ro", "SRC[:DST]", "share it read-only", .apply = add_bind_read_only },
	{ "claude", "PATH", "the Claude Code program", .apply = set_claude },
	{ "debug", NULL, "say on stderr what is done", FLAG(debug, true) },
	{ "dry-run", NULL, "print the plan, change nothing; needs no root", FLAG(dry_run, true) },
	{ "env-file", "FILE", "set the variables that lines of FILE name", .apply = add_environment_file },
	{ "forward", "NAME[=MODE]", "forward this, also with --strict", .apply = switch_on },
	{ "gh-token", NULL, "take GH_TOKEN and GITHUB_TOKEN over", FLAG(gh_token, true) },
	{ "help", NULL, "print this help", FLAG(help, true), .letter = 'h' },
	{ "host-usr", NULL, "build the root around the host's /usr (default)", .apply = set_host_usr },
	{ "json", NULL, "print the plan as JSON (with --dry-run)", FLAG(json, true) },
	{ "name", "NAME", "the sandbox's name, its hostname too", .apply = set_name },
	{ "nested", NULL, "let programs inside make sandboxes of their own", FLAG(nested, true) },
	{ "network", "host|none", "share the host's network (default), or none", .apply = set_network },
	{ "no-forward", "NAME", "do not forward this", .apply = switch_off },
	{ "no-nested", NULL, "not that (default)", FLAG(nested, false) },
	{ "no-private-network", NULL, "same as --network=host", .apply = set_no_private_network },
	{ "no-userns", NULL, "no user namespaces inside", FLAG(no_userns, true) },
	{ "private-network", NULL, "same as --network=none", .apply = set_private_network },
	{ "quiet", NULL, "no warnings", FLAG(quiet, true), .letter = 'q' },
	{ "setenv", "NAME[=VALUE]", "set a variable, or take over the caller's", .apply = add_variable, .letter = 'e' },
	{ "strict", NULL, "only project, ~/.claude and API key; no network", FLAG(strict, true) },
	{ "system", "PATH", "build the root over this directory tree", .apply = set_system },
	{ "user", "NAME", "for whom to run, when started by root itself", .apply = set_user },
	{ "userns", NULL, "user namespaces for browsers' own sandboxes (default)", FLAG(no_userns, false) },
	{ "version", NULL, "print the version", FLAG(version, true) },
};
/* clang-format on */

const size_t option_count = ARRAY_LENGTH(option_specs);

const struct option_spec *option_find(const char *name, size_t length)
{
	for (size_t i = 0; i < option_count; i++)
		if (strlen(option_specs[i].name) == length &&
		    strncmp(option_specs[i].name, name, length) == 0)
			return &option_specs[i];
	return NULL;
}

const struct option_spec *option_find_letter(char letter)
{
	for (size_t i = 0; i < option_count; i++)
		if (option_specs[i].letter == letter)
			return &option_specs[i];
	return NULL;
}
