# shellcheck shell=bash
# D-Bus daemons, and services on them that tell who has called: after root-lib.sh.

# A service of the names it is given: writes what it is asked to /home/test/calls, one line each, and
# says yes to everything. Debian's own python, which has the modules.
cat >/home/test/bin/canary <<'END'
#!/usr/bin/python3
import sys
import dbus
import dbus.lowlevel
import dbus.mainloop.glib
from gi.repository import GLib

dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
bus = dbus.bus.BusConnection(sys.argv[1])


def answer(connection, message):
    if message.get_type() != dbus.lowlevel.MESSAGE_TYPE_METHOD_CALL:
        return dbus.lowlevel.HANDLER_RESULT_NOT_YET_HANDLED
    with open("/home/test/calls", "a") as calls:
        print(message.get_interface() + "." + message.get_member(), file=calls)
    reply = dbus.lowlevel.MethodReturnMessage(message)
    reply.append("reached", signature="s")
    connection.send_message(reply)
    return dbus.lowlevel.HANDLER_RESULT_HANDLED


bus.add_message_filter(answer)
for name in sys.argv[2:]:
    bus.request_name(name)
GLib.MainLoop().run()
END
chmod 0755 /home/test/bin/canary
install -m 0666 /dev/null /home/test/calls

# start_bus USER ADDRESS ACTIVATABLE...: a daemon, $bus_daemon, and its $bus_id.
start_bus() {
	local address=$2 user=$1 name directory

	directory=$(mktemp -d /home/test/bus.XXXXXX)
	chmod 0755 "$directory"
	for name in "${@:3}"; do
		printf '[D-BUS Service]\nName=%s\nExec=/home/test/bin/canary %s %s\n' "$name" "$address" \
			"$name" >"$directory/$name.service"
	done
	cat >"$directory/conf" <<-END
		<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
			"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
		<busconfig><type>custom</type><listen>$address</listen><auth>EXTERNAL</auth>
		<servicedir>$directory</servicedir>
		<policy context="default"><allow user="*"/><allow own="*"/>
		<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/></policy></busconfig>
	END
	# Not by the function, whose pid would be that of a shell.
	setpriv --reuid "$user" --regid "$(id -g "$user")" --init-groups dbus-daemon --config-file="$directory/conf" --nofork --nopidfile --nosyslog \
		>"$directory/log" 2>&1 &
	bus_daemon=$!
	eventually 20 call_at "$address" org.freedesktop.DBus / org.freedesktop.DBus.GetId ||
		root_lib_die "no D-Bus: $(cat "$directory/log")"
	bus_id=$(call_at "$address" org.freedesktop.DBus / org.freedesktop.DBus.GetId)
}

# start_canary USER ADDRESS NAME...
start_canary() {
	local name

	setpriv --reuid "$1" --regid "$(id -g "$1")" --init-groups canary "${@:2}" 2>canary.log &
	for name in "${@:3}"; do
		eventually 20 owned "$2" "$name" || root_lib_die "no canary $name: $(cat canary.log)"
	done
}

owned() { # ADDRESS NAME
	[ "$(call_at "$1" org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner "string:$2")" = true ]
}

# call_at ADDRESS DESTINATION PATH METHOD [ARGUMENT...]: outside, as alice; prints what comes back.
call_at() {
	as_user alice dbus-send --bus="$1" --print-reply=literal --reply-timeout=5000 --dest="$2" "${@:3}" |
		sed 's/^ *//; s/^boolean //'
}

# call session|system DESTINATION PATH METHOD [ARGUMENT...]: inside; `reached`, or the error's name.
call() {
	in_sandbox -- dbus-send "--$1" --print-reply=literal --reply-timeout=5000 --dest="$2" "${@:3}" 2>&1 |
		sed 's/^ *//; s/^boolean //; s/^Error \([A-Za-z0-9.]*\):.*/\1/'
}

# The calls that have come since the last look.
calls() {
	cat /home/test/calls
	: >/home/test/calls
}
