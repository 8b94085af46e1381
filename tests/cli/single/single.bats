# SPDX-License-Identifier: Apache-2.0
# single.bats - an ordinary user for whom nothing was set up: one id inside
load ../helpers
source "$STAGE/cli/kill.bash"

@test "the caller is root inside, and nobody else exists" {
	box sh -c 'id -u; cat /proc/self/uid_map'
	code_is 0
	[ "$(printf '%s' "$out" | tr -s ' \n' ' ')" = "0 0 $(id -u) 1" ] || shown
}

@test "another user is an error before the start, and says what to set up" {
	box -u app true
	code_is 125
	err_has subuid
	box -u 5000 true
	code_is 125
}

@test "--userns keep-id: the caller's number inside" {
	box --userns keep-id id -u
	code_is 0
	out_is "$(id -u)"
}

@test "the first process is killed before each of its calls" {
	kill_at_each init "${TARE_KILL_STEP:-8}"
}
