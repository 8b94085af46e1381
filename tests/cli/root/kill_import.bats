# SPDX-License-Identifier: Apache-2.0
# kill_import.bats - kill -9 before the system calls of an import, its own and its helpers'
load ../helpers
source "$STAGE/cli/kill.bash"

# Every call with TARE_KILL_STEP=1, some ten without.
step() {
	echo "${TARE_KILL_STEP:-$1}"
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
