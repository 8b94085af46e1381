# SPDX-License-Identifier: Apache-2.0
# kill.bats - kill -9 before each system call, on both sides
load ../helpers
source "$STAGE/cli/kill.bash"

@test "tare is killed before each of its calls" {
	kill_at_each host "${TARE_KILL_STEP:-4}" --memory 50m
}

@test "the first process is killed before each of its calls" {
	kill_at_each init "${TARE_KILL_STEP:-4}" --memory 50m
}
