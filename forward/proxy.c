/* The way to the network where there is a proxy. The address may hold a password. */
#include "base/array.h"
#include "forward/forward.h"

static const char *const names[] = {
	"ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY",
	"all_proxy", "https_proxy", "http_proxy", "no_proxy",
};

static const char *plan_proxy(const struct host *host, const struct forward_sink *sink)
{
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
		const char *value = environment_get(host->environment, names[i]);

		if (!value)
			continue;
		env_list_set_secret(sink->env, sink->arena, names[i], value);
		count++;
	}
	return count > 0 ? NULL : "no proxy variable is set";
}

const struct forward forward_proxy = {
	.name = "proxy",
	.summary = "proxy addresses: HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY",
	.plan = plan_proxy,
};
