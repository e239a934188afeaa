/* What programs ask to find out which terminal they draw on, and its description where the system
 * inside does not have it. */
#include <string.h>

#include "base/array.h"
#include "base/path.h"
#include "forward/forward.h"

static const char *const names[] = {
	"COLORFGBG",   "COLORTERM",    "FORCE_COLOR",  "KITTY_WINDOW_ID",
	"NO_COLOR",    "TERM",	       "TERM_PROGRAM", "TERM_PROGRAM_VERSION",
	"VTE_VERSION", "WEZTERM_PANE", "WT_SESSION",
};

/* Where terminfo(5) is, below which the description of NAME is N/NAME. */
static const char *const system_directories[] = {
	"/usr/share/terminfo",
	"/usr/lib/terminfo",
	"/lib/terminfo",
};

/* The end of the path of the description of TERM; NULL where it cannot have one. */
static const char *entry_name(const struct host *host, struct arena *arena)
{
	const char *name = environment_get(host->environment, "TERM");

	if (!name || name[0] == '.' || strchr(name, '/'))
		return NULL;
	return arena_printf(arena, "%c/%s", name[0], name);
}

/* The user's own, before those of the system: as ncurses looks. */
#define OWN_COUNT 3
static size_t own_directories(const struct host *host, struct arena *arena,
			      const char *directories[static OWN_COUNT])
{
	const char *first = environment_get(host->environment, "TERMINFO");
	size_t count = 0;

	if (first && path_is_normal(first))
		directories[count++] = first;
	directories[count++] = path_join(arena, host->caller.home, ".terminfo");
	directories[count++] = "/etc/terminfo";
	return count;
}

static void ask(const struct host *host, struct forward_questions *questions)
{
	const char *name = entry_name(host, questions->arena), *own[OWN_COUNT];
	size_t count = own_directories(host, questions->arena, own);

	for (size_t i = 0; name && i < count; i++)
		forward_ask(questions, path_join(questions->arena, own[i], name), 0);
	for (size_t i = 0; name && i < ARRAY_LENGTH(system_directories); i++)
		forward_ask(questions, path_join(questions->arena, system_directories[i], name), 0);
}

static const char *find_entry(const struct host *host, struct arena *arena,
			      const char *const *directories, size_t count)
{
	const char *name = entry_name(host, arena);

	for (size_t i = 0; name && i < count; i++) {
		const char *path = path_join(arena, directories[i], name);

		if (forward_answer(host, path)->kind == HOST_FILE_REGULAR)
			return path;
	}
	return NULL;
}

/* The host's own /usr is inside, but not any other tree. */
static void plan_entry(const struct host *host, const struct forward_sink *sink)
{
	struct arena *arena = sink->arena;
	const char *own[OWN_COUNT];
	size_t count = own_directories(host, arena, own);
	const char *path = find_entry(host, arena, own, count);

	if (!path && host->rootfs.system)
		path = find_entry(host, arena, system_directories,
				  ARRAY_LENGTH(system_directories));
	if (path)
		(void)forward_share(host, sink, path, SOURCE_REGULAR,
				    path_join(arena,
					      path_join(arena, host->caller.home, ".terminfo"),
					      entry_name(host, arena)),
				    true);
}

static const char *plan(const struct host *host, const struct forward_sink *sink)
{
	if (forward_variables(host, sink, names, ARRAY_LENGTH(names)) == 0)
		return "TERM is not set";
	plan_entry(host, sink);
	return NULL;
}

const struct forward forward_terminal = {
	.name = "terminal",
	.summary = "the kind of terminal: TERM, COLORTERM, its terminfo",
	.in_strict = true,
	.ask = ask,
	.plan = plan,
};
