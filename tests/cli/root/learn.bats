#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# what the pages of docs/learn and docs/runbooks say is what happens

load ../helpers

@test "from-scratch.md: a container by hand, and by tare" {
	PATH=$(dirname "$TARE"):$PATH ask "$STAGE/learn/run" "$STAGE/learn/from-scratch.md"
	code_is 0
}

@test "container-does-not-start.md" {
	PATH=$(dirname "$TARE"):$PATH ask "$STAGE/learn/run" "$STAGE/learn/container-does-not-start.md"
	code_is 0
}

@test "container-killed.md" {
	PATH=$(dirname "$TARE"):$PATH ask "$STAGE/learn/run" "$STAGE/learn/container-killed.md"
	code_is 0
}
