/* Claude Code's own state: ~/.claude shared read-write, ~/.claude.json as a copy. The file is
 * replaced by rename(2) at every save, which a mount point forbids. */
#include <errno.h>
#include <string.h>

#include "base/path.h"
#include "forward/forward.h"

static bool is_missing(const struct host_file *file)
{
	return file->error == ENOENT && !file->is_dangling;
}

static const char *error_text(const struct host_file *file)
{
	return file->is_dangling ? "it is a link to nothing" : strerror(file->error);
}

static void plan_settings(const struct host *host, const struct forward_sink *sink)
{
	const struct host_file *settings = &host->claude_settings;
	struct source source = {
		.path = settings->path,
		.kind = SOURCE_REGULAR,
		.is_copied = true,
	};
	struct seed seed = {
		.target = path_join(sink->arena, host->caller.home, ".claude.json"),
		.mode = 0600,
		.uid = host->caller.uid,
		.gid = host->caller.gid,
		.source = settings->path,
		.source_size = settings->size,
	};

	/* Without one, and with copies of earlier ones in ~/.claude/backups, Claude Code takes the
	 * file for lost, and says so. */
	if (is_missing(settings)) {
		seed.content = "{}\n";
		seed.content_length = strlen(seed.content);
		seed_list_append(sink->seeds, sink->arena, &seed);
		return;
	}
	if (settings->error != 0) {
		diag_fault(sink->diag, "cannot copy '%s': %s", settings->asked,
			   error_text(settings));
		return;
	}
	if (settings->kind != HOST_FILE_REGULAR) {
		diag_fault(sink->diag, "cannot copy '%s': not a regular file", settings->asked);
		return;
	}
	if (settings->size > SOURCE_COPY_MAXIMUM) {
		diag_fault(sink->diag, "cannot copy '%s': %s", settings->asked, strerror(EFBIG));
		return;
	}
	seed.source_index = source_list_add(sink->sources, sink->arena, &source);
	seed_list_append(sink->seeds, sink->arena, &seed);
}

/* Files about running processes. Claude Code removes those whose process it does not see, and it
 * sees only its own sandbox: sessions of the host and of other sandboxes would be forgotten, and
 * editors not be found any more. */
static const char *const sessions_name = "sessions", *const editors_name = "ide";

static const char *path_of(const struct host *host, struct arena *arena, const char *name)
{
	return path_join(arena, path_join(arena, host->caller.home, ".claude"), name);
}

static void ask(const struct host *host, struct forward_questions *questions)
{
	forward_ask(questions, path_of(host, questions->arena, sessions_name), 0);
	forward_ask(questions, path_of(host, questions->arena, editors_name), 0);
}

/* A link that somebody has put there is not followed. */
static void cover_part(const struct host *host, const struct forward_sink *sink,
		       const char *directory, const char *name, enum mount_kind kind)
{
	const char *target = path_of(host, sink->arena, name);
	const struct host_file *part = forward_answer(host, target);
	struct source source = {
		.path = path_join(sink->arena, directory, name),
		.kind = SOURCE_DIRECTORY,
		.make_directory = is_missing(part),
		.is_optional = true,
	};

	if (!is_missing(part) && (part->kind != HOST_FILE_DIRECTORY || part->is_link)) {
		diag_warning(sink->diag, "cannot keep '%s' apart: it is no directory, continuing",
			     target);
		return;
	}
	/* Nothing there to be guarded. */
	if (is_missing(part) && kind == MOUNT_GUARD)
		return;
	forward_cover(host, sink, kind, &source, target);
}

static const char *plan_claude(const struct host *host, const struct forward_sink *sink)
{
	const struct host_file *directory = &host->claude_directory;
	struct source source = { .path = directory->path, .kind = SOURCE_DIRECTORY };

	if (host->home.kind != HOST_FILE_DIRECTORY)
		return "the home directory does not exist";
	if (host->home.is_denied) {
		diag_fault(sink->diag, "cannot look into the home directory '%s': %s",
			   host->home.asked, strerror(EACCES));
		return "the home directory cannot be entered";
	}
	plan_settings(host, sink);
	if (directory->error != 0 && !is_missing(directory)) {
		diag_fault(sink->diag, "cannot share '%s': %s", directory->asked,
			   error_text(directory));
		return "cannot be looked at";
	}
	if (is_missing(directory)) {
		source.path = path_join(sink->arena, host->home.path, ".claude");
		source.make_directory = true;
	} else if (directory->kind != HOST_FILE_DIRECTORY) {
		diag_fault(sink->diag, "cannot share '%s': not a directory", directory->asked);
		return "not a directory";
	}
	if (directory->is_denied) {
		diag_fault(sink->diag, "cannot share '%s': %s", directory->asked, strerror(EACCES));
		return "cannot be entered";
	}
	forward_bind(sink, &source, path_join(sink->arena, host->caller.home, ".claude"), false);
	cover_part(host, sink, source.path, sessions_name, MOUNT_OWN);
	cover_part(host, sink, source.path, editors_name, MOUNT_GUARD);
	return NULL;
}

const struct forward forward_claude = {
	.name = "claude",
	.summary = "~/.claude read-write, ~/.claude.json as a copy",
	.in_strict = true,
	.ask = ask,
	.plan = plan_claude,
};
