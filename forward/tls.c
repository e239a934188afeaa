/* Whom to trust: the certificates of the machine, and the user's own. */
#include "base/array.h"
#include "forward/forward.h"

#define DIRECTORY FORWARD_DIRECTORY "/tls/"

static const char *const etc[] = {
	"/etc/ca-certificates", "/etc/ca-certificates.conf",
	"/etc/pki/ca-trust",	"/etc/pki/tls/certs",
	"/etc/ssl/certs",	NULL,
};

static const struct {
	const char *name;
	enum source_kind kind;
} variables[] = {
	{ "CURL_CA_BUNDLE", SOURCE_REGULAR },	  { "GIT_SSL_CAINFO", SOURCE_REGULAR },
	{ "NIX_SSL_CERT_FILE", SOURCE_REGULAR },  { "NODE_EXTRA_CA_CERTS", SOURCE_REGULAR },
	{ "REQUESTS_CA_BUNDLE", SOURCE_REGULAR }, { "SSL_CERT_DIR", SOURCE_DIRECTORY },
	{ "SSL_CERT_FILE", SOURCE_REGULAR },
};

/* All certificates in one file: Debian, Arch and NixOS, Fedora, openSUSE. */
static const char *const bundles[] = {
	"/etc/ssl/certs/ca-certificates.crt",
	"/etc/pki/tls/certs/ca-bundle.crt",
	"/etc/ssl/ca-bundle.pem",
};

static void ask(const struct host *host, struct forward_questions *questions)
{
	for (size_t i = 0; i < ARRAY_LENGTH(variables); i++)
		forward_ask_variable(host, questions, variables[i].name);
	for (size_t i = 0; i < ARRAY_LENGTH(bundles); i++)
		forward_ask(questions, bundles[i], 0);
}

/* A variable that names nothing would be worse inside than none. */
static size_t plan_variables(const struct host *host, const struct forward_sink *sink)
{
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_LENGTH(variables); i++) {
		const char *name = variables[i].name;
		const char *target = arena_printf(sink->arena, DIRECTORY "%s", name);
		const char *reason =
			forward_share_variable(host, sink, name, variables[i].kind, target);

		count += !reason;
		if (reason && environment_get(host->environment, name))
			diag_warning(sink->diag, "%s is not forwarded: %s, continuing", name,
				     reason);
	}
	return count;
}

/* A tree may have none of its own, or others: those of the host count, where most programs look,
 * and by variable for the rest. */
static bool plan_bundle(const struct host *host, const struct forward_sink *sink)
{
	static const char *const names[] = { "NIX_SSL_CERT_FILE", "SSL_CERT_FILE" };
	size_t i = 0;

	while (i < ARRAY_LENGTH(bundles) &&
	       forward_share(host, sink, bundles[i], SOURCE_REGULAR, bundles[0], true))
		i++;
	if (i == ARRAY_LENGTH(bundles))
		return false;
	for (size_t n = 0; n < ARRAY_LENGTH(names); n++)
		if (!env_list_get(sink->env, names[n]))
			env_list_set(sink->env, sink->arena, names[n], bundles[0]);
	return true;
}

static const char *plan(const struct host *host, const struct forward_sink *sink)
{
	size_t count = plan_variables(host, sink);
	bool has_own = host->rootfs.system ? plan_bundle(host, sink) : forward_has_etc(host, etc);

	return count > 0 || has_own ? NULL : "the machine has no certificates in '/etc'";
}

const struct forward forward_tls = {
	.name = "tls",
	.summary = "certificates to trust: the machine's, SSL_CERT_FILE ...",
	.in_strict = true,
	.etc = etc,
	.ask = ask,
	.plan = plan,
};
