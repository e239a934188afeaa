/* Names of the network: the resolver's settings, and names that the machine itself knows. What of
 * them is written inside is in etc.c. */
#include "forward/forward.h"

static const char *const etc[] = { "/etc/gai.conf", "/etc/host.conf", NULL };

static const char *plan(const struct host *host, const struct forward_sink *sink)
{
	if (!sink->has_network)
		return "there is no network";
	if (!host->resolv_conf.content && !host->hosts.content)
		return "there is neither '/etc/resolv.conf' nor '/etc/hosts'";
	return NULL;
}

const struct forward forward_dns = {
	.name = "dns",
	.summary = "names of the network: resolv.conf and hosts",
	.in_strict = true,
	.etc = etc,
	.plan = plan,
};
