/* The X server: the one socket of DISPLAY, and the cookie for it. */
#include <stdio.h>
#include <string.h>

#include "base/path.h"
#include "base/text.h"
#include "forward/forward.h"
#include "forward/xauthority.h"

#define SOCKETS "/tmp/.X11-unix/X"
#define COOKIES_MAXIMUM (256UL * 1024)

/* Inside the display has a number that the host has no display of. Xlib tries the abstract socket
 * of that name first, and takes no other where it is refused (by Landlock, which keeps those of the
 * host out of reach) rather than missing: _xcb_open() in libxcb. */
#define NUMBER_OFFSET 1000
#define NUMBER_MAXIMUM 59535 /* a display's TCP port is 6000 and its number */

/* DISPLAY, as X(7) has it: [HOST]:NUMBER[.SCREEN]. */
struct display {
	bool is_local;
	unsigned number;
	const char *screen; /* ".SCREEN" or "" */
};

static bool parse_display(const char *text, struct arena *arena, struct display *ret_display)
{
	const char *colon = text ? strrchr(text, ':') : NULL;
	size_t digits = colon ? strspn(colon + 1, "0123456789") : 0;
	const char *screen = colon ? colon + 1 + digits : NULL;
	uint64_t number;

	if (digits == 0 || (screen[0] != '\0' && screen[0] != '.') ||
	    text_parse_unsigned(arena_strndup(arena, colon + 1, digits), NUMBER_MAXIMUM, &number) <
		    0)
		return false;
	*ret_display = (struct display) {
		.is_local =
			colon == text || strncmp(text, "unix:", (size_t)(colon - text) + 1) == 0,
		.number = (unsigned)number,
		.screen = screen,
	};
	return true;
}

static bool display_of(const struct host *host, struct arena *arena, struct display *ret_display)
{
	return parse_display(environment_get(host->environment, "DISPLAY"), arena, ret_display);
}

static const char *socket_path(struct arena *arena, unsigned number)
{
	return arena_printf(arena, SOCKETS "%u", number);
}

static const char *cookies_path(const struct host *host, struct arena *arena)
{
	const char *path = environment_get(host->environment, "XAUTHORITY");

	return path && path_is_normal(path) ? path
					    : path_join(arena, host->caller.home, ".Xauthority");
}

static void ask(const struct host *host, struct forward_questions *questions)
{
	struct display display;

	if (!display_of(host, questions->arena, &display))
		return;
	if (display.is_local)
		forward_ask(questions, socket_path(questions->arena, display.number), 0);
	forward_ask(questions, cookies_path(host, questions->arena), COOKIES_MAXIMUM);
}

/* A server may let the user in without one. */
static void plan_cookie(const struct host *host, const struct forward_sink *sink, unsigned number,
			unsigned new_number)
{
	struct arena *arena = sink->arena;
	const struct host_file *file = forward_answer(host, cookies_path(host, arena));
	struct seed seed = {
		.target = path_join(arena, host->caller.home, ".Xauthority"),
		.mode = 0600,
		.uid = host->caller.uid,
		.gid = host->caller.gid,
	};
	struct xauthority_display display = {
		.node_name = host->node_name,
		.number = arena_printf(arena, "%u", number),
		.new_number = arena_printf(arena, "%u", new_number),
	};

	if (file->kind != HOST_FILE_REGULAR || !file->content)
		return;
	seed.content = xauthority_rewrite(arena, file->content, file->content_length, &display,
					  &seed.content_length);
	if (!seed.content)
		return;
	seed_list_append(sink->seeds, arena, &seed);
	env_list_set(sink->env, arena, "XAUTHORITY", seed.target);
}

static const char *plan(const struct host *host, const struct forward_sink *sink)
{
	const char *text = environment_get(host->environment, "DISPLAY"), *reason;
	struct arena *arena = sink->arena;
	struct display display;
	unsigned number;

	if (!text)
		return "DISPLAY is not set";
	if (!display_of(host, arena, &display))
		return arena_printf(arena, "DISPLAY '%s' is none", text);
	if (!display.is_local) {
		if (!sink->has_network)
			return arena_printf(arena, "DISPLAY '%s' is reached over the network",
					    text);
		plan_cookie(host, sink, display.number, display.number);
		env_list_set(sink->env, arena, "DISPLAY", text);
		return NULL;
	}
	number = display.number + NUMBER_OFFSET;
	reason = forward_share(host, sink, socket_path(arena, display.number), SOURCE_SOCKET,
			       socket_path(arena, number), false);
	if (reason)
		return reason;
	plan_cookie(host, sink, display.number, number);
	env_list_set(sink->env, arena, "DISPLAY",
		     arena_printf(arena, ":%u%s", number, display.screen));
	return NULL;
}

const struct forward forward_x11 = {
	.name = "x11",
	.summary = "the X server of DISPLAY: keyboard, screen and clipboard",
	.ask = ask,
	.plan = plan,
};
