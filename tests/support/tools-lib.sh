# shellcheck shell=bash
# What every test of a programmer's tools begins with: real programs inside, as alice, who has no
# rights beyond her own. A program that is missing is a failure, not a reason to skip: `./dev deps`
# installs all of them.
. "$(dirname "${BASH_SOURCE[0]}")/root-lib.sh"

# works DESCRIPTION SCRIPT: bash runs it inside, in a new directory of the project. Each of its
# commands has to succeed; hence no lists with && in it, of which only the last one counts. What it
# does and prints is shown when it has failed.
works() {
	local status=0

	# shellcheck disable=SC2016 # expanded inside
	timeout 100 claude-sandbox shell --user alice "${sandbox_options[@]}" "$project" -- \
		bash -xeuo pipefail -c 'cd "$(mktemp -d -p /project)"; eval "$0"' "$2" \
		>/home/test/log 2>&1 || status=1
	report "$status" "$1"
	[ "$status" -eq 0 ] || sed 's/^/  | /' /home/test/log
}

# All that the tools have made is alice's, and nothing of it is left running.
finish_tools() {
	equal "all files are the caller's" '' "$(find "$project" '(' ! -user alice -o ! -group crew ')')"
	check 'nothing is left' eventually 2 no_other_processes
}
