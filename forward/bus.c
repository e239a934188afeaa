#include "forward/bus.h"

#include <string.h>

#include "base/path.h"
#include "forward/bus_address.h"

const char *const bus_modes[] = { BUS_RAW, NULL };

static const char *find_address(const struct bus_forward *bus, const struct host *host,
				struct arena *arena, struct bus_address *ret_address)
{
	const char *text = environment_get(host->environment, bus->variable);

	return bus_address_parse(arena, text ? text : bus->usual,
				 forward_runtime_directory(host, arena), ret_address);
}

void bus_ask(const struct bus_forward *bus, const struct host *host,
	     struct forward_questions *questions)
{
	struct bus_address address;

	if (find_address(bus, host, questions->arena, &address))
		return;
	forward_ask(questions, host->dbus_proxy, 0);
	if (address.kind == BUS_ADDRESS_PATH)
		forward_ask(questions, address.name, 0);
}

static const char *plan_raw(const struct bus_forward *bus, const struct host *host,
			    const struct forward_sink *sink, const struct bus_address *address)
{
	const char *reason;

	if (address->kind == BUS_ADDRESS_ABSTRACT)
		return "an abstract socket cannot be shared as it is: no process inside may "
		       "connect to one outside";
	reason = forward_share(host, sink, address->name, SOURCE_SOCKET, bus->target, false);
	if (!reason) {
		diag_warning(sink->diag,
			     "with '%s=" BUS_RAW "' programs inside can start others outside, as "
			     "you: this is no sandbox then, continuing",
			     bus->name);
		diag_hint(sink->diag, "--forward %s shares what is harmless of it", bus->name);
	}
	return reason;
}

static const char *plan_filtered(const struct bus_forward *bus, const struct host *host,
				 const struct forward_sink *sink, const struct bus_address *address)
{
	const struct host_file *program = forward_answer(host, host->dbus_proxy);
	/* The proxy makes its socket when it likes, maybe later than the root is built. */
	struct mount_op link = {
		.kind = MOUNT_LINK,
		.target = bus->target,
		.source = path_join(sink->arena, MOUNT_BUSES_TARGET, bus->socket),
		.is_directory = true,
	};
	const char *reason = NULL;

	if (address->kind == BUS_ADDRESS_PATH)
		reason = forward_refusal(host, sink, address->name, SOURCE_SOCKET);
	if (reason)
		return reason;
	if (program->kind != HOST_FILE_REGULAR || !program->can_access)
		return "xdg-dbus-proxy is not installed: the package of that name has it";
	forward_mount(sink, &link);
	bus_list_append(sink->buses, sink->arena,
			&(struct bus) {
				.name = bus->name,
				.socket = bus->socket,
				.address = bus_address_text(sink->arena, address),
				.filter = bus->filter,
				.program = host->dbus_proxy,
				.is_wished = sink->is_wished,
			});
	return NULL;
}

const char *bus_plan(const struct bus_forward *bus, const struct host *host,
		     const struct forward_sink *sink)
{
	struct bus_address address;
	const char *reason = find_address(bus, host, sink->arena, &address);

	if (reason)
		return arena_printf(sink->arena, "%s cannot be used: %s", bus->variable, reason);
	if (sink->mode && strcmp(sink->mode, BUS_RAW) == 0)
		return plan_raw(bus, host, sink, &address);
	return plan_filtered(bus, host, sink, &address);
}
