/* What Claude Code needs to reach its service: keys, addresses, models, and its own settings. */
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "forward/forward.h"

static const char *const prefixes[] = { "ANTHROPIC_", "CLAUDE_CODE_" };

static const char *const names[] = {
	"API_TIMEOUT_MS",	 "BASH_DEFAULT_TIMEOUT_MS", "BASH_MAX_OUTPUT_LENGTH",
	"BASH_MAX_TIMEOUT_MS",	 "DISABLE_ERROR_REPORTING", "DISABLE_TELEMETRY",
	"MAX_MCP_OUTPUT_TOKENS", "MAX_THINKING_TOKENS",	    "MCP_TIMEOUT",
	"MCP_TOOL_TIMEOUT",
};

/* Set by the client for its own children: true of the session outside, not of the one inside. Paths
 * and descriptors mean nothing inside either. */
static const char *const of_another_session[] = {
	"CLAUDE_CODE_CHILD_SESSION",
	"CLAUDE_CODE_ENTRYPOINT",
	"CLAUDE_CODE_EXECPATH",
	"CLAUDE_CODE_API_KEY_FILE_DESCRIPTOR",
	"CLAUDE_CODE_OAUTH_TOKEN_FILE_DESCRIPTOR",
	"CLAUDE_CODE_SESSION_ID",
	"CLAUDE_CODE_SSE_PORT",
	"CLAUDE_CODE_TMPDIR",
};

static bool is_wanted(const char *name)
{
	for (size_t i = 0; i < ARRAY_LENGTH(of_another_session); i++)
		if (strcmp(name, of_another_session[i]) == 0)
			return false;
	for (size_t i = 0; i < ARRAY_LENGTH(prefixes); i++)
		if (text_starts_with(name, prefixes[i]))
			return true;
	for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

/* All of them count as secret: keys hide in headers and addresses as well. */
static const char *plan_api(const struct host *host, const struct forward_sink *sink)
{
	size_t count = 0;

	for (char *const *entry = host->environment; entry && *entry; entry++) {
		size_t length = strcspn(*entry, "=");
		const char *name = arena_strndup(sink->arena, *entry, length);

		if (!env_name_is_valid(name, length) || (*entry)[length] == '\0' ||
		    (*entry)[length + 1] == '\0' || !is_wanted(name))
			continue;
		env_list_set_secret(sink->env, sink->arena, name, *entry + length + 1);
		count++;
	}
	return count > 0 ? NULL : "no ANTHROPIC_ or CLAUDE_CODE_ variable is set";
}

const struct forward forward_api = {
	.name = "api",
	.summary = "keys and settings of Claude Code: ANTHROPIC_*, CLAUDE_CODE_*",
	.in_strict = true,
	.plan = plan_api,
};
