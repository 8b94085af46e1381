# SPDX-License-Identifier: Apache-2.0
# io.bats - what a container may do to block devices
load ../helpers
load cgroup

# A whole disk, as /dev names it: of a loop device that the test makes, or none.
setup_file() {
	local image
	image=$(mktemp /tmp/tare-disk.XXXXXX)
	truncate -s 32M "$image"
	DISK=$(losetup --find --show "$image" 2>/dev/null) || DISK=
	rm "$image"
	export DISK
}

teardown_file() {
	[ -z "$DISK" ] || losetup -d "$DISK"
}

numbers() {
	printf '%d:%d' "0x$(stat -c %t "$1")" "0x$(stat -c %T "$1")"
}

@test "rates are written for the disk's numbers" {
	[ -n "$DISK" ] || skip "no loop device to be had"
	limited --device-read-bps "$DISK:1m" --device-write-iops "$DISK:50" 2>said
	local at
	at=$(group blkio)
	if [ -e "$at/io.max" ]; then
		[ "$(cat "$at/io.max")" = "$(numbers "$DISK") rbps=1048576 wbps=max riops=max wiops=50" ]
	else
		[ "$(cat "$at/blkio.throttle.read_bps_device")" = "$(numbers "$DISK") 1048576" ]
		[ "$(cat "$at/blkio.throttle.write_iops_device")" = "$(numbers "$DISK") 50" ]
		grep -q O_DIRECT said
	fi
	ended
}

@test "a rate holds what is written directly" {
	[ -n "$DISK" ] || skip "no loop device to be had"
	local begin=${EPOCHREALTIME/./}
	box --privileged --device-write-bps "$DISK:1m" \
		dd if=/dev/zero of="$DISK" bs=1M count=4 oflag=direct
	code_is 0
	local took=$((${EPOCHREALTIME/./} - begin))
	[ "$took" -gt 2000000 ] || { echo "4 MB in $took µs"; return 1; }
}

@test "weights: only where a disk has the scheduler bfq" {
	[ -n "$DISK" ] || skip "no loop device to be had"
	local queue=/sys/block/${DISK##*/}/queue/scheduler kept
	if grep -q '\[bfq\]' /sys/block/*/queue/scheduler; then
		skip "a disk here has it already"
	fi
	box --blkio-weight 300 true
	refused bfq
	kept=$(sed 's/.*\[\(.*\)\].*/\1/' "$queue")
	modprobe bfq 2>/dev/null || true
	echo bfq >"$queue" || skip "the kernel has no bfq"
	limited --blkio-weight 300 --blkio-weight-device "$DISK:200"
	local at=$(group blkio) code=0
	grep -qx "default 300\|300" "$at"/*bfq.weight || code=1
	grep -q "$(numbers "$DISK") 200" "$at"/*bfq.weight "$at"/*bfq.weight_device 2>/dev/null || code=2
	ended
	echo "$kept" >"$queue"
	[ "$code" = 0 ] || { echo "wrong: $code"; return 1; }
}

@test "what is no disk, and what is no rate" {
	box --device-read-bps /dev/null:1m true
	refused /dev/null "not a block device"
	box --device-read-bps /dev/there-is-none:1m true
	refused there-is-none
	box --device-write-iops sda:10 true
	refused device-write-iops
	box --blkio-weight 5 true
	refused blkio-weight 1000
}
