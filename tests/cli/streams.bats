# SPDX-License-Identifier: Apache-2.0
# streams.bats - attached streams, descriptors that go along, signals kept, time limits, pid files
load helpers

@test "--attach: what is not attached is /dev/null" {
	local say='echo out; echo err >&2'
	box -a stdout sh -c "$say"
	code_is 0
	out_is out
	err_is ""
	box -a STDERR sh -c "$say"
	code_is 0
	out_is ""
	err_is err
	box -a stdout -a stderr sh -c "$say"
	out_is out
	err_is err
	code=0
	out=$(echo typed | "$TARE" run --rm -i -a stdout --rootfs "$BASE:O" cat) || code=$?
	code_is 0
	out_is ""
	out=$(echo typed | "$TARE" run --rm -i -a stdin -a stdout --rootfs "$BASE:O" cat)
	out_is typed
}

@test "--attach: what makes no sense" {
	box -a nonsense true
	refused nonsense
	box -i -a stdin true
	refused 'not yet'
	box -t -a stderr true
	refused --tty
	box -a stdin -a stdout true
	code_is 0
	err_has 'without -i'
}

@test "--preserve-fds passes on so many, and no more" {
	echo "from outside" >given
	ask sh -c 'exec 3<given 4>taken 5</etc; exec "$@"' - "$TARE" run --rm --rootfs "$BASE:O" \
		--preserve-fds 2 sh -c 'cat <&3; echo "from inside" >&4; ls /proc/1/fd; exit'
	code_is 0
	out_is "from outside
0
1
2
3
4"
	[ "$(cat taken)" = "from inside" ]
}

@test "--preserve-fds: with --init, and of what is not there" {
	ask sh -c 'exec 3<"$BASE/etc/passwd"; exec "$@"' - "$TARE" run --rm --rootfs "$BASE:O" \
		--init --preserve-fds 1 sh -c 'head -n 1 <&3'
	code_is 0
	out_has root
	ask sh -c 'exec 3<&- 4<&-; exec "$@"' - "$TARE" run --rm --preserve-fds 2 --rootfs "$BASE:O" true
	refused 'descriptor 3 is not open'
	box --preserve-fds x true
	refused "'x'"
}

@test "--preserve-fd passes on those of a list" {
	ask sh -c 'exec 3</etc 5<"$BASE/etc/passwd" 7</etc 9</dev/null; exec "$@"' - "$TARE" run --rm \
		--rootfs "$BASE:O" --preserve-fd 9,5 --preserve-fd 5 sh -c 'head -n 1 <&5; ls /proc/1/fd; exit'
	code_is 0
	out_is $'root:x:0:0::/root:/bin/sh\n0\n1\n2\n5\n9'
	ask sh -c 'exec 3<&- 9</dev/null; exec "$@"' - "$TARE" run --rm --preserve-fd 9,3 --rootfs "$BASE:O" true
	refused 'descriptor 3 is not open'
	box --preserve-fd 1 true
	refused "'1'" 'go along in any case'
}

@test "--timeout kills it, and says so" {
	local begin=$(date +%s%N)
	box --timeout 1 --report report sh -c 'trap : TERM; while :; do sleep 0.1; done'
	code_is 137
	grep -q '"timeout": 1$' report
	grep -q '"words": ".*as --timeout says' report
	err_has 'after 1 second, as --timeout says'
	[ $((($(date +%s%N) - begin) / 1000000)) -ge 900 ]
	box --timeout 20 sh -c 'exit 3'
	code_is 3
	err_is ""
	box --timeout 0 true
	code_is 0
	box --timeout -1 true
	refused --timeout
}

@test "--sig-proxy=false: TERM ends tare and with it the container, USR1 does nothing" {
	"$TARE" run --rm --sig-proxy=false --rootfs "$BASE:O" \
		sh -c 'trap "echo heard" TERM USR1; echo ready; while :; do sleep 0.05; done' >shown &
	local tare_pid=$! status=0
	until_true grep -q ready shown
	kill -USR1 "$tare_pid"
	sleep 0.2
	kill -0 "$tare_pid"
	kill -TERM "$tare_pid"
	wait "$tare_pid" || status=$?
	[ "$status" = 143 ]
	[ "$(cat shown)" = ready ]
}

@test "--pidfile holds the number of the first process" {
	"$TARE" run --rm --pidfile pid --rootfs "$BASE:O" sleep 30 &
	local tare_pid=$!
	until_true became "$tare_pid" sleep
	until_true test -s pid
	[ "$(cat pid)" = "$(first_process "$tare_pid")" ]
	kill -KILL "$(cat pid)"
	wait "$tare_pid" || true
	box --pidfile /no/such/file true
	refused /no/such/file
}

@test "--replace takes the place of a container, running or ended" {
	ask tare run --name again --rootfs "$BASE:O" true
	code_is 0
	ask tare run --name again --replace --rootfs "$BASE:O" true
	code_is 0
	"$TARE" run --name again --replace --rootfs "$BASE:O" sleep 30 2>/dev/null &
	local tare_pid=$! status=0
	until_true became "$tare_pid" sleep
	ask tare run --rm --name again --replace --rootfs "$BASE:O" echo new
	code_is 0
	out_is new
	wait "$tare_pid" || status=$?
	[ "$status" = 137 ]
	ask tare ps -aq
	out_is ""
	box --replace true
	refused --name
}
