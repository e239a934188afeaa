#include "forward/host_survey.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/array.h"
#include "base/path.h"
#include "forward/claude_search.h"
#include "forward/forward.h"
#include "forward/host_answer.h"
#include "forward/rootfs_entry.h"
#include "forward/survey.h"
#include "forward/user.h"

/* All questions are asked in one go; each part of the probe remembers where its own begin. */
struct probe {
	struct arena *arena;
	const struct host_query *query;
	struct host *host;
	struct survey_question *questions;
	size_t count;
	struct survey_answer *answers;
	size_t rootfs_first, shell_first, claude_first, claude_count, bind_first, environment_first,
		forward_first;
};

/* The fixed questions, in this order. */
enum {
	ASK_PROJECT,
	ASK_HOME,
	ASK_CLAUDE_DIRECTORY,
	ASK_CLAUDE_SETTINGS,
	ASK_RESOLV_CONF,
	ASK_HOSTS,
	ASK_OS_RELEASE,
	ASK_SYSTEM,
};

static void ask_question(struct probe *probe, const struct survey_question *question)
{
	probe->questions =
		arena_grow(probe->arena, probe->questions, probe->count, sizeof(*probe->questions));
	probe->questions[probe->count++] = *question;
}

static void ask(struct probe *probe, const char *path, size_t content)
{
	ask_question(probe, &(struct survey_question) { .path = path, .content = content });
}

static void ask_access(struct probe *probe, const char *path)
{
	ask_question(probe, &(struct survey_question) { .path = path, .access = true });
}

static void ask_system(struct probe *probe, const char *path, size_t content)
{
	ask_question(probe, &(struct survey_question) {
				    .path = path,
				    .content = content,
				    .whole = true,
				    .is_system = true,
			    });
}

/* A slash at the end, as a shell completes it, hides that the path is a link. */
static const char *without_slashes(struct arena *arena, const char *path)
{
	size_t length = strlen(path);

	while (length > 1 && path[length - 1] == '/')
		length--;
	return path[length] == '/' ? arena_strndup(arena, path, length) : path;
}

static void ask_fixed(struct probe *probe)
{
	const char *home = probe->host->caller.home, *system = probe->query->system;

	probe->host->project.asked = without_slashes(probe->arena, probe->query->project);
	ask_access(probe, probe->host->project.asked);
	ask_access(probe, home);
	ask_access(probe, path_join(probe->arena, home, ".claude"));
	ask(probe, path_join(probe->arena, home, ".claude.json"), 0);
	ask_system(probe, "/etc/resolv.conf", HOST_TEXT_MAXIMUM);
	ask_system(probe, "/etc/hosts", HOST_TEXT_MAXIMUM);
	ask_system(probe, "/etc/os-release", HOST_TEXT_MAXIMUM);
	ask(probe, system ? system : "/usr", 0);
}

static void ask_rootfs(struct probe *probe)
{
	const char *system = probe->query->system;

	probe->rootfs_first = probe->count;
	for (const char *const *path = rootfs_system_link_paths; system && *path; path++)
		ask_question(probe, &(struct survey_question) { .path = *path, .root = system });
	for (const char *const *path = rootfs_top_level_paths; !system && *path; path++)
		ask_system(probe, *path, 0);
	for (const char *const *path = rootfs_etc_paths; !system && *path; path++)
		ask_system(probe, *path, ROOTFS_TEXT_MAXIMUM);
}

/* Shells that are there to refuse a login. */
static bool is_login_shell(const char *shell)
{
	return path_is_normal(shell) && strcmp(path_name(shell), "nologin") != 0 &&
	       strcmp(path_name(shell), "false") != 0;
}

static void ask_shells(struct probe *probe)
{
	const char *const shells[] = { probe->host->caller.shell, "/bin/bash", "/bin/sh" };

	probe->shell_first = probe->count;
	for (size_t i = 0; i < ARRAY_LENGTH(shells); i++)
		if (is_login_shell(shells[i]))
			ask_question(probe, &(struct survey_question) {
						    .path = shells[i],
						    .root = probe->query->system,
						    .access = true,
					    });
}

static void ask_claude(struct probe *probe)
{
	struct survey_question *candidates = NULL;

	probe->claude_first = probe->count;
	if (probe->query->claude)
		ask_question(probe, &(struct survey_question) { .path = probe->query->claude,
								.content = CLAUDE_SEARCH_CONTENT,
								.access = true });
	else
		claude_search_list(probe->arena, probe->query->system, probe->host->environment,
				   probe->host->caller.home, &candidates, &probe->claude_count);
	for (size_t i = 0; candidates && i < probe->claude_count; i++)
		ask_question(probe, &candidates[i]);
	probe->claude_count = probe->count - probe->claude_first;
}

static void ask_command_line(struct probe *probe)
{
	probe->bind_first = probe->count;
	for (size_t i = 0; i < probe->query->bind_source_count; i++)
		ask_access(probe, probe->query->bind_sources[i]);
	probe->environment_first = probe->count;
	for (size_t i = 0; i < probe->query->environment_file_count; i++)
		ask(probe, probe->query->environment_files[i], HOST_TEXT_MAXIMUM);
}

static bool may_ask(const struct probe *probe, size_t i)
{
	return !probe->query->is_forwarded || probe->query->is_forwarded[i];
}

static void ask_forwards(struct probe *probe)
{
	struct forward_questions questions = { .arena = probe->arena };

	probe->forward_first = probe->count;
	for (size_t i = 0; i < forward_count; i++)
		if (forwards[i]->ask && may_ask(probe, i))
			forwards[i]->ask(probe->host, &questions);
	for (size_t i = 0; i < questions.count; i++)
		ask_question(probe, &questions.items[i]);
}

static struct host_file take_file(const struct probe *probe, size_t i)
{
	return host_file_from(&probe->questions[i], &probe->answers[i]);
}

static struct host_text take_text(const struct probe *probe, size_t i)
{
	return host_text_from(&probe->questions[i], &probe->answers[i]);
}

static void take_fixed(struct probe *probe)
{
	struct host *host = probe->host;

	host->project = take_file(probe, ASK_PROJECT);
	host->home = take_file(probe, ASK_HOME);
	host->claude_directory = take_file(probe, ASK_CLAUDE_DIRECTORY);
	host->claude_settings = take_file(probe, ASK_CLAUDE_SETTINGS);
	host->resolv_conf = take_text(probe, ASK_RESOLV_CONF);
	host->hosts = take_text(probe, ASK_HOSTS);
	host->os_release = take_text(probe, ASK_OS_RELEASE);
	if (probe->query->system) {
		host->system = take_file(probe, ASK_SYSTEM);
		host->rootfs.system = host->system.path;
	}
}

static void take_rootfs(struct probe *probe)
{
	struct rootfs_facts *facts = &probe->host->rootfs;
	size_t count = probe->shell_first - probe->rootfs_first;

	facts->entries = arena_alloc(probe->arena, count * sizeof(*facts->entries));
	for (size_t i = probe->rootfs_first; i < probe->shell_first; i++) {
		const char *path = probe->questions[i].path;
		const struct survey_answer *answer = &probe->answers[i];
		struct rootfs_entry entry = probe->query->system
						    ? rootfs_entry_of_tree(path, answer)
						    : rootfs_entry_of_host(path, answer);

		if (entry.kind != ROOTFS_MISSING)
			facts->entries[facts->entry_count++] = entry;
	}
}

/* Inside there is the given system, or of the host /usr with the links to it. */
static void take_shell(struct probe *probe)
{
	for (size_t i = probe->shell_first; i < probe->claude_first; i++) {
		const struct survey_answer *answer = &probe->answers[i];

		if (answer->error != 0 || !S_ISREG(answer->mode) || !answer->can_access)
			continue;
		if (probe->query->system || path_is_below(answer->path, "/usr") ||
		    path_is_below(answer->path, "/bin")) {
			probe->host->shell = probe->questions[i].path;
			return;
		}
	}
}

/* A second look, for an npm package whose program is a placeholder. */
static struct host_file find_native(struct probe *probe, size_t placeholder)
{
	struct survey_question *questions = NULL;
	struct survey_answer *answers;
	size_t count, chosen;

	claude_search_natives(probe->arena, &probe->answers[placeholder], &questions, &count);
	if (count == 0)
		return take_file(probe, placeholder);
	if (survey_run(probe->arena, &probe->host->caller, questions, count, &answers) == 0) {
		chosen = claude_search_choose(answers, count);
		if (chosen < count)
			return host_file_from(&questions[chosen], &answers[chosen]);
	}
	return (struct host_file) { .asked = probe->questions[placeholder].path, .error = ENOENT };
}

static void take_claude(struct probe *probe)
{
	size_t chosen = probe->claude_first;

	if (!probe->query->claude)
		chosen += claude_search_choose(probe->answers + probe->claude_first,
					       probe->claude_count);
	if (chosen < probe->bind_first)
		probe->host->claude = find_native(probe, chosen);
	else
		probe->host->claude = (struct host_file) { .asked = "claude", .error = ENOENT };
}

static void take_command_line(struct probe *probe)
{
	const struct host_query *query = probe->query;
	struct host *host = probe->host;

	host->bind_sources =
		arena_alloc(probe->arena, query->bind_source_count * sizeof(*host->bind_sources));
	for (size_t i = 0; i < query->bind_source_count; i++)
		host->bind_sources[i] = take_file(probe, probe->bind_first + i);
	host->environment_files = arena_alloc(
		probe->arena, query->environment_file_count * sizeof(*host->environment_files));
	for (size_t i = 0; i < query->environment_file_count; i++)
		host->environment_files[i] = take_text(probe, probe->environment_first + i);
}

static void add_file(struct probe *probe, const struct survey_question *question,
		     const struct survey_answer *answer)
{
	struct host *host = probe->host;

	host->files = arena_grow(probe->arena, host->files, host->file_count, sizeof(*host->files));
	host->files[host->file_count++] = host_file_from(question, answer);
}

/* A second look, where the first leads to one. */
static int take_further(struct probe *probe)
{
	struct forward_questions questions = { .arena = probe->arena };
	struct survey_answer *answers;
	int r;

	for (size_t i = 0; i < forward_count; i++)
		if (forwards[i]->ask_further && may_ask(probe, i))
			forwards[i]->ask_further(probe->host, &questions);
	if (questions.count == 0)
		return 0;
	r = survey_run(probe->arena, &probe->host->caller, questions.items, questions.count,
		       &answers);
	for (size_t i = 0; r == 0 && i < questions.count; i++)
		add_file(probe, &questions.items[i], &answers[i]);
	return r;
}

static int take_forwards(struct probe *probe)
{
	for (size_t i = probe->forward_first; i < probe->count; i++)
		add_file(probe, &probe->questions[i], &probe->answers[i]);
	return take_further(probe);
}

/* Of a path that the command line names. */
static bool is_denied(const struct probe *probe)
{
	for (size_t i = probe->bind_first; i < probe->forward_first; i++)
		if (probe->answers[i].error == EACCES || probe->answers[i].is_denied)
			return true;
	return probe->answers[ASK_PROJECT].error == EACCES ||
	       probe->answers[ASK_PROJECT].is_denied ||
	       (probe->query->system && probe->answers[ASK_SYSTEM].error == EACCES);
}

static int ask_all(struct probe *probe)
{
	struct caller *caller = &probe->host->caller;
	int r = survey_run(probe->arena, caller, probe->questions, probe->count, &probe->answers);

	/* A group that only the name service knows may open it. */
	if (r == 0 && probe->host->is_root && is_denied(probe) &&
	    user_complete_groups(probe->arena, caller))
		r = survey_run(probe->arena, caller, probe->questions, probe->count,
			       &probe->answers);
	return r;
}

int host_survey(struct arena *arena, const struct host_query *query, struct host *host)
{
	struct probe probe = { .arena = arena, .query = query, .host = host };
	int r;

	ask_fixed(&probe);
	ask_rootfs(&probe);
	ask_shells(&probe);
	ask_claude(&probe);
	ask_command_line(&probe);
	ask_forwards(&probe);
	r = ask_all(&probe);
	if (r < 0)
		return r;
	take_fixed(&probe);
	take_rootfs(&probe);
	take_shell(&probe);
	take_claude(&probe);
	take_command_line(&probe);
	return take_forwards(&probe);
}
