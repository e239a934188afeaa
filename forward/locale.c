/* The language. Of the host's /usr its locales are inside anyhow. */
#include "base/array.h"
#include "forward/forward.h"

#define DIRECTORY FORWARD_DIRECTORY "/locale"
#define ARCHIVE FORWARD_DIRECTORY "/locale-archive"

static const char *const etc[] = { "/etc/default/locale", "/etc/locale.conf", NULL };

static const char *const names[] = {
	"LANG",	    "LANGUAGE",		 "LC_ADDRESS",	   "LC_ALL",	   "LC_COLLATE",
	"LC_CTYPE", "LC_IDENTIFICATION", "LC_MEASUREMENT", "LC_MESSAGES",  "LC_MONETARY",
	"LC_NAME",  "LC_NUMERIC",	 "LC_PAPER",	   "LC_TELEPHONE", "LC_TIME",
};

/* Where the C library of NixOS looks, also without the variable, and where others do. */
static const char *const archives[] = {
	"/run/current-system/sw/lib/locale/locale-archive",
	"/usr/lib/locale/locale-archive",
};

static void ask(const struct host *host, struct forward_questions *questions)
{
	forward_ask_variable(host, questions, "LOCPATH");
	forward_ask_variable(host, questions, "LOCALE_ARCHIVE");
	for (size_t i = 0; i < ARRAY_LENGTH(archives); i++)
		forward_ask(questions, archives[i], 0);
}

/* Only a C library that knows the variable takes it: another is of a tree with locales of its own.
 */
static void plan_archive(const struct host *host, const struct forward_sink *sink)
{
	for (size_t i = 0; i < ARRAY_LENGTH(archives); i++)
		if (!forward_share(host, sink, archives[i], SOURCE_REGULAR, ARCHIVE, true)) {
			env_list_set(sink->env, sink->arena, "LOCALE_ARCHIVE", ARCHIVE);
			return;
		}
}

static const char *plan(const struct host *host, const struct forward_sink *sink)
{
	if (forward_variables(host, sink, names, ARRAY_LENGTH(names)) == 0)
		return "no LANG or LC_ variable is set";
	(void)forward_share_variable(host, sink, "LOCPATH", SOURCE_DIRECTORY, DIRECTORY);
	if (forward_share_variable(host, sink, "LOCALE_ARCHIVE", SOURCE_REGULAR, ARCHIVE) &&
	    host->rootfs.system)
		plan_archive(host, sink);
	return NULL;
}

const struct forward forward_locale = {
	.name = "locale",
	.summary = "the language: LANG, LC_*",
	.in_strict = true,
	.etc = etc,
	.ask = ask,
	.plan = plan,
};
