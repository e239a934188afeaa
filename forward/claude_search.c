#include "forward/claude_search.h"

#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "base/array.h"
#include "base/path.h"
#include "base/text.h"
#include "forward/env_list.h"

#if defined(__x86_64__)
#define NPM_ARCHITECTURE "x64"
#elif defined(__aarch64__)
#define NPM_ARCHITECTURE "arm64"
#else
#error "only x86-64 and aarch64 are supported"
#endif

static const char *const system_places[] = {
	"/sw/bin/claude",
	"/usr/local/bin/claude",
	"/usr/bin/claude",
};

static const char *const home_places[] = {
	".local/bin/claude",
	".claude/local/claude",
	".claude/local/node_modules/.bin/claude",
	".npm-global/bin/claude",
};

static const char nvm_place[] = ".nvm/versions/node/*/bin/claude";

static const char *const host_places[] = {
	"/usr/local/bin/claude",
	"/usr/bin/claude",
	"/opt/claude-code/bin/claude",
};

struct candidates {
	struct arena *arena;
	struct survey_question *questions;
	size_t count;
};

static void add(struct candidates *candidates, const struct survey_question *question)
{
	struct survey_question *added;

	candidates->questions = arena_grow(candidates->arena, candidates->questions,
					   candidates->count, sizeof(*candidates->questions));
	added = &candidates->questions[candidates->count++];
	*added = *question;
	added->content = CLAUDE_SEARCH_CONTENT;
	added->access = true;
}

static void add_path(struct candidates *candidates, const char *path)
{
	add(candidates, &(struct survey_question) { .path = path });
}

/* Names that mean something to glob(7) in the home's own path would make another pattern of it. */
static void add_nvm(struct candidates *candidates, const char *home)
{
	if (!strpbrk(home, "*?["))
		add(candidates, &(struct survey_question) {
					.path = path_join(candidates->arena, home, nvm_place),
					.is_pattern = true,
				});
}

static void add_search_path(struct candidates *candidates, const char *search_path)
{
	for (const char *entry = search_path; entry && *entry;) {
		size_t length = strcspn(entry, ":");
		char *directory = arena_strndup(candidates->arena, entry, length);

		/* A relative entry would mean another place for everybody who looks. */
		if (directory[0] == '/')
			add_path(candidates,
				 path_normalize(candidates->arena, "/",
						path_join(candidates->arena, directory, "claude")));
		entry += length;
		entry += *entry == ':';
	}
}

void claude_search_list(struct arena *arena, const char *system, char *const *environment,
			const char *home, struct survey_question **ret_questions, size_t *ret_count)
{
	struct candidates candidates = { .arena = arena };

	for (size_t i = 0; system && i < ARRAY_LENGTH(system_places); i++)
		add(&candidates,
		    &(struct survey_question) { .path = system_places[i], .root = system });
	add_search_path(&candidates, environment_get(environment, "PATH"));
	for (size_t i = 0; i < ARRAY_LENGTH(home_places); i++)
		add_path(&candidates, path_join(arena, home, home_places[i]));
	add_nvm(&candidates, home);
	for (size_t i = 0; i < ARRAY_LENGTH(host_places); i++)
		add_path(&candidates, host_places[i]);
	*ret_questions = candidates.questions;
	*ret_count = candidates.count;
}

size_t claude_search_choose(const struct survey_answer *answers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (answers[i].error == 0 && S_ISREG(answers[i].mode) && answers[i].can_access)
			return i;
	return count;
}

void claude_search_natives(struct arena *arena, const struct survey_answer *answer,
			   struct survey_question **ret_questions, size_t *ret_count)
{
	static const char *const libraries[] = { "", "-musl" };
	struct candidates candidates = { .arena = arena };
	const char *package, *scope;

	*ret_count = 0;
	if (!answer->path || !text_ends_with(answer->path, "/claude-code/bin/claude.exe") ||
	    !answer->content || text_starts_with(answer->content, "\177ELF"))
		return;
	package = path_parent(arena, path_parent(arena, answer->path));
	scope = path_parent(arena, package);
	for (size_t i = 0; i < ARRAY_LENGTH(libraries); i++) {
		const char *name = arena_printf(
			arena, "claude-code-linux-" NPM_ARCHITECTURE "%s/claude", libraries[i]);

		add_path(&candidates,
			 arena_printf(arena, "%s/node_modules/@anthropic-ai/%s", package, name));
		add_path(&candidates, path_join(arena, scope, name));
	}
	*ret_questions = candidates.questions;
	*ret_count = candidates.count;
}
