# SPDX-License-Identifier: Apache-2.0
# devices.bats - which devices can be opened: nodes are made, rules let them be used
load ../helpers

# The misc device of tun(4), 10:200, is closed to containers by default. Opened, it answers a read
# with an error of its own.
try_read='head -c 1 /dev/tun'

setup_file() {
	[ -c /dev/net/tun ] || skip "no /dev/net/tun here"
}

@test "a device that was not given can't be opened, however the node came there" {
	mknod tun c 10 200
	box -v "$T/tun:/dev/tun" sh -c "$try_read; mknod /tmp/tun c 10 200; head -c 1 /tmp/tun"
	[ "$(printf '%s\n' "$err" | grep -c "Operation not permitted")" = 2 ]
}

@test "--device lets it be opened, as far as its access says" {
	box --device /dev/net/tun:/dev/tun sh -c "$try_read; stat -c '%t:%T %a %u:%g' /dev/tun"
	out_is "a:c8 $(stat -c '%a %u:%g' /dev/net/tun)"
	err_has "Input/output error"
	box --device /dev/net/tun:/dev/tun:r sh -c "$try_read; echo x >/dev/tun"
	err_has "Input/output error"
	err_has "Operation not permitted"
	box --device /dev/net/tun:/dev/tun:w sh -c "$try_read"
	err_has "Operation not permitted"
}

@test "--device DIRECTORY: all devices below it" {
	mkdir -p d/sub && mknod d/tun c 10 200 && mknod d/sub/full c 1 7 && echo >d/file
	box --device "$T/d:/dev/mine" sh -c 'cd /dev/mine; ls -R; head -c 1 tun'
	out_is ".:
sub
tun

./sub:
full"
	err_has "Input/output error"
}

@test "--device-cgroup-rule opens what the workload makes" {
	box --device-cgroup-rule 'c 10:200 r' sh -c 'mknod /dev/tun c 10 200; head -c 1 /dev/tun; echo >/dev/tun'
	err_has "Input/output error"
	err_has "Operation not permitted"
	box --device-cgroup-rule 'c 10:* rwm' sh -c 'mknod /dev/tun c 10 200; head -c 1 /dev/tun'
	err_has "Input/output error"
	box --device-cgroup-rule 'c 10:200' true
	refused "not a rule"
	box --cgroups disabled --device-cgroup-rule 'c 10:200 r' true
	refused "--cgroups disabled"
	box --cgroups disabled --device /dev/net/tun:/dev/tun:r true
	refused "can't be held"
}

@test "the script makes the same device and the same rules" {
	! grep -q /ld-linux "$TARE" || skip "tare is linked dynamically"
	ask tare run --rm --script --device /dev/net/tun:/dev/mine/tun:r --device-cgroup-rule 'c 10:229 rwm' \
		--rootfs "$BASE:O" sh -c 'stat -c "%t:%T %a" /dev/mine/tun; head -c 1 /dev/mine/tun; echo >/dev/mine/tun'
	cp .out script.sh
	ask sh script.sh
	out_is "a:c8 $(stat -c %a /dev/net/tun)"
	err_has "Input/output error"
	err_has "Operation not permitted"
}
