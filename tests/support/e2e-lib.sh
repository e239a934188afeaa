# shellcheck shell=bash
# What every test with the real Claude Code begins with. Beside what root-lib.sh has:
#
#	claude		path of the native program
#	stand_in COMMAND [LISTEN]	starts the stand-in for the service: sets `service`, logs to `requests`
. "$(dirname "${BASH_SOURCE[0]}")/root-lib.sh"

for claude in /home/test/node_modules/@anthropic-ai/claude-code-linux-*/claude; do
	[ -x "$claude" ] && break
done
[ -x "$claude" ] || root_lib_die 'cannot find the program of Claude Code'
command -v node >/dev/null || root_lib_die 'node is missing'

stand_in() {
	rm -f listening
	node /home/test/bin/api-stand-in.js --listen "${2-0}" --command "$1" --log requests >listening &
	eventually 20 [ -s listening ] || root_lib_die 'the stand-in does not start'
	service=$(cat listening)
}

# For one turn: the key, where to go, and no traffic beside.
use_service() {
	export ANTHROPIC_API_KEY=sk-test-key-of-alice-0123456789
	export ANTHROPIC_BASE_URL=$1 CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1
}

# The turn by pipes: stdout to `out`, stderr to `err`.
print_turn() { # OPTION...
	timeout 60 claude-sandbox run --user alice --claude "$claude" "$@" "$project" -- \
		-p 'run the test' --dangerously-skip-permissions >out 2>err
}
