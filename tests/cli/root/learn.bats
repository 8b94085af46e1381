#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# what the pages of docs/learn say is what happens

load ../helpers

@test "from-scratch.md: a container by hand, and by tare" {
	PATH=$(dirname "$TARE"):$PATH ask "$STAGE/learn/run" "$STAGE/learn/from-scratch.md"
	code_is 0
}
