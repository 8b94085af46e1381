# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2154 # out, err and code are set by the helpers
# debian.bats - a Debian under every limit at once: seen from inside, from the host, and overrun
#
# The Debian is made by mmdebstrap once and kept; every test lays an overlay over it.
load ../helpers
load cgroup

given=(--memory 100m --cpus 0.5 --pids-limit 64 --cap-drop ALL --read-only -u nobody)
# Memory that is swapped out is not counted as memory: on a host with swap, 200 MB would fit.
no_swap=(--memory-swap 100m)
overrun='push @held, "x" x 1e6 for 1 .. 200; print "alive"'

setup_file() {
	export BASE=${TARE_DEBIAN:-/var/cache/tare-test/bookworm-minbase}
	[ ! -e "$BASE" ] || return 0
	local new="$BASE.$$"
	mkdir -p "${BASE%/*}"
	if command -v mmdebstrap && timeout 600 mmdebstrap --variant=minbase bookworm "$new"; then
		chmod 755 "$new"
		mv -T "$new" "$BASE"
	else
		rm -rf --one-file-system "$new"
	fi >"$BATS_FILE_TMPDIR/log" 2>&1
}

debian() {
	[ -e "$BASE" ] || skip "no Debian: $(tail -n 1 "$BATS_FILE_TMPDIR/log" | tr -d '#')"
}

@test "a Debian sees its limits" {
	debian
	# shellcheck disable=SC2016 # for the inner shell
	box "${given[@]}" sh -c '
		. /etc/os-release && echo "$VERSION_CODENAME $(id -un)"
		grep -E "^(Uid|Gid|Cap|Seccomp:)" /proc/self/status
		touch /x
		grep -o " / / r[ow]" /proc/self/mountinfo
		cd /sys/fs/cgroup
		cat memory.max memory/memory.limit_in_bytes
		cat cpu.max || cat cpu/cpu.cfs_quota_us cpu/cpu.cfs_period_us
		cat pids.max pids/pids.max
		for i in $(seq 70); do sleep 1 & done'
	[ "$(tr -s '[:space:]' ' ' <"$T/.out")" = "bookworm nobody Uid: 65534 65534 65534 65534 Gid: 65534 65534 65534 65534 \
CapInh: 0000000000000000 CapPrm: 0000000000000000 CapEff: 0000000000000000 \
CapBnd: 0000000000000000 CapAmb: 0000000000000000 Seccomp: 2 / / ro \
104857600 50000 100000 64 " ] || shown
	err_has "touch: cannot touch '/x': Read-only file system"
	err_has "Cannot fork"
}

@test "the host sees a Debian's limits" {
	debian
	limited "${given[@]}"
	[ "$(value memory memory.max memory.limit_in_bytes)" = 104857600 ]
	[ "$(value cpu cpu.max cpu.cfs_quota_us)" = "50000 100000" ] ||
		[ "$(cat "$(group cpu)"/cpu.cfs_{quota,period}_us)" = $'50000\n100000' ]
	[ "$(value pids pids.max pids.max)" = 64 ]
	[ "$(grep -cE $'^Cap[A-Z][a-z]+:\t0{16}$' "/proc/$inner/status")" = 5 ]
	[ "$(grep -cE $'^[UG]id:\t65534\t65534\t65534\t65534$' "/proc/$inner/status")" = 2 ]
	grep -qx $'Seccomp:\t2' "/proc/$inner/status"
	grep -q ' / / ro,' "/proc/$inner/mountinfo"
	ended
}

@test "200 MB in a Debian with 100 MiB: killed within its cgroup" {
	debian
	box "${given[@]}" "${no_swap[@]}" perl -e "$overrun"
	code_is 137
	out_is ""
	err_has "tare: the container was killed after "
	err_has "because memory ran out"
	err_has ": the limit is 100 MiB"
	[ "$(printf '%s\n' "$err" | wc -l)" = 1 ] || shown
}

@test "the cgroup of a Debian counts what was killed, and the rest of it goes on" {
	debian
	# shellcheck disable=SC2016 # for the inner shell
	"$TARE" run --rm --rootfs "$BASE:O" "${given[@]}" "${no_swap[@]}" sh -c '
		perl -e "$0"; echo "$?"; exec sleep 30' "$overrun" >got 2>&1 &
	tare_pid=$!
	until_true grep -qx 137 got
	inner=$(first_process "$tare_pid")
	value memory memory.events memory.oom_control | grep -qx 'oom_kill 1'
	ended
}
