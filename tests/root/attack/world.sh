# shellcheck shell=bash
# The world that attacks run against: sourced before support/root-lib.sh, by the test and by the
# comparison with others. What must not be reached is made once; then attack_world runs the attacks
# in one launcher each.

attack_secret=canary-$RANDOM$RANDOM$RANDOM

# shellcheck disable=SC2154 # project, factor: of root-lib.sh
attack_world_make() {
	local place

	# What is left in the open worlds goes with the test.
	for place in /tmp /var/tmp /dev/shm; do
		mount -t tmpfs -o mode=1777 test-open "$place"
	done
	mkdir -m 0700 /home/test/secret
	(umask 077 && echo "$attack_secret" >/home/test/secret/canary)
	# Open themselves: only the way there is not.
	mkdir /home/test/secret/open
	echo "$attack_secret" >/home/test/secret/open/canary
	install -m 0600 -o alice -g 1600 /dev/null /home/alice/private
	echo "$attack_secret" >/home/alice/private
	install -m 0755 -o alice -g 1600 "$(command -v attack)" /home/alice/claude
	install -d -m 0755 -o alice /run/dbus
	install -d -m 0755 /run/user
	install -d -m 0700 -o alice -g 1600 /run/user/1543
	install -d -m 1777 /run/lock
	mkdir /home/test/unlimited /home/test/read-only /home/test/jail
	touch /home/test/mask
	install -m 4755 "$(command -v attack)" "$project/set-user-id"
	install -m 2755 -g 1700 "$(command -v attack)" "$project/set-group-id"
	if command -v setcap >/dev/null; then
		install -m 0755 "$(command -v attack)" "$project/with-capability"
		setcap cap_dac_override=ep "$project/with-capability" 2>/dev/null ||
			rm "$project/with-capability"
	fi
	mknod -m 0666 "$project/device" c 1 3
	{
		printf '%s\n' "secret=$attack_secret" "project=$project" "factor=$factor" \
			root_file=/home/test/secret/canary user_file=/home/alice/private \
			outside=/home/alice extra_group=1700 "launcher=$(command -v claude-sandbox)" \
			"host_devices=$(stat -c %d / /home /tmp /var/tmp /dev/shm /run /usr | sort -u |
				tr '\n' ' ')" \
			'masks=/proc/kallsyms /proc/keys /proc/interrupts /proc/acpi /sys/firmware /home/test/mask' \
			'read_only=/usr /sys /proc/sys /proc/irq /proc/bus /home/test/read-only'
		attack --describe /home/test/secret/canary
	} >"$project/known"
}

# attack_second LAUNCHER...: a second sandbox of the user's, or what else the launcher makes.
attack_second() {
	install -d -m 0755 -o alice -g 1600 /home/alice/second
	install -m 0755 "$(command -v attack-witness)" /home/alice/second/
	rm -rf "$project/second"
	ln -s ../second "$project/second"
	"$@" /home/alice/second/attack-witness second_ /home/alice/second "$attack_secret" \
		</dev/null >/dev/null 2>said &
	second=$!
	eventually 10 [ -s /home/alice/second/facts ] || root_lib_die "no second one: $(cat said)"
}

attack_second_end() {
	kill "$second" 2>/dev/null || :
	wait "$second" || :
	rm -rf /home/alice/second "$project/second"
}

# attack_world NAME LAUNCHER... : ARGUMENT...: the attacks, as the arguments select them, from what
# the launcher makes of /home/alice/claude. The lines are in NAME.report, what the witness has seen in
# NAME.seen.
attack_world() {
	local name=$1 launcher=()

	shift
	while [ "$1" != : ]; do
		launcher+=("$1")
		shift
	done
	shift
	rm -rf "$project/witness" "$project/facts" "$project/seen"
	rm -f /home/alice/service /run/user/1543/bus /run/dbus/system_bus_socket
	install -m 0644 -o alice /dev/null "$project/report"
	pty-run -- keyring-probe add attack-root in-terminal "$project" \
		"${launcher[@]}" --facts "$project/facts" --report "$project/report" "$@" \
		>"$name.shown" 2>&1 || :
	cp "$project/report" "$name.report"
	cp "$project/seen" "$name.seen" || cat "$name.shown"
}
