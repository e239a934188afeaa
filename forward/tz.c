/* The time zone. */
#include <string.h>

#include "base/array.h"
#include "base/path.h"
#include "forward/forward.h"

#define LOCAL_TIME "/etc/localtime"
#define LOCAL_TIME_MAXIMUM (64UL * 1024)
#define DIRECTORY FORWARD_DIRECTORY "/tz"

static const char *const etc[] = { LOCAL_TIME, "/etc/timezone", NULL };

/* NixOS has the second. */
static const char *const databases[] = { "/usr/share/zoneinfo", "/etc/zoneinfo" };

/* TZ is [:]NAME, [:]/PATH or a rule, see tzset(3). NULL where it is no path. */
static const char *zone_path(const struct host *host)
{
	const char *zone = environment_get(host->environment, "TZ");

	if (zone && zone[0] == ':')
		zone++;
	return zone && zone[0] == '/' ? zone : NULL;
}

static void ask(const struct host *host, struct forward_questions *questions)
{
	if (zone_path(host))
		forward_ask(questions, zone_path(host), 0);
	forward_ask_variable(host, questions, "TZDIR");
	forward_ask(questions, LOCAL_TIME, LOCAL_TIME_MAXIMUM);
	for (size_t i = 0; i < ARRAY_LENGTH(databases); i++)
		forward_ask(questions, databases[i], 0);
}

static const char *plan_zone(const struct host *host, const struct forward_sink *sink)
{
	const char *zone = environment_get(host->environment, "TZ"), *path = zone_path(host);
	const char *target = DIRECTORY "/zone", *reason;

	if (!zone)
		return "TZ is not set";
	if (path) {
		reason = forward_share_path(host, sink, path, SOURCE_REGULAR, &target);
		if (reason)
			return reason;
		zone = arena_printf(sink->arena, ":%s", target);
	}
	env_list_set(sink->env, sink->arena, "TZ", zone);
	return NULL;
}

/* A tree gets the host's zone as a copy, and the host's database, which its own may lack. */
static const char *plan_for_tree(const struct host *host, const struct forward_sink *sink)
{
	const struct host_file *file = forward_answer(host, LOCAL_TIME);
	struct seed seed = {
		.target = LOCAL_TIME,
		.mode = 0644,
		.content = file->content,
		.content_length = file->content_length,
	};
	const char *reason = forward_share_variable(host, sink, "TZDIR", SOURCE_DIRECTORY,
						    DIRECTORY "/zoneinfo");

	for (size_t i = 0; reason && i < ARRAY_LENGTH(databases); i++) {
		reason = forward_share(host, sink, databases[i], SOURCE_DIRECTORY,
				       DIRECTORY "/zoneinfo", true);
		if (!reason)
			env_list_set(sink->env, sink->arena, "TZDIR", DIRECTORY "/zoneinfo");
	}
	if (!file->content || file->content_length >= LOCAL_TIME_MAXIMUM)
		return reason;
	seed_list_append(sink->seeds, sink->arena, &seed);
	return NULL;
}

static const char *plan(const struct host *host, const struct forward_sink *sink)
{
	const char *reason = plan_zone(host, sink);

	if (host->rootfs.system)
		return plan_for_tree(host, sink) ? reason : NULL;
	/* Nothing else asks for a database. */
	if (environment_get(host->environment, "TZ"))
		(void)forward_share_variable(host, sink, "TZDIR", SOURCE_DIRECTORY,
					     DIRECTORY "/zoneinfo");
	return forward_has_etc(host, etc) ? NULL : reason;
}

const struct forward forward_tz = {
	.name = "tz",
	.summary = "the time zone: /etc/localtime, TZ",
	.in_strict = true,
	.etc = etc,
	.ask = ask,
	.plan = plan,
};
