/* The system's D-Bus, by xdg-dbus-proxy. Its services act as root, for a user who sits at the
 * machine often unasked. So only what tells of the battery, and changes nothing, is there: programs
 * then find a bus, and few on it. */
#include "forward/bus.h"

#define SOCKET "/run/dbus/system_bus_socket"
#define UPOWER "org.freedesktop.UPower"
#define UPOWER_PATH "@/org/freedesktop/UPower/*"
#define PROPERTIES "org.freedesktop.DBus.Properties"

static const char *const filter[] = {
	"--filter",
	"--call=" UPOWER "=" UPOWER ".EnumerateDevices" UPOWER_PATH,
	"--call=" UPOWER "=" UPOWER ".GetDisplayDevice" UPOWER_PATH,
	"--call=" UPOWER "=" PROPERTIES ".Get" UPOWER_PATH,
	"--call=" UPOWER "=" PROPERTIES ".GetAll" UPOWER_PATH,
	"--broadcast=" UPOWER "=*" UPOWER_PATH,
	NULL,
};

static const struct bus_forward bus = {
	.name = "system-bus",
	.variable = "DBUS_SYSTEM_BUS_ADDRESS",
	.usual = "unix:path=" SOCKET,
	.socket = "system",
	.target = SOCKET,
	.filter = filter,
};

static void ask(const struct host *host, struct forward_questions *questions)
{
	bus_ask(&bus, host, questions);
}

static const char *plan(const struct host *host, const struct forward_sink *sink)
{
	return bus_plan(&bus, host, sink);
}

const struct forward forward_system_bus = {
	.name = "system-bus",
	.summary = "the battery, of the system's D-Bus; raw: all of it",
	.modes = bus_modes,
	.ask = ask,
	.plan = plan,
};
