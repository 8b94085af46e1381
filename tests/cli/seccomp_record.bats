# SPDX-License-Identifier: Apache-2.0
# seccomp_record.bats - a container's system calls: the least profile for them, and who was refused
load helpers
load bundle

# allowed NAME [FILE]: whether the profile allows that call, under a condition or not
allowed() {
	python3 -c 'import json, sys
profile = json.load(open(sys.argv[2]))
assert profile["defaultAction"] == "SCMP_ACT_ERRNO"
sys.exit(not any(sys.argv[1] in entry["names"] for entry in profile["syscalls"]))' \
		"$1" "${2:-profile.json}"
}

@test "seccomp=record: the workload passes under its profile, and what it did not do is refused" {
	box --security-opt seccomp=record:profile.json sh -c 'ls /etc >/tmp/a; (sleep 0.01) & wait; cat /tmp/a'
	code_is 0
	out_has passwd
	err_has "for trying, not for production"
	err_has "capabilities were not recorded"
	allowed getdents64
	allowed execve
	! allowed mkdir
	! allowed mount
	box --security-opt seccomp=profile.json sh -c 'ls /etc >/tmp/a; (sleep 0.01) & wait; cat /tmp/a'
	code_is 0
	out_has passwd
	box --security-opt seccomp=profile.json mkdir /tmp/x
	code_is 1
	err_has "Operation not permitted"
	# Docker's conditions on arguments went into it: clone makes no namespaces.
	grep -q SCMP_CMP_MASKED_EQ profile.json
}

@test "seccomp=record: what the filter refuses stays refused, and is not in the profile" {
	box --security-opt seccomp=record:profile.json sh -c 'unshare -U true; echo went on'
	out_is "went on"
	err_has "unshare"
	! allowed unshare
	box --privileged --security-opt seccomp=record:profile.json unshare -m true
	code_is 0
	allowed unshare
}

@test "seccomp=record: a user, no new privileges, another status, a longer file there before" {
	local user=app id=1234
	[ "$TARE_AS" != single ] || user=root id=0
	printf '%09999d' 0 >profile.json
	box -u $user --cap-drop ALL --security-opt no-new-privileges \
		--security-opt seccomp=record:profile.json sh -c 'id -u; exit 7'
	code_is 7
	out_is $id
	allowed getuid
	box -u $user --cap-drop ALL --security-opt seccomp=profile.json sh -c 'id -u; exit 7'
	code_is 7
	out_is $id
}

@test "seccomp=explain: each refused call, who made it, and what allows it" {
	box --security-opt seccomp=explain sh -c 'unshare -U true; for i in 1 2 3; do umount /proc; done; mkdir /x'
	code_is 0
	err_has "for trying, not for production"
	err_has "seccomp refused unshare to 'unshare', process "
	err_has "Operation not permitted; --cap-add SYS_ADMIN allows it"
	err_has "seccomp refused umount2 to 'umount', process "
	err_has ", 3 times: "
	[[ $err != *"refused mkdir"* ]] || shown
	echo '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
		{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 28}]}' >deny.json
	box --security-opt seccomp=explain --security-opt seccomp=deny.json mkdir /x
	code_is 1
	err_has "mkdir: can't create directory '/x': No space left on device"
	err_has "to 'mkdir', process "
	err_has "No space left on device; --security-opt seccomp=FILE allows it"
	box --security-opt seccomp=explain true
	code_is 0
	err_has "seccomp refused nothing"
}

@test "seccomp=record and =explain: what can't be is an error before the start" {
	box --security-opt seccomp=record:absent/p.json true
	code_is 125
	err_has "seccomp=record: 'absent/p.json': No such file or directory"
	box --security-opt seccomp=record:p.json absent-program
	code_is 127
	[ ! -e p.json ]
	box --security-opt seccomp=record: true
	refused "record:FILE is expected"
	box --security-opt seccomp=record:p.json --security-opt seccomp=explain true
	refused "one at a time"
	box --security-opt seccomp=unconfined --security-opt seccomp=explain true
	refused "no filter"
	box --security-opt seccomp=explain --trace true
	refused "not with --trace"
	box --security-opt seccomp=record:p.json --script true
	refused "not with --script"
	[ ! -e p.json ]
}

@test "seccomp=record: a killed tare leaves neither container nor watcher" {
	"$TARE" run --rm --rootfs "$BASE:O" --security-opt seccomp=record:p.json \
		sh -c 'echo up; sleep 100' >out 2>err &
	until_true grep -q up out
	kill -KILL $!
	wait $! || true
	[ ! -s p.json ]
	box true # sweeps
}

@test "a bundle's annotation: its calls are recorded, beside create, start and delete" {
	bundle -c 'c["annotations"] = {"dev.tare.seccomp.record": "p.json"}' sh -c 'ls /etc; exit 3'
	make web
	grep -q "for trying, not for production" web.out
	[ ! -s bundle/p.json ]
	oci start web
	until_true status_is web stopped
	grep -qx passwd web.out
	until_true grep -q SCMP_ACT_ALLOW bundle/p.json
	oci delete web
	allowed getdents64 bundle/p.json
	! allowed mkdir bundle/p.json
	ask oci run -b bundle web # the file is there already
	code_is 1
	err_has "bundle/p.json': File exists"
	mv bundle/p.json .
	bundle -c 'c["linux"]["seccomp"] = json.load(open("p.json"))' sh -c 'ls /etc; exit 3'
	ask oci run -b bundle web
	code_is 3
	out_has passwd
	bundle -c 'c["linux"]["seccomp"] = json.load(open("p.json"))' mkdir /tmp/x
	ask oci run -b bundle web
	code_is 1
	err_has "Operation not permitted"
}

@test "a bundle's annotation names a file of the bundle, and a start that fails leaves none" {
	bundle -c 'c["annotations"] = {"dev.tare.seccomp.record": "../p.json"}' true
	ask oci run -b bundle web
	code_is 1
	err_has "'../p.json': the name of a new file in the bundle is expected"
	bundle -c 'c["annotations"] = {"dev.tare.seccomp.record": "p.json"}' absent-program
	ask oci run -b bundle web
	[ "$code" != 0 ]
	err_has absent-program
	[ ! -e bundle/p.json ]
	bundle -c 'c["annotations"] = {"dev.tare.seccomp.record": "p.json"}' sleep 100
	make web
	oci start web
	oci delete --force web
	until_true grep -q SCMP_ACT_ALLOW bundle/p.json
}
