/* The user's configuration of Git, and, where the project is a worktree, the repository that it
 * belongs to. */
#include <string.h>

#include "base/array.h"
#include "base/path.h"
#include "forward/forward.h"

/* What `.git` and the like hold is a path. */
#define POINTER_MAXIMUM 8192

static const char *const names[] = {
	"GIT_AUTHOR_EMAIL",
	"GIT_AUTHOR_NAME",
	"GIT_COMMITTER_EMAIL",
	"GIT_COMMITTER_NAME",
};

static const char *settings_path(const struct host *host, struct arena *arena)
{
	return path_join(arena, host->caller.home, ".gitconfig");
}

static const char *directory_path(const struct host *host, struct arena *arena)
{
	const char *configuration = environment_get(host->environment, "XDG_CONFIG_HOME");

	if (!configuration || !path_is_normal(configuration))
		configuration = path_join(arena, host->caller.home, ".config");
	return path_join(arena, configuration, "git");
}

/* The first line of a file that points somewhere, or NULL. */
static const char *pointer_in(const struct host_file *file, const char *prefix, struct arena *arena)
{
	size_t length = strlen(prefix);
	const char *text = file->content;

	if (file->kind != HOST_FILE_REGULAR || !text || strncmp(text, prefix, length) != 0)
		return NULL;
	text += length;
	return arena_strndup(arena, text, strcspn(text, "\n"));
}

static const char *git_file(const struct host *host, struct arena *arena)
{
	return arena_printf(arena, "%s/.git", host->project.asked);
}

/* gitrepository-layout(5): a worktree has a file in place of `.git`, with the path of its part of
 * the repository, REPOSITORY/worktrees/NAME. There, `commondir` leads to the repository, and
 * `gitdir` back to the file. */
static const char *part_of(const struct host *host, struct arena *arena)
{
	const char *pointer =
		pointer_in(forward_answer(host, git_file(host, arena)), "gitdir: ", arena);

	return pointer && host->project.path ? path_normalize(arena, host->project.path, pointer)
					     : NULL;
}

static void ask(const struct host *host, struct forward_questions *questions)
{
	struct arena *arena = questions->arena;

	forward_ask(questions, settings_path(host, arena), 0);
	forward_ask(questions, directory_path(host, arena), 0);
	forward_ask(questions, git_file(host, arena), POINTER_MAXIMUM);
}

/* Of REPOSITORY/worktrees/NAME, or NULL. */
static const char *repository_of(const char *part, struct arena *arena)
{
	static const char below[] = "/worktrees";
	size_t length = (size_t)(path_name(part) - part);

	/* Without the slash before NAME. */
	length = length > 0 ? length - 1 : 0;
	if (length <= strlen(below) ||
	    strncmp(part + length - strlen(below), below, strlen(below)) != 0)
		return NULL;
	return arena_strndup(arena, part, length - strlen(below));
}

static void ask_further(const struct host *host, struct forward_questions *questions)
{
	struct arena *arena = questions->arena;
	const char *part = part_of(host, arena);
	const char *repository = part ? repository_of(part, arena) : NULL;

	if (!repository)
		return;
	forward_ask(questions, part, 0);
	forward_ask(questions, repository, 0);
	forward_ask(questions, path_join(arena, repository, "HEAD"), 0);
	forward_ask(questions, path_join(arena, repository, "objects"), 0);
	forward_ask(questions, path_join(arena, part, "commondir"), POINTER_MAXIMUM);
	forward_ask(questions, path_join(arena, part, "gitdir"), POINTER_MAXIMUM);
}

/* Whether a file of the repository's part leads to `path`. */
static bool leads_to(const struct host *host, struct arena *arena, const char *part,
		     const char *name, const char *path)
{
	const struct host_file *file = forward_answer(host, path_join(arena, part, name));
	const char *pointer = pointer_in(file, "", arena);

	return pointer && file->owner == host->caller.uid &&
	       strcmp(path_normalize(arena, part, pointer), path) == 0;
}

/* By its own name, without a link on the way, and the caller's own: others may write to /tmp. */
static bool is_own(const struct host *host, const char *path, enum host_file_kind kind)
{
	const struct host_file *file = forward_answer(host, path);

	return file->kind == kind && file->owner == host->caller.uid &&
	       strcmp(file->path, path) == 0;
}

/* What is never shared for a pointer's sake: the home, whatever stands in it, and where a payload
 * could have made a repository of what it can write to. */
static bool is_refused(const struct host *host, struct arena *arena, const char *repository)
{
	const char *home = host->caller.home, *real = host->home.path ? host->home.path : home;

	return path_is_at_or_below(home, repository) || path_is_at_or_below(real, repository) ||
	       path_is_at_or_below(repository, path_join(arena, home, ".claude")) ||
	       path_is_at_or_below(repository, path_join(arena, real, ".claude"));
}

/* The file `.git` is the project's word. Only a repository that has this project for a worktree, by
 * what it says itself, is one to share; it must be one, since a directory `worktrees` alone may
 * have been another project; all of it must be the caller's, as Git itself wants it; and no link
 * may lead there, which could be turned meanwhile. */
static const char *find_repository(const struct host *host, struct arena *arena, const char *part)
{
	const char *repository = repository_of(part, arena);

	if (!repository || is_refused(host, arena, repository) ||
	    !is_own(host, part, HOST_FILE_DIRECTORY) ||
	    !is_own(host, repository, HOST_FILE_DIRECTORY) ||
	    !is_own(host, path_join(arena, repository, "HEAD"), HOST_FILE_REGULAR) ||
	    !is_own(host, path_join(arena, repository, "objects"), HOST_FILE_DIRECTORY) ||
	    !leads_to(host, arena, part, "commondir", repository) ||
	    !leads_to(host, arena, part, "gitdir", path_join(arena, host->project.path, ".git")))
		return NULL;
	return repository;
}

static bool plan_repository(const struct host *host, const struct forward_sink *sink)
{
	const char *part = part_of(host, sink->arena);
	struct source source = { .kind = SOURCE_DIRECTORY };

	if (!part || path_is_at_or_below(part, host->project.path))
		return false;
	source.path = find_repository(host, sink->arena, part);
	if (!source.path) {
		diag_warning(sink->diag,
			     "the project's repository is not shared: '%s' is no "
			     "part of one for it, continuing",
			     part);
		diag_hint(sink->diag, "share it with -v REPOSITORY if it is yours");
		return false;
	}
	forward_bind(sink, &source, source.path, false);
	return true;
}

static const char *plan(const struct host *host, const struct forward_sink *sink)
{
	const char *home = host->caller.home;
	const char *no_settings =
		forward_share(host, sink, settings_path(host, sink->arena), SOURCE_REGULAR,
			      path_join(sink->arena, home, ".gitconfig"), true);
	const char *no_directory =
		forward_share(host, sink, directory_path(host, sink->arena), SOURCE_DIRECTORY,
			      path_join(sink->arena, home, ".config/git"), true);
	size_t variables = forward_variables(host, sink, names, ARRAY_LENGTH(names));
	bool has_repository = plan_repository(host, sink);

	if (!no_settings || !no_directory || variables > 0 || has_repository)
		return NULL;
	return no_settings;
}

const struct forward forward_git = {
	.name = "git",
	.summary = "Git's configuration, read-only; the repository of a worktree",
	.ask = ask,
	.ask_further = ask_further,
	.plan = plan,
};
