# shellcheck shell=bash
# A genuine Nix store, its daemon, and users of its own to build as: sources support/root-lib.sh.
# Nothing is fetched: all there is to build with is a busybox.
. "$(dirname "${BASH_SOURCE[0]}")/root-lib.sh"

# Directories at the top of the machine that were made for the test: they go with it.
nix_lib_made=()
nix_lib_cover() { # DIRECTORY
	if [ ! -d "$1" ]; then
		mkdir "$1"
		nix_lib_made+=("$1")
	fi
	mount -t tmpfs -o mode=0755 test-nix "$1"
}

at_end() {
	local directory

	# A mount point cannot be removed where it is one.
	for directory in "${nix_lib_made[@]}"; do
		umount --recursive --lazy "$directory"
		rmdir "$directory"
	done
}

# as_alice COMMAND...: outside.
as_alice() {
	HOME=/home/alice as_user alice "$@"
}

# nix_configure [LINE...]: /etc/nix/nix.conf, with these lines after the usual ones.
nix_configure() {
	cat >/etc/nix/nix.conf <<-EOT
		# The builds are sandboxed, and need no Internet.
		sandbox = true
		sandbox-fallback = false
		sandbox-paths = /bin/sh=$nix_lib_busybox
		substitute = false
		substituters =
		max-jobs = 2
	EOT
	[ $# -eq 0 ] || printf '%s\n' "$@" >>/etc/nix/nix.conf
}

nix_answers() {
	as_alice env NIX_REMOTE=daemon nix-store --query --hash "$nix_busybox"
}

start_nix_daemon() {
	nix-daemon >>nix-daemon.log 2>&1 &
	nix_daemon=$!
	eventually 20 nix_answers || root_lib_die "no answer of the Nix daemon: $(cat nix-daemon.log)"
}

# Each connection has a process of its own.
stop_nix_daemon() {
	local process

	kill "$nix_daemon" || :
	wait "$nix_daemon" || :
	for process in $(grep -lx nix-daemon /proc/[0-9]*/comm 2>/dev/null); do
		process=${process#/proc/}
		kill "${process%/comm}" || :
	done
}

# nix_expression BODY: a derivation, whose builder is sh -c.
nix_expression() {
	cat <<-EOT
		let
		  busybox = builtins.storePath "$nix_busybox";
		  run = name: script: derivation {
		    inherit name;
		    system = builtins.currentSystem;
		    builder = "\${busybox}/bin/busybox";
		    args = [ "sh" "-euc" "PATH=\${busybox}/bin; \${script}" ];
		  };
		in
		$1
	EOT
}

nix_lib_busybox=$(command -v busybox) || root_lib_die 'there is no busybox'
nix_lib_cover /nix
nix_lib_cover /etc/nix
grep -q '^nixbld:' /etc/group || echo 'nixbld:x:30000:nixbld1,nixbld2' >>/etc/group
grep -q '^nixbld1:' /etc/passwd || for number in 1 2; do
	echo "nixbld$number:x:$((30000 + number)):30000::/var/empty:/usr/sbin/nologin"
done >>/etc/passwd
nix_configure
mkdir -p busybox/bin
cp "$nix_lib_busybox" busybox/bin/busybox
for name in cat chmod cp echo env grep id ln ls mkdir sh sleep touch; do
	ln -s busybox "busybox/bin/$name"
done
nix_busybox=$(nix-store --add busybox)
