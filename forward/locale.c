/* Language and time zone. */
#include "base/array.h"
#include "forward/forward.h"

static const char *const names[] = {
	"LANG",	       "LANGUAGE",     "LC_ADDRESS",	    "LC_ALL",
	"LC_COLLATE",  "LC_CTYPE",     "LC_IDENTIFICATION", "LC_MEASUREMENT",
	"LC_MESSAGES", "LC_MONETARY",  "LC_NAME",	    "LC_NUMERIC",
	"LC_PAPER",    "LC_TELEPHONE", "LC_TIME",	    "TZ",
};

static const char *plan_locale(const struct host *host, const struct forward_sink *sink)
{
	return forward_variables(host, sink, names, ARRAY_LENGTH(names)) > 0
		       ? NULL
		       : "no LANG, LC_ or TZ variable is set";
}

const struct forward forward_locale = {
	.name = "locale",
	.summary = "language and time zone: LANG, LC_*, TZ",
	.in_strict = true,
	.plan = plan_locale,
};
