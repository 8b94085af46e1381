# SPDX-License-Identifier: Apache-2.0
# lifecycle.bats - names, ps, rm, the id file, and who dies with whom
load helpers

@test "without --rm it stays, is shown, and can be removed" {
	ask tare run --name kept --rootfs "$BASE:O" sh -c 'exit 4'
	code_is 4
	ask tare ps
	out_lacks kept
	ask tare ps -a
	out_has kept
	out_has 4
	ask tare rm kept
	code_is 0
	ask tare ps -a
	out_lacks kept
}

@test "with --rm nothing stays" {
	box --name gone true
	ask tare ps -a
	out_lacks gone
}

@test "a name that is taken" {
	ask tare run --name twice --rootfs "$BASE:O" true
	code_is 0
	ask tare run --name twice --rootfs "$BASE:O" true
	refused twice
	ask tare rm twice
	code_is 0
}

@test "names that can't be" {
	local name
	for name in -x ../x a/b . '' "$(printf 'x%.0s' $(seq 4096))" 'a
b'; do
		box --name "$name" true
		code_is 125
	done
}

@test "rm of what isn't there" {
	ask tare rm nobody
	[ "$code" != 0 ]
	err_has nobody
}

@test "rm of one that runs is refused" {
	"$TARE" run --rm --name busy --rootfs "$BASE:O" sleep 30 &
	local tare_pid=$!
	until_true sh -c '"$TARE" ps | grep -q busy'
	ask tare rm busy
	[ "$code" != 0 ]
	err_has busy
	kill -KILL "$(first_process "$tare_pid")"
	wait "$tare_pid" || true
}

@test "ps shows one that runs" {
	"$TARE" run --rm --name busy --rootfs "$BASE:O" sleep 30 &
	local tare_pid=$!
	until_true sh -c '"$TARE" ps | grep -q busy'
	ask tare ps
	out_has sleep
	kill -KILL "$(first_process "$tare_pid")"
	wait "$tare_pid" || true
	ask tare ps -a
	out_lacks busy
}

@test "--cidfile holds the id, and an old file is not overwritten" {
	box --cidfile id sh -c 'cat /etc/hostname'
	code_is 0
	grep -qE '^[0-9a-f]{64}$' id
	[ "$(wc -c <id)" = 64 ]
	[ "$out" = "$(cut -c1-12 id)" ]
	box --cidfile id true
	refused "'id'"
}

@test "kill -9 of tare ends the container" {
	local tare_pid inner
	"$TARE" run --name orphan --rootfs "$BASE:O" sleep 30 &
	tare_pid=$!
	until_true became "$tare_pid" sleep
	inner=$(first_process "$tare_pid")
	kill -KILL "$tare_pid"
	wait "$tare_pid" || true
	until_true test ! -e "/proc/$inner"
	ask tare ps -a
	code_is 0
	out_has orphan
	ask tare rm orphan
	code_is 0
}

@test "kill -9 of a tare with --rm: the next command tidies up" {
	local tare_pid
	"$TARE" run --rm --name orphan --rootfs "$BASE:O" sleep 30 &
	tare_pid=$!
	until_true became "$tare_pid" sleep
	kill -KILL "$tare_pid"
	wait "$tare_pid" || true
	ask tare ps -a
	out_lacks orphan
}

@test "TERM and INT are passed on, and the command's code comes back" {
	local signal tare_pid
	for signal in TERM INT HUP USR1; do
		"$TARE" run --rm --rootfs "$BASE:O" sh -c "trap 'exit 7' $signal; touch /tmp/r; echo ready; while :; do sleep 0.05; done" >ready &
		tare_pid=$!
		until_true grep -q ready ready
		kill "-$signal" "$tare_pid"
		code=0
		wait "$tare_pid" || code=$?
		[ "$code" = 7 ] || { echo "$signal: $code"; return 1; }
		: >ready
	done
}

@test "with --init TERM ends a command that doesn't care: 143" {
	"$TARE" run --rm --init --rootfs "$BASE:O" sh -c 'echo ready; exec sleep 30' >ready &
	local tare_pid=$!
	until_true grep -q ready ready
	sleep 0.1
	kill -TERM "$tare_pid"
	code=0
	wait "$tare_pid" || code=$?
	[ "$code" = 143 ]
}

@test "version and info" {
	ask tare version
	code_is 0
	out_has "0."
	ask tare info
	code_is 0
	out_has overlay
	[ "$(id -u)" != 0 ] || out_has "with id maps:"
}
