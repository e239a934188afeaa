# shellcheck shell=bash
# What every root test begins with: `. "$(dirname "$0")/../support/root-lib.sh"`.
#
# Arguments of a test: the program under test and helper programs, which it finds in its PATH, and
# directories, which it finds in /home/test. The test starts once more in a mount and PID namespace
# of its own, with an environment made from nothing. When it ends, however it ends, everything it
# started and mounted goes with it, and the machine's own users and files are never touched. There:
#
#	/etc/passwd	also has alice (uid 1543, gid 1600, in group 1700 too) and bob (uid 1544)
#	/home, /run	are fresh: /home/alice/proj is alice's project, /home/test the test's own place
#	PATH		begins with the program under test and the helper programs
[ -z "${root_lib_sourced-}" ] || return 0
root_lib_sourced=1
set -euo pipefail

root_lib_die() {
	printf '%s: %s\n' "${0##*/}" "$1" >&2
	exit 1
}

# A terminal as standard stream would become the payload's: a test that wants one makes it. In a
# session of its own, what stops or interrupts the test's process group reaches nobody else.
root_lib_restart() {
	local name kept=()

	for name in PATH ROOT_LIB_FACTOR TEST_SEED ASAN_OPTIONS LSAN_OPTIONS UBSAN_OPTIONS GCOV_PREFIX; do
		[ -z "${!name-}" ] || kept+=("$name=${!name}")
	done
	set -- env -i "${kept[@]}" ROOT_LIB_STARTED=1 setsid --wait unshare --mount --propagation private \
		--pid --fork --kill-child --mount-proc -- "$0" "$@"
	if [ -t 1 ] || [ -t 2 ]; then
		"$@" </dev/null 2>&1 | cat
		exit
	fi
	exec "$@" </dev/null
}

root_lib_add_line() { # FILE LINE...
	local file=$1 copy=/home/test/etc/${1##*/} line

	[ -e "$file" ] || return 0
	grep -vE '^(alice|bob|crew|extra):|^[^:]*:[^:]*:(1543|1544|1600|1700):' "$file" >"$copy" || :
	chmod --reference="$file" "$copy"
	chown --reference="$file" "$copy"
	shift
	for line; do
		printf '%s\n' "$line" >>"$copy"
	done
	mount --bind "$copy" "$file"
}

# What is needed may lie below /home itself: opened before, copied or mounted after.
root_lib_install() { # FILE-OR-DIRECTORY...
	local path name fd i names=() fds=()

	for path; do
		exec {fd}<"$path" || root_lib_die "cannot open '$path'"
		names+=("${path##*/}")
		fds+=("$fd")
	done
	mkdir -p /home
	mount -t tmpfs -o mode=0755 test-home /home
	mkdir -m 0755 /home/test /home/test/bin /home/test/etc
	for ((i = 0; i < ${#names[@]}; i++)); do
		name=${names[i]}
		fd=${fds[i]}
		if [ -d "/proc/self/fd/$fd" ]; then
			mkdir "/home/test/$name"
			mount --no-canonicalize --bind "/proc/self/fd/$fd" "/home/test/$name"
		else
			cat <&"$fd" >"/home/test/bin/$name"
			chmod 0755 "/home/test/bin/$name"
		fi
		exec {fd}<&-
	done
}

root_lib_world() {
	root_lib_add_line /etc/passwd 'alice:x:1543:1600:Alice:/home/alice:/bin/bash' \
		'bob:x:1544:1544:Bob:/home/bob:/bin/sh'
	root_lib_add_line /etc/group 'bob:x:1544:' 'crew:x:1600:' 'extra:x:1700:alice'
	root_lib_add_line /etc/shadow 'alice:*:19000:0:99999:7:::' 'bob:*:19000:0:99999:7:::'
	# Where the system itself is reached through /run, it stays.
	[ -e /run/current-system ] || mount -t tmpfs -o mode=0755 test-run /run
	install -d -m 0700 -o alice -g 1600 /home/alice
	install -d -m 0755 -o alice -g 1600 /home/alice/proj
	install -d -m 0700 -o bob -g 1544 /home/bob
	mkdir -m 1777 /home/test/tmp
	export TMPDIR=/home/test/tmp HOME=/root PATH="/home/test/bin:$PATH"
	project=/home/alice/proj
	cd /home/test
}

[ "$(id -u)" -eq 0 ] || root_lib_die 'needs root'
[ -n "${ROOT_LIB_STARTED-}" ] || root_lib_restart "$@"
unset ROOT_LIB_STARTED
[ $# -ge 1 ] || root_lib_die "usage: ${0##*/} PROGRAM [HELPERS...]"

checks_done=0
checks_failed=0
# A test may send elsewhere what the command it checks prints: reports are told apart from that.
exec {report_fd}>&1

report() { # STATUS DESCRIPTION [EXPECTED SEEN]
	checks_done=$((checks_done + 1))
	if [ "$1" -eq 0 ]; then
		printf 'ok %d - %s\n' "$checks_done" "$2"
		return
	fi
	checks_failed=$((checks_failed + 1))
	printf 'not ok %d - %s\n' "$checks_done" "$2"
	[ $# -eq 2 ] || printf '  expected: %q\n  seen:     %q\n' "$3" "$4"
} >&"$report_fd"

# check DESCRIPTION COMMAND...: the command succeeds.
check() {
	local status=0

	"${@:2}" || status=1
	report "$status" "$1"
}

# fails DESCRIPTION COMMAND...: it says no, with status 1: another one means that it could not tell,
# or did not run at all. What it prints is not of interest.
fails() {
	local status=0

	"${@:2}" >/dev/null 2>&1 || status=$?
	equal "$1" 1 "$status"
}

# equal DESCRIPTION EXPECTED SEEN
equal() {
	local status=0

	[ "$2" = "$3" ] || status=1
	report "$status" "$1" "$2" "$3"
}

# matches DESCRIPTION PATTERN TEXT: a shell pattern.
matches() {
	local status=1

	# shellcheck disable=SC2053 # a pattern it is
	[[ $3 == $2 ]] && status=0
	report "$status" "$1" "$2" "$3"
}

# exits DESCRIPTION STATUS COMMAND...
exits() {
	local status=0

	"${@:3}" || status=$?
	equal "$1" "$2" "$status"
}

# How many times longer than elsewhere things may take here: more than 1 in an emulator.
factor=${ROOT_LIB_FACTOR:-1}

# eventually SECONDS COMMAND...: tries again until it succeeds.
eventually() {
	local end=$((${EPOCHREALTIME/./} + $1 * factor * 1000000))

	while ! "${@:2}" >/dev/null 2>&1; do
		[ "${EPOCHREALTIME/./}" -lt "$end" ] || return 1
		sleep 0.02
	done
}

# in_sandbox [OPTION...] -- COMMAND...: on alice's project. What stands in $sandbox_options, too.
sandbox_options=()
in_sandbox() {
	claude-sandbox shell --user alice "${sandbox_options[@]}" "$project" "$@"
}

# The same as a job, $supervisor: the launcher itself, which a function in the background is not.
in_background() {
	claude-sandbox shell --user alice "${sandbox_options[@]}" "$project" "$@" &
	supervisor=$!
}

# An /etc of the test's own, with no more in it than programs and their users need.
empty_etc() {
	mkdir old-etc
	mount --rbind /etc old-etc
	mount -t tmpfs -o mode=0755 test-etc /etc
	cp -a old-etc/{passwd,group,nsswitch.conf,ld.so.cache,alternatives} /etc/
}

# as_user NAME COMMAND...: with that user's ids and groups, and nothing else of theirs.
as_user() {
	setpriv --reuid "$1" --regid "$(id -g "$1")" --init-groups --inh-caps=-all "${@:2}"
}

# All processes but the test itself and those it knows of, $known_processes: one line each.
other_processes() {
	local directory pid name

	for directory in /proc/[0-9]*; do
		pid=${directory#/proc/}
		case " $$ $BASHPID ${known_processes-} " in
		*" $pid "*) continue ;;
		esac
		# A zombie whose parent is not the test is nobody's leftover: it waits for PID 1.
		{ grep -q '^State:.*Z' "$directory/status" || read -r name <"$directory/comm"; } \
			2>/dev/null || continue
		[ -z "${name-}" ] || printf '%s %s\n' "$pid" "$name"
		name=
	done
}

no_other_processes() {
	[ -z "$(other_processes)" ]
}

# command_lines_with TEXT: files in /proc. A process that ends meanwhile is passed over.
command_lines_with() {
	grep -alsF -f <(printf '%s\n' "$1") /proc/[0-9]*/cmdline || :
}

# What is in the registry beside the empty entries of sandboxes that were killed: nothing ever.
strange_entries() {
	find /run/claude-sandbox -mindepth 1 ! '(' -type d -empty -regex '.*/[0-9a-f]*' ')'
}

# pid_of NAME: of the newest process with this name in /proc/PID/comm.
pid_of() {
	local found

	found=$(grep -lx -- "$1" /proc/[0-9]*/comm 2>/dev/null | sort -t/ -k3 -n | tail -n 1)
	found=${found#/proc/}
	[ -n "$found" ] && printf '%s\n' "${found%/comm}"
}

# first_child_of PID: the oldest there is.
first_child_of() {
	local children=

	read -r children <"/proc/$1/task/$1/children" || :
	[ -n "$children" ] && printf '%s\n' "${children%% *}"
}

# make_cgroup HIERARCHY: a new cgroup for the test, $cgroup, below its present one. Fails where the
# machine has no such hierarchy, or does not let it.
root_lib_cgroups=()
make_cgroup() {
	local parent

	[ -d "/sys/fs/cgroup/$1" ] || return 1
	parent=$(sed -n "s|^[0-9]*:\(${1/unified/}\):||p" /proc/self/cgroup)
	cgroup=$(realpath -m "/sys/fs/cgroup/$1/$parent")/claude-sandbox-test-${EPOCHREALTIME/[.,]/}
	mkdir "$cgroup" 2>/dev/null || return 1
	root_lib_cgroups+=("$cgroup")
}

# enter_cgroup HIERARCHY: and the test moves there.
enter_cgroup() {
	make_cgroup "$1" && echo 0 >"$cgroup/cgroup.procs"
}

root_lib_leave_cgroups() {
	local directory process

	for directory in "${root_lib_cgroups[@]}"; do
		while read -r process; do
			echo "$process" >"${directory%/*}/cgroup.procs" || :
		done <"$directory/cgroup.procs"
		rmdir "$directory" || :
	done 2>/dev/null
}

# A test that changes something of the machine defines at_end(), which sets it back.
root_lib_end() {
	local status=$?

	root_lib_leave_cgroups
	! declare -F at_end >/dev/null || at_end
	# Skipped, or a part of it, with the reason as the last line; unless another part has failed.
	if [ "$status" -eq 77 ] && [ "$checks_failed" -eq 0 ]; then
		exit 77
	fi
	if [ "$status" -ne 0 ] && [ "$status" -ne 77 ]; then
		printf 'not ok - ended early with status %d\n' "$status"
	elif [ "$checks_done" -eq 0 ]; then
		printf 'not ok - nothing checked\n'
		status=1
	elif [ "$checks_failed" -gt 0 ]; then
		printf '%d of %d checks failed\n' "$checks_failed" "$checks_done"
		status=1
	fi
	exit "$status"
} >&"$report_fd"
trap root_lib_end EXIT

root_lib_install "$@"
root_lib_world
