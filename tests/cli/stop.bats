# SPDX-License-Identifier: Apache-2.0
# stop.bats - stop, kill and rm -f: which signal, how long, what is said, what run ends with
load helpers

# run_as NAME [FLAGS] COMMAND…: a container in the background; its tare is $tare_pid.
run_as() {
	local name=$1
	shift
	"$TARE" run --rm --name "$name" --rootfs "$BASE:O" "$@" >"$T/out.$name" 2>"$T/err.$name" &
	tare_pid=$!
	until_true sh -c '"$TARE" ps --format "{{.Names}}" | grep -qx "$1"' - "$name"
	until_true became "$tare_pid" "${comm:-sleep}"
}

# ended_with CODE: the status of the foreground run
ended_with() {
	local status=0
	wait "$tare_pid" || status=$?
	[ "$status" = "$1" ] || { echo "run ended with $status, not $1"; return 1; }
}

@test "stop: process 1 without a handler ignores TERM, which is said, and is killed" {
	run_as deaf sleep 60
	local begin=$(date +%s%N)
	ask tare stop -t 1 deaf
	local took=$((($(date +%s%N) - begin) / 1000000))
	code_is 0
	out_is deaf
	err_has 'process 1 ignored SIGTERM'
	err_has --init
	[ "$took" -ge 900 ] && [ "$took" -lt 5000 ]
	ended_with 137
	[ ! -s err.deaf ] || { cat err.deaf; return 1; }
}

@test "stop: with --init at once" {
	comm='.*' run_as quick --init sh -c 'echo ready; exec sleep 60'
	until_true grep -q ready out.quick
	ask tare stop quick
	code_is 0
	err_is ""
	ended_with 143
}

@test "stop: a handler's own code" {
	comm=sh run_as own sh -c 'trap "exit 7" TERM; echo ready; while :; do sleep 0.05; done'
	until_true grep -q ready out.own
	ask tare stop own
	code_is 0
	err_is ""
	ended_with 7
}

@test "stop: a handler that goes on is killed, and that is said" {
	comm=sh run_as goes sh -c 'trap : TERM; echo ready; while :; do sleep 0.05; done'
	until_true grep -q ready out.goes
	ask tare stop -t 1 goes
	code_is 0
	err_has 'did not end within 1 second of SIGTERM'
	ended_with 137
}

@test "stop: --stop-signal and --stop-timeout of run, -s of stop" {
	local script='trap "exit 8" USR1; trap "exit 9" RTMIN+2 2>/dev/null || trap "exit 9" 36
		echo ready; while :; do sleep 0.05; done'
	comm=sh run_as first --stop-signal USR1 sh -c "$script"
	until_true grep -q ready out.first
	ask tare stop first
	code_is 0
	ended_with 8
	comm=sh run_as second --stop-signal USR1 sh -c "$script"
	until_true grep -q ready out.second
	ask tare stop -s RTMIN+2 second
	code_is 0
	ended_with 9
	run_as third --stop-timeout 0 sleep 60
	ask tare stop third
	code_is 0
	err_has 'after 0 seconds'
	ended_with 137
}

@test "stop: by id, by the beginning of one, by --cidfile, --latest, all at once" {
	local id
	run_as one --stop-timeout 0 sleep 60
	id=$("$TARE" ps -q --no-trunc)
	ask tare stop "${id:0:6}"
	code_is 0
	out_is "${id:0:6}"
	ended_with 137
	run_as two --cidfile two.id sleep 60
	ask tare stop -t 0 --cidfile two.id
	code_is 0
	ended_with 137
	run_as three --stop-timeout 1 sleep 60
	local first_pid=$tare_pid
	run_as four --stop-timeout 1 sleep 60
	local begin=$(date +%s%N)
	ask tare stop -a
	code_is 0
	[ "$(printf '%s\n' "$out" | wc -l)" = 2 ]
	[ $((($(date +%s%N) - begin) / 1000000)) -lt 1900 ] || echo "one after the other"
	ended_with 137
	tare_pid=$first_pid ended_with 137
}

@test "stop: of what is not there, of what has ended, of nothing" {
	ask tare stop nobody
	code_is 1
	err_has nobody
	ask tare stop -i nobody
	code_is 0
	ask tare stop
	code_is 125
	ask tare stop -s NOPE x
	refused NOPE
	ask tare stop -t 1s x
	refused 1s
	ask tare run --name over --rootfs "$BASE:O" true
	ask tare stop over
	code_is 0
	out_is over
	ask tare kill over
	code_is 1
	err_has "'over' does not run"
	ask tare rm over
	code_is 0
}

@test "kill: KILL, or another signal that it is sent" {
	comm=sh run_as heard sh -c 'trap "echo heard" HUP; echo ready; while :; do sleep 0.05; done'
	until_true grep -q ready out.heard
	ask tare kill -s HUP heard
	code_is 0
	out_is heard
	until_true grep -q '^heard$' out.heard
	ask tare kill heard
	code_is 0
	ended_with 137
	[ ! -s err.heard ] || { cat err.heard; return 1; }
	ask tare kill -s 0 heard
	refused "'0'"
}

@test "rm -f kills first, and run ends as with any kill" {
	run_as gone sleep 60
	ask tare rm -f gone
	code_is 0
	out_is gone
	ended_with 137
	ask tare ps -aq
	out_is ""
	"$TARE" run --name kept --rootfs "$BASE:O" sleep 60 2>err.kept &
	tare_pid=$!
	until_true became "$tare_pid" sleep
	ask tare rm -f kept nobody
	code_is 0
	out_is kept
	ended_with 137
	ask tare ps -aq
	out_is ""
}

@test "a stale record signals nobody" {
	"$TARE" run --name stale --rootfs "$BASE:O" sleep 60 &
	tare_pid=$!
	until_true became "$tare_pid" sleep
	local first=$(echo "$T"/root/containers/*/first)
	until_true test -L "$first"
	sleep 60 &
	local other=$!
	# the number of somebody else's process, with another start time
	ln -sfn "$other $(readlink "$first" | cut -d' ' -f2-)" "$first"
	ask tare stop -t 0 stale
	ask tare kill stale
	kill -0 "$other"
	kill "$other"
	wait "$other" || true
	ask tare rm -f stale
	code_is 0
	wait "$tare_pid" || true
	ask tare ps -aq
	out_is ""
}

@test "process 1 can't kill itself, and run passes TERM and INT on" {
	box sh -c 'kill -9 $$; echo on'
	code_is 0
	out_is on
	local signal
	for signal in TERM INT; do
		comm=sh run_as passes sh -c "trap 'exit 6' $signal; echo ready; while :; do sleep 0.05; done"
		until_true grep -q ready out.passes
		kill "-$signal" "$tare_pid"
		ended_with 6
	done
}

@test "--stop-signal and --stop-timeout that make no sense" {
	box --stop-signal NOPE true
	refused NOPE
	box --stop-timeout -2 true
	refused '-2'
}
