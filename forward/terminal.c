/* What programs ask to find out which terminal they draw on. */
#include "base/array.h"
#include "forward/forward.h"

static const char *const names[] = {
	"COLORFGBG",   "COLORTERM",    "FORCE_COLOR",  "KITTY_WINDOW_ID",
	"NO_COLOR",    "TERM",	       "TERM_PROGRAM", "TERM_PROGRAM_VERSION",
	"VTE_VERSION", "WEZTERM_PANE", "WT_SESSION",
};

static const char *plan_terminal(const struct host *host, const struct forward_sink *sink)
{
	return forward_variables(host, sink, names, ARRAY_LENGTH(names)) > 0 ? NULL
									     : "TERM is not set";
}

const struct forward forward_terminal = {
	.name = "terminal",
	.summary = "the kind of terminal: TERM, COLORTERM, TERM_PROGRAM",
	.in_strict = true,
	.plan = plan_terminal,
};
