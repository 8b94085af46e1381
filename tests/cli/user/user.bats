# SPDX-License-Identifier: Apache-2.0
# user.bats - an ordinary user with subordinate ids
load ../helpers
source "$STAGE/cli/kill.bash"

@test "the caller is root inside, and a full range lies behind" {
	box sh -c 'id -u; cat /proc/self/uid_map'
	code_is 0
	printf '%s\n' "$out" | head -n 1 | grep -qx 0
	[ "$(printf '%s\n' "$out" | awk 'NF == 3 { n += $3 } END { print n }')" -ge 65536 ]
}

@test "--userns keep-id: the caller's number inside" {
	box --userns keep-id id -u
	code_is 0
	out_is "$(id -u)"
}

@test "what root inside makes is the caller's outside" {
	mkdir d
	box -v "$T/d:/m" touch /m/f
	[ "$(stat -c %u d/f)" = "$(id -u)" ]
}

@test "tare is killed before each of its calls" {
	kill_at_each host "${TARE_KILL_STEP:-8}"
}

@test "the first process is killed before each of its calls" {
	kill_at_each init "${TARE_KILL_STEP:-8}"
}

@test "-v of a directory that can't be made: the reason is told, parents or not" {
	local source
	for source in /tare-no /tare-no/below/it; do
		ask tare run --rm --rootfs "$BASE:O" -v "$source:/x" true
		code_is 125
		err_has "make '$source': Permission denied"
	done
}

@test "--group-add keep-groups: the caller's groups stay" {
	local mine=$(id -G | wc -w)
	box --group-add keep-groups sh -c 'grep Groups: /proc/self/status | wc -w'
	code_is 0
	[ "$out" -ge "$mine" ] || shown
}
