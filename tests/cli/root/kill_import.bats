# SPDX-License-Identifier: Apache-2.0
# kill_import.bats - kill -9 before the system calls of an import, its own and its helpers'
load ../helpers
source "$STAGE/cli/kill.bash"

# step N: every N-th call, every single one with TARE_KILL_STEP=1. Any other value is a start's, whose
# own step is 4: as much wider.
step() {
	local wider=${TARE_KILL_STEP:-4}
	[ "$wider" = 1 ] && echo 1 || echo $(($1 * wider / 4))
}

layer() {
	tar -C "$BASE" --format=pax -czf "$T/layer.tgz" .
}

@test "tare import is killed before each of its calls" {
	layer
	kill_import host "$(step 37)" layer.tgz
}

@test "tare or a helper program is killed before each of all calls" {
	layer
	kill_import any "$(step 211)" layer.tgz
}
