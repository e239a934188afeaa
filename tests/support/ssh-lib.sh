# shellcheck shell=bash
# An ssh server outside, root's, that lets alice in with the keys of her authorized_keys: for tests
# that have support/root-lib.sh.

# It cannot choose a free port by itself: where another program answers, the next one is tried.
ssh_greets() { # PORT
	local line

	{ read -r -t 5 line <&3; } 3<>"/dev/tcp/127.0.0.1/$1" && [[ $line = *dropbear* ]]
}

# start_ssh_server PUBLIC-KEY: sets $ssh_port and $ssh_host_key.
start_ssh_server() {
	install -d -m 0700 -o alice -g crew /home/alice/.ssh
	install -m 0600 -o alice -g crew "$1" /home/alice/.ssh/authorized_keys
	dropbearkey -t ed25519 -f host-key >host-key.text 2>&1
	for _ in {1..5}; do
		ssh_port=$((20000 + RANDOM % 10000))
		dropbear -F -E -s -w -j -k -r host-key -p "127.0.0.1:$ssh_port" -P dropbear.pid 2>dropbear.log &
		ssh_server=$!
		! eventually 5 ssh_greets "$ssh_port" || break
		kill "$ssh_server" || :
		wait "$ssh_server" || :
	done
	# shellcheck disable=SC2034 # for the test
	ssh_host_key=$(grep -o 'ssh-ed25519 [^ ]*' host-key.text)
}

stop_ssh_server() {
	# shellcheck disable=SC2154 # of root-lib.sh
	[ "$checks_failed" -eq 0 ] || sed 's/^/  | /' dropbear.log
	kill "$ssh_server" || :
	wait "$ssh_server" || :
}
