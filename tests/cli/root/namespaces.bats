# SPDX-License-Identifier: Apache-2.0
# namespaces.bats - who ends with a container that has no pid namespace of its own
load ../helpers

sleepers() {
	pgrep -f "^sleep 987.$$\$" || true
}

@test "--pid host: what it leaves running ends with it" {
	box --pid host sh -c "sleep 987.$$ & exec true"
	code_is 0
	[ -z "$(sleepers)" ]
}

@test "--pid host: after a kill -9 of tare the next command ends what is left" {
	local flags
	for flags in --rm --name=kept; do
		"$TARE" run "$flags" --pid host --rootfs "$BASE:O" sh -c "sleep 987.$$ & wait" </dev/null &
		until_true pgrep -f "^sleep 987.$$\$"
		kill -9 $!
		wait $! || true
		tare ps >/dev/null
		until_true test -z "$(sleepers)"
	done
	tare rm kept
}
