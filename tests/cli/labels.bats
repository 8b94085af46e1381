# SPDX-License-Identifier: Apache-2.0
# labels.bats - labels and annotations are kept, shown, asked for, and change nothing
load helpers

kept() {
	ask tare run --rootfs "$BASE:O" "$@" true
	code_is 0
}

@test "labels are shown and filtered by" {
	printf '# comment\nof=file\nonly\n' >labels
	kept --name first -l a=1 --label-file labels
	kept --name second --label a=2 -l of=flag --label-file labels
	ask tare ps -a --filter label=a --format '{{.Names}}'
	[ "$(printf '%s\n' "$out" | sort)" = "first
second" ] || shown
	ask tare ps -a --filter label=a=1 --format '{{.Names}} {{.Labels}}'
	out_is "first of=file,only=,a=1"
	ask tare ps -a --filter label=a --filter label=of=flag --format '{{.Names}}'
	out_is second
	ask tare ps -a --filter label=none -q
	out_is ""
	ask tare rm -a
	code_is 0
}

@test "a label is nothing but text, whatever is in it" {
	local escape=$'\033]0;title\007'
	kept --name odd -l "x=$escape
second line" --annotation "y=$escape"
	ask tare ps -a --format '{{.Labels}}'
	code_is 0
	out_lacks $'\033'
	[ "$(wc -l <.out)" = 1 ]
	ask tare ps -a --json
	out_lacks $'\033'
	ask tare rm odd
	box -l "$escape=x" true
	refused --label
	out_lacks $'\033'
	[[ $err != *$'\033'* ]]
	box --label-file nowhere true
	refused nowhere
	box -l =x true
	refused "=x"
	box --annotation x true
	refused NAME=value
}

@test "labels and annotations of other engines change nothing of a plan" {
	local plain changed
	plain=$("$TARE" run --explain --name box --rootfs "$BASE" true | sed 's/[0-9a-f]\{12,64\}/ID/g')
	changed=$("$TARE" run --explain --name box -l io.podman.annotations.privileged=TRUE \
		-l org.systemd.property.CPUQuota=1 -l tare.privileged=true \
		--annotation run.oci.keep_original_groups=1 \
		--annotation io.kubernetes.cri.checkpoint=/x --rootfs "$BASE" true |
		sed 's/[0-9a-f]\{12,64\}/ID/g')
	[ "$plain" = "$changed" ]
}
