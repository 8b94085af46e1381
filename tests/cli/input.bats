# SPDX-License-Identifier: Apache-2.0
# input.bats - what tare does with words it can't use: one line, the right code, nothing left
load helpers

@test "no command at all" {
	ask tare run --rm --rootfs "$BASE:O"
	refused
	ask tare run --rm
	code_is 125
}

@test "a root that isn't there, or is a file" {
	ask tare run --rm --rootfs "$T/nowhere" true
	refused "$T/nowhere"
	: >f
	ask tare run --rm --rootfs "$T/f" true
	refused "$T/f"
	ask tare run --rm --rootfs "" true
	code_is 125
}

@test "an image that isn't there" {
	ask tare run --rm no-such-image true
	code_is 125
	err_has no-such-image
}

@test "an unknown flag: the nearest is proposed" {
	ask tare run --rm --hostnam x --rootfs "$BASE:O" true
	code_is 125
	err_has --hostnam
	err_has --hostname
	ask tare run --reed-only --rootfs "$BASE:O" true
	code_is 125
	err_has --read-only
	ask tare run --bogus hello
	code_is 125
}

@test "a flag without its value, and one with a value it doesn't take" {
	ask tare run --rm --rootfs
	code_is 125
	err_has --rootfs
	ask tare run --read-only=perhaps --rootfs "$BASE:O" true
	code_is 125
	err_has --read-only
}

@test "a flag given twice that can be given once: the last holds" {
	box -h one -h two hostname
	out_is two
}

@test "an unknown command: the nearest is proposed" {
	ask tare rnu hello
	[ "$code" != 0 ]
	err_has run
}

@test "limits with bad units" {
	local value
	for value in 1q 1.2.3m m -5m '' 99999999999999999999g 5mbit 0x10; do
		box -m "$value" true
		code_is 125
	done
	for value in x -1 '' 1e3 1,5 0.0000001; do
		box --cpus "$value" true
		code_is 125
	done
	for value in x 1.5 '' 1k 99999999999999999999; do
		box --pids-limit "$value" true
		code_is 125
	done
}

@test "names of four kilobytes" {
	local long
	long=$(printf 'x%.0s' $(seq 4096))
	ask tare run --rm --rootfs "/$long" true
	code_is 125
	box "/$long"
	[ "$code" = 126 ] || code_is 127
	box "$long"
	code_is 127
	box -w "/$long" true
	code_is 125
	box -v "$T:/$long" true
	code_is 125
	box -h "$long" true
	code_is 125
	box -u "$long" true
	code_is 125
}

@test "looping and absolute symlinks under mount targets" {
	rootfs
	mkdir d inside
	ln -s loop2 "$T/rootfs/loop1"
	ln -s loop1 "$T/rootfs/loop2"
	ln -s /var "$T/rootfs/abs"
	ask tare run --rm --rootfs "$T/rootfs" -v "$T/d:/loop1/x" true
	refused /loop1/x
	ask tare run --rm --rootfs "$T/rootfs" -v "$T/d:/abs/x" sh -c 'touch /var/x/here'
	code_is 0
	[ -e d/here ]
	[ ! -e /var/x ]
}

@test "escape sequences in what users give are not passed on to the terminal" {
	box --name "$(printf 'a\033[31mb')" true
	code_is 125
	case $err in *$'\033'*) return 1 ;; esac
	box "$(printf '/n\033[31m')"
	code_is 127
	case $err in *$'\033'*) return 1 ;; esac
}
