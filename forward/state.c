/* What lasts from one sandbox of a project to the next: what is installed in ~/.local, the profile
 * of the browser, and answers to questions that Claude Code asks once. It lies in the caller's
 * ~/.local/state/claude-sandbox, in a directory for each project. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/array.h"
#include "base/path.h"
#include "forward/claude_answers.h"
#include "forward/forward.h"

/* Below the home; each may be the caller's link to another place, as long as all is theirs. */
static const char *const levels[] = {
	"/.local",
	"/.local/state",
	"/.local/state/claude-sandbox",
	"/.local/state/claude-sandbox/projects",
};

/* The name outside, in the project's directory, and the one inside, below the home. */
static const struct {
	const char *name, *target;
} parts[] = {
	{ "bin", "/.local/bin" },
	{ "chromium", "/.local/state/claude-sandbox/chromium" },
	{ "lib", "/.local/lib" },
	{ "share", "/.local/share" },
};

#define TAG "CACHEDIR.TAG"
#define ANSWERS "claude.json"

/* https://bford.info/cachedir/: the first line is the standard's. Backups leave such places out. */
static const char tag_content[] = "Signature: 8a477f597d28d172789f06886806bc55\n"
				  "# What sandboxes of claude-sandbox keep for the next ones.\n";

#define NAME_MAXIMUM 64

static const char *path_in_home(const struct host *host, struct arena *arena, const char *name)
{
	const char *home = host->caller.home;

	return arena_printf(arena, "%s%s", strcmp(home, "/") == 0 ? "" : home, name);
}

static const char *path_in_state(const struct host *host, struct arena *arena, const char *name)
{
	return path_join(arena, path_in_home(host, arena, levels[2]), name);
}

static void ask(const struct host *host, struct forward_questions *questions)
{
	for (size_t i = 0; i < ARRAY_LENGTH(levels); i++)
		forward_ask(questions, path_in_home(host, questions->arena, levels[i]), 0);
	forward_ask(questions, path_in_state(host, questions->arena, TAG), 0);
	forward_ask(questions, path_in_state(host, questions->arena, ANSWERS), 0);
}

static bool is_missing(const struct host_file *file)
{
	return file->error == ENOENT && !file->is_dangling;
}

/* Why the caller's state cannot lie there, or NULL. */
static const char *refusal(const struct host *host, struct arena *arena,
			   const struct host_file *level)
{
	if (level->is_dangling)
		return arena_printf(arena, "'%s' is a link to nothing", level->asked);
	if (level->error != 0)
		return arena_printf(arena, "'%s': %s", level->asked, strerror(level->error));
	if (level->kind != HOST_FILE_DIRECTORY)
		return arena_printf(arena, "'%s' is no directory", level->asked);
	if (level->owner != host->caller.uid)
		return arena_printf(arena, "'%s' is somebody else's", level->asked);
	if (level->is_denied)
		return arena_printf(arena, "'%s': %s", level->asked, strerror(EACCES));
	return NULL;
}

/* Finds the host's real path of each level, whether it is there or is to be made. Returns NULL, or
 * why there is none. */
static const char *find_levels(const struct host *host, struct arena *arena,
			       const char *paths[static ARRAY_LENGTH(levels)])
{
	const char *above = host->home.path;

	if (host->home.kind != HOST_FILE_DIRECTORY)
		return "the home directory does not exist";
	for (size_t i = 0; i < ARRAY_LENGTH(levels); i++) {
		const struct host_file *level =
			forward_answer(host, path_in_home(host, arena, levels[i]));
		const char *reason = is_missing(level) ? NULL : refusal(host, arena, level);

		if (reason)
			return reason;
		paths[i] = is_missing(level) ? path_join(arena, above, path_name(levels[i]))
					     : level->path;
		above = paths[i];
	}
	return NULL;
}

/* FNV-1a: two projects of one name shall not meet by chance. When they do, the file with the path
 * tells. */
static uint64_t hash_of(const char *text)
{
	uint64_t hash = 0xcbf29ce484222325;

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3;
	return hash;
}

static const char *directory_name(struct arena *arena, const char *project)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "._-";
	const char *last = path_name(project);
	char *name = arena_strndup(arena, last, strnlen(last, NAME_MAXIMUM));

	for (char *c = name; *c; c++)
		if (!strchr(plain, *c))
			*c = '_';
	return arena_printf(arena, "%s-%016" PRIx64, name, hash_of(project));
}

static void make_file(const struct forward_sink *sink, const char *directory, const char *name,
		      const char *content)
{
	struct source source = {
		.path = path_join(sink->arena, directory, name),
		.kind = SOURCE_REGULAR,
		.made_content = content,
		.is_only_made = true,
		.is_optional = true,
	};

	(void)source_list_add(sink->sources, sink->arena, &source);
}

static void share_part(const struct host *host, const struct forward_sink *sink,
		       const char *directory, size_t i)
{
	struct source source = {
		.path = path_join(sink->arena, directory, parts[i].name),
		.kind = SOURCE_DIRECTORY,
		.make_directory = true,
		.is_optional = true,
	};

	forward_bind(sink, &source, path_in_home(host, sink->arena, parts[i].target), false);
}

/* Without settings on the host, the answers alone are the settings. */
static char *edit_nothing(struct arena *arena, const char *kept, size_t kept_length,
			  const char *second, size_t second_length, const char *project)
{
	static const char empty[] = "{}\n";

	(void)second;
	(void)second_length;
	return claude_answers_apply(arena, empty, strlen(empty), kept, kept_length, project)
		       ?: arena_strdup(arena, empty);
}

/* Those of earlier sandboxes, for the copy of ~/.claude.json that another forward has planned. */
static void apply_answers(const struct forward_sink *sink, struct seed *settings,
			  const char *answers, const char *project)
{
	struct source source = {
		.path = answers,
		.kind = SOURCE_REGULAR,
		.is_copied = true,
		.edit = edit_nothing,
		.edit_argument = project,
	};
	struct source *copied;

	if (settings->content) {
		settings->content = NULL;
		settings->source = answers;
		settings->source_index = source_list_add(sink->sources, sink->arena, &source);
		return;
	}
	copied = &sink->sources->items[settings->source_index];
	copied->edit = claude_answers_apply;
	copied->edit_second = answers;
	copied->edit_argument = project;
}

static void plan_answers(const struct host *host, const struct forward_sink *sink,
			 const char *directory)
{
	const char *target = path_in_home(host, sink->arena, "/.claude.json");
	const struct host_file *answers =
		forward_answer(host, path_in_state(host, sink->arena, ANSWERS));
	struct seed *settings = seed_list_find(sink->seeds, target);

	if (!settings || !host->project.path)
		return;
	if (answers->kind == HOST_FILE_REGULAR && !answers->is_link &&
	    answers->size <= CLAUDE_ANSWERS_MAXIMUM)
		apply_answers(sink, settings, answers->path, host->project.path);
	*sink->answers = (struct forward_answers) {
		.path = path_join(sink->arena, directory, ANSWERS),
		.settings = target,
		.project = host->project.path,
	};
}

static const char *plan(const struct host *host, const struct forward_sink *sink)
{
	struct arena *arena = sink->arena;
	const char *paths[ARRAY_LENGTH(levels)], *project = host->project.path, *directory;
	const char *reason = find_levels(host, arena, paths);

	if (reason || !project)
		return reason ?: "there is no project";
	directory = path_join(arena, paths[3], directory_name(arena, project));
	for (size_t i = 0; i < ARRAY_LENGTH(parts); i++)
		share_part(host, sink, directory, i);
	if (is_missing(forward_answer(host, path_in_state(host, arena, TAG))))
		make_file(sink, paths[2], TAG, tag_content);
	make_file(sink, directory, "path", arena_printf(arena, "%s\n", project));
	plan_answers(host, sink, paths[2]);
	env_list_set(sink->env, arena, "CLAUDE_SANDBOX_STATE",
		     path_in_home(host, arena, levels[2]));
	/* Where `npm install -g` may write, and is found again. */
	env_list_set(sink->env, arena, "NPM_CONFIG_PREFIX", path_in_home(host, arena, "/.local"));
	return NULL;
}

const struct forward forward_state = {
	.name = "state",
	.summary =
		"what lasts: ~/.local/bin, lib and share, the browser's profile, answers to Claude",
	.ask = ask,
	.plan = plan,
};
