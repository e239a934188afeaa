#!/bin/sh
# Chromium with a profile of the project's own, and without the session bus, over which one browser
# hands its windows to another. A profile is for one sandbox at a time: a second sandbox gets one
# that is thrown away with it.
name=${0##*/}
profile=$HOME/.config/claude-sandbox-chromium
state=${CLAUDE_SANDBOX_STATE-}

say() {
	printf '%s: %s\n' "$name" "$1" >&2
}

# Sets `program`: the first of this name that is not this script.
find_program() {
	rest=$PATH:
	while [ -n "$rest" ]; do
		program=${rest%%:*}/$name
		rest=${rest#*:}
		if [ -f "$program" ] && [ -x "$program" ] && [ "${program%/*}" != "${0%/*}" ]; then
			return 0
		fi
	done
	return 1
}

# Sets `profile` to the project's, where there is one and no other sandbox uses it. The lock is the
# browser's, and goes with it; the machine id is that of the sandbox. What a browser has left that
# was killed with its sandbox would name a process of this one.
choose_profile() {
	shared=$state/chromium
	lock=$shared/claude-sandbox-lock
	owner=$shared/claude-sandbox-owner
	[ -d "$state" ] && command -v flock >/dev/null || return 0
	mkdir -p "$shared" && touch "$lock" || return 0
	exec 9>>"$lock"
	if flock -n 9; then
		cat /etc/machine-id >"$owner"
		rm -f "$shared"/Singleton*
	elif ! cmp -s /etc/machine-id "$owner"; then
		exec 9>&-
		say 'another sandbox uses the profile of the project: a new one is used'
		return 0
	fi
	profile=$shared
}

# What programs register for their extensions is looked for in the profile.
link_hosts() {
	hosts=$profile/NativeMessagingHosts
	[ -e "$hosts" ] || ln -sfn "$HOME/.config/chromium/NativeMessagingHosts" "$hosts"
}

find_program || {
	say 'not found'
	exit 127
}
export DBUS_SESSION_BUS_ADDRESS=disabled:
# Without a window there is no profile that lasts: a new one each time, beside those with windows.
for word; do
	case $word in
	--headless | --headless=* | --user-data-dir | --user-data-dir=* | --temp-profile) exec "$program" "$@" ;;
	esac
done
choose_profile
mkdir -p "$profile" && link_hosts
exec "$program" --user-data-dir="$profile" "$@"
