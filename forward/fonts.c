/* Fonts: the user's own. Those of the host's /usr are inside anyhow, with their configuration in
 * /etc. */
#include "base/array.h"
#include "base/path.h"
#include "forward/forward.h"

#define SYSTEM "/usr/share/fonts"
#define CACHE "/var/cache/fontconfig"

/* A directory in which the user keeps such things: by variable, or the usual one in the home. */
static const char *directory_of(const struct host *host, struct arena *arena, const char *variable,
				const char *usual, const char *name)
{
	const char *directory = environment_get(host->environment, variable);

	if (!directory || !path_is_normal(directory))
		directory = path_join(arena, host->caller.home, usual);
	return path_join(arena, directory, name);
}

/* Where they are outside and inside. Both go below ~/.fonts, which fontconfig searches: what is
 * around the second may be shared itself. */
struct place {
	const char *path;
	const char *target;
};
#define PLACE_COUNT 3

static void find_places(const struct host *host, struct arena *arena,
			struct place places[static PLACE_COUNT])
{
	const char *home = host->caller.home;

	places[0] = (struct place) {
		path_join(arena, home, ".fonts"),
		path_join(arena, home, ".fonts/home"),
	};
	places[1] = (struct place) {
		directory_of(host, arena, "XDG_DATA_HOME", ".local/share", "fonts"),
		path_join(arena, home, ".fonts/data"),
	};
	places[2] = (struct place) {
		directory_of(host, arena, "XDG_CONFIG_HOME", ".config", "fontconfig"),
		path_join(arena, home, ".config/fontconfig"),
	};
}

static void ask(const struct host *host, struct forward_questions *questions)
{
	struct place places[PLACE_COUNT];

	find_places(host, questions->arena, places);
	for (size_t i = 0; i < PLACE_COUNT; i++)
		forward_ask(questions, places[i].path, 0);
	forward_ask(questions, CACHE, 0);
	forward_ask(questions, SYSTEM, 0);
}

static const char *plan(const struct host *host, const struct forward_sink *sink)
{
	struct place places[PLACE_COUNT];
	size_t count = 0;

	find_places(host, sink->arena, places);
	for (size_t i = 0; i < PLACE_COUNT; i++)
		count += !forward_share_path(host, sink, places[i].path, SOURCE_DIRECTORY,
					     &places[i].target);
	/* What is known of the fonts in /usr: finding it out anew takes seconds. */
	count += !forward_share(host, sink, host->rootfs.system ? SYSTEM : CACHE, SOURCE_DIRECTORY,
				host->rootfs.system ? SYSTEM : CACHE, true);
	return count > 0 ? NULL : "there are no fonts but the system's";
}

const struct forward forward_fonts = {
	.name = "fonts",
	.summary = "the user's fonts, read-only",
	.ask = ask,
	.plan = plan,
};
