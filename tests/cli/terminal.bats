# SPDX-License-Identifier: Apache-2.0
# terminal.bats - -t: a real terminal inside, the caller's one as it was afterwards
load helpers

# on_terminal ROWS COLUMNS COMMAND…: see terminal.py
on_terminal() {
	ask timeout -k 2 30 "$STAGE/cli/terminal.py" "$@"
	out=$(printf '%s' "$out" | tr -d '\r')
}

@test "-t gives a terminal of the caller's size" {
	on_terminal 30 101 "$TARE" run --rm -it --rootfs "$BASE:O" sh -c 'tty; stty size; echo $TERM'
	code_is 0
	out_has /dev/
	out_has "30 101"
	out_has xterm
}

@test "a new size reaches the inside" {
	on_terminal --resize 41x99 30 101 "$TARE" run --rm -it --rootfs "$BASE:O" \
		sh -c 'trap "stty size; exit 0" WINCH; echo ready; while :; do sleep 0.05; done'
	code_is 0
	out_has "41 99"
}

@test "what is typed goes in, an interrupt too" {
	on_terminal --type 'text\n' 24 80 "$TARE" run --rm -it --rootfs "$BASE:O" sh -c 'echo ready; read l; echo "got $l"'
	code_is 0
	out_has "got text"
	on_terminal --type '\x03' 24 80 "$TARE" run --rm -it --rootfs "$BASE:O" \
		sh -c 'trap "exit 5" INT; echo ready; while :; do sleep 0.05; done'
	code_is 5
}

@test "the caller's terminal is as before: after a success, a failure, a signal" {
	on_terminal --compare 24 80 "$TARE" run --rm -it --rootfs "$BASE:O" sh -c 'exit 3'
	code_is 3
	on_terminal --compare 24 80 "$TARE" run --rm -it --rootfs "$BASE:O" nope
	code_is 127
	on_terminal --compare --signal TERM 24 80 "$TARE" run --rm -it --init --rootfs "$BASE:O" sh -c 'echo ready; sleep 20'
	code_is 143
}

@test "-t without a terminal outside still is one inside" {
	ask tare run --rm -t --rootfs "$BASE:O" sh -c 'test -t 1 && echo yes'
	code_is 0
	out_has yes
}

@test "without -t there is none" {
	on_terminal 24 80 "$TARE" run --rm --rootfs "$BASE:O" sh -c 'ls -l /proc/self/fd/0; env'
	code_is 0
	out_lacks TERM=
	out_has /dev/null
}
