/* The session's D-Bus, by xdg-dbus-proxy: the whole of it is as good as a shell outside
 * (StartTransientUnit of systemd, a desktop's own scripting). */
#include "base/path.h"
#include "forward/bus.h"
#include "mounts/api_fs.h"

#define NOTIFICATIONS "org.freedesktop.Notifications"
#define PORTAL "org.freedesktop.portal.Desktop"
#define PORTAL_PATH "@/org/freedesktop/portal/desktop"
#define SECRETS "org.freedesktop.secrets"
#define SECRETS_PATH "@/org/freedesktop/secrets/*"
#define PROPERTIES "org.freedesktop.DBus.Properties"

/* By interface and path, never by name alone (--talk): the connection that owns one of these names
 * may own others and do all kinds of things: that of Notifications is a desktop's whole shell.
 *
 * Of the portals only the one that tells settings. They take a caller that they find in no sandbox
 * of a kind they know for a program of the user's, which the proxy is, and let it do much unasked:
 * start programs at login (Background) and by the schemes of addresses (OpenURI), look at the
 * screen, type (RemoteDesktop, InputCapture), reach the network (NetworkMonitor.CanReach). And a
 * file that one chooses (FileChooser) is not inside. Toolkits do without what they do not see. */
static const char *const filter[] = {
	"--filter",
	"--call=" NOTIFICATIONS "=" NOTIFICATIONS ".*@/org/freedesktop/Notifications",
	"--broadcast=" NOTIFICATIONS "=" NOTIFICATIONS ".*@/org/freedesktop/Notifications",
	"--call=" PORTAL "=org.freedesktop.portal.Settings.*" PORTAL_PATH,
	"--broadcast=" PORTAL "=org.freedesktop.portal.Settings.*" PORTAL_PATH,
	"--call=" SECRETS "=org.freedesktop.Secret.Service.*" SECRETS_PATH,
	"--call=" SECRETS "=org.freedesktop.Secret.Collection.*" SECRETS_PATH,
	"--call=" SECRETS "=org.freedesktop.Secret.Item.*" SECRETS_PATH,
	"--call=" SECRETS "=org.freedesktop.Secret.Prompt.*" SECRETS_PATH,
	"--call=" SECRETS "=org.freedesktop.Secret.Session.*" SECRETS_PATH,
	"--call=" SECRETS "=" PROPERTIES ".*" SECRETS_PATH,
	"--broadcast=" SECRETS "=*" SECRETS_PATH,
	NULL,
};

static struct bus_forward describe(const struct host *host, struct arena *arena)
{
	const char *runtime = api_fs_runtime_directory(arena, host->caller.uid);

	return (struct bus_forward) {
		.name = "dbus",
		.variable = "DBUS_SESSION_BUS_ADDRESS",
		.usual = "unix:runtime=yes",
		.socket = "session",
		.target = path_join(arena, runtime, "bus"),
		.filter = filter,
	};
}

static void ask(const struct host *host, struct forward_questions *questions)
{
	struct bus_forward bus = describe(host, questions->arena);

	bus_ask(&bus, host, questions);
}

static const char *plan(const struct host *host, const struct forward_sink *sink)
{
	struct bus_forward bus = describe(host, sink->arena);
	const char *reason = bus_plan(&bus, host, sink);

	if (!reason)
		env_list_set(sink->env, sink->arena, bus.variable,
			     arena_printf(sink->arena, "unix:path=%s", bus.target));
	return reason;
}

const struct forward forward_dbus = {
	.name = "dbus",
	.summary = "notifications, settings, keyring of the session's D-Bus; raw: all of it",
	.modes = bus_modes,
	.ask = ask,
	.plan = plan,
};
