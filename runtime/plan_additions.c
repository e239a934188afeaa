/* What the command line adds to the plan: files of the host, and variables. */
#include <errno.h>
#include <string.h>

#include "base/array.h"
#include "runtime/env_file.h"
#include "runtime/placement.h"
#include "runtime/plan_builder.h"
#include "runtime/project.h"

/* Why a file of the host cannot be shared, or NULL. */
static const char *bind_refusal(const struct host_file *file)
{
	if (file->error != 0)
		return strerror(file->error);
	if (file->is_denied)
		return strerror(EACCES);
	if (strcmp(file->path, "/") == 0)
		return "it would show the whole host";
	if (project_is_kernel_place(file->path))
		return "it belongs to the kernel";
	switch (file->kind) {
	case HOST_FILE_DIRECTORY:
	case HOST_FILE_REGULAR:
	case HOST_FILE_SOCKET:
		return NULL;
	default:
		return "neither file, directory nor socket";
	}
}

static void plan_bind_option(struct plan_builder *builder, const struct bind_option *option,
			     const struct host_file *file)
{
	static const enum source_kind kinds[] = {
		[HOST_FILE_DIRECTORY] = SOURCE_DIRECTORY,
		[HOST_FILE_REGULAR] = SOURCE_REGULAR,
		[HOST_FILE_SOCKET] = SOURCE_SOCKET,
	};
	const char *target = option->target ? option->target : file->path;
	const char *reason = bind_refusal(file);
	struct source source = { .path = file->path };

	if (reason) {
		diag_fault(builder->diag, "cannot bind '%s': %s", file->asked, reason);
		return;
	}
	if (placement_covers_ours(builder->plan, target)) {
		diag_fault(builder->diag,
			   "cannot bind '%s' on '%s': it would hide a part of the sandbox",
			   file->asked, target);
		return;
	}
	source.kind = kinds[file->kind];
	plan_builder_bind(builder, &source, target, option->read_only);
}

void plan_add_binds(struct plan_builder *builder)
{
	for (size_t i = 0; i < builder->options->bind_count; i++)
		plan_bind_option(builder, &builder->options->binds[i],
				 &builder->host->bind_sources[i]);
}

static void plan_variable(struct plan_builder *builder, const struct variable_option *variable)
{
	const char *value = variable->value;

	if (!value)
		value = environment_get(builder->host->environment, variable->name);
	if (value)
		env_list_set_secret(&builder->plan->env, builder->arena, variable->name, value);
}

static const char *environment_file_refusal(const struct host_text *file)
{
	if (file->error != 0)
		return strerror(file->error);
	if (!file->content)
		return "not a regular file";
	return strlen(file->content) == file->length ? NULL : "it holds a NUL byte";
}

static void plan_environment_file(struct plan_builder *builder, const struct host_text *file)
{
	const char *reason = environment_file_refusal(file);
	struct variable_option *variables = NULL;
	size_t count = 0;

	if (reason) {
		diag_fault(builder->diag, "cannot read '%s': %s", file->path, reason);
		return;
	}
	env_file_parse(builder->arena, file->path, file->content, builder->diag, &variables,
		       &count);
	for (size_t i = 0; i < count; i++)
		plan_variable(builder, &variables[i]);
}

/* By wish: whoever has them can push as the user. */
static void plan_gh_tokens(struct plan_builder *builder)
{
	static const char *const names[] = { "GH_TOKEN", "GITHUB_TOKEN" };
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
		struct variable_option variable = { .name = names[i] };

		plan_variable(builder, &variable);
		count += env_list_get(&builder->plan->env, names[i]) != NULL;
	}
	if (count == 0)
		diag_warning(builder->diag, "neither GH_TOKEN nor GITHUB_TOKEN is set, ignoring "
					    "--gh-token");
}

void plan_add_variables(struct plan_builder *builder)
{
	const struct options *options = builder->options;

	if (options->gh_token)
		plan_gh_tokens(builder);
	for (size_t i = 0; i < options->environment_file_count; i++)
		plan_environment_file(builder, &builder->host->environment_files[i]);
	for (size_t i = 0; i < options->variable_count; i++)
		plan_variable(builder, &options->variables[i]);
	for (size_t i = 0; i < options->variable_count; i++)
		if (!env_list_get(&builder->plan->env, options->variables[i].name))
			diag_warning(builder->diag, "'%s' is not set, ignoring",
				     options->variables[i].name);
}
