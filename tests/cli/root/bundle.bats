# SPDX-License-Identifier: Apache-2.0
# What of a bundle only root can have.

load ../helpers
load ../bundle

@test "a bundle's groups: where it says, with its limits, and gone with it" {
	bundle -c 'c["linux"]["cgroupsPath"] = "/tare-test-bundle/web"' \
		-c 'c["linux"]["resources"] = {"pids": {"limit": 17}}' sleep 30
	make web
	read -r pid < <(oci state web | sed -n 's/.*"pid": \([0-9]*\),/\1/p')
	grep -q '/tare-test-bundle/web$' "/proc/$pid/cgroup"
	group=$(find /sys/fs/cgroup -path '*tare-test-bundle/web/pids.max')
	[ "$(<"$group")" = 17 ]
	oci delete web
	[ ! -e "$group" ]
	find /sys/fs/cgroup -depth -name tare-test-bundle -type d -exec rmdir {} +
}

@test "devices: the usual six, those of the document, and no others" {
	bundle -c 'c["linux"]["resources"] = {"devices": [{"allow": False, "access": "rwm"}]}' \
		-c 'c["linux"]["devices"] = [{"path": "/dev/kmsg/", "type": "c", "major": 1, "minor": 11, "fileMode": 0o600}]' \
		sh -c 'ls -d /dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/tty /dev/kmsg | wc -l
			echo ok >/dev/null && cat /dev/kmsg'
	make web
	oci start web
	until_true status_is web stopped
	oci delete web
	[ "$(sed -n 1p web.out)" = 7 ]
	grep -q 'kmsg.*not permitted' web.out
}

@test "all five sets of capabilities of an ordinary user are those of the document" {
	bundle -c 'c["process"]["user"] = {"uid": 1234, "gid": 1234, "additionalGids": [44]}' \
		-c 'c["process"]["capabilities"].update(inheritable=["CAP_KILL"], ambient=["CAP_KILL"])' \
		sh -c 'id; grep Cap /proc/self/status'
	make web
	oci start web
	until_true status_is web stopped
	oci delete web
	grep -q 'uid=1234(app) gid=1234(app) groups=44(media)' web.out
	for set in Inh Prm Eff Amb; do
		grep -q "Cap$set:.*0000000000000020" web.out
	done
	grep -q 'CapBnd:.*0000000020000420' web.out
}

@test "inheritable capabilities alone reach an ordinary user; devices that are borrowed run nothing" {
	bundle -c 'c["process"]["user"] = {"uid": 1234, "gid": 1234}' \
		-c 'c["process"]["capabilities"] = {kind: ["CAP_KILL"] for kind in ("bounding", "inheritable")}' \
		-c 'c["linux"]["namespaces"].append({"type": "user"})' \
		-c 'c["linux"].update({k: [{"containerID": 0, "hostID": 0, "size": 65536}] for k in ("uidMappings", "gidMappings")})' \
		sh -c 'grep CapInh /proc/self/status; grep " /dev/null " /proc/self/mountinfo'
	make web
	oci start web
	until_true status_is web stopped
	oci delete web
	grep -q 'CapInh:.*0000000000000020' web.out
	grep -q ' /dev/null rw,nosuid,noexec' web.out
}

@test "an ordinary user can open the pipe or file behind /dev/stdout anew; /dev/null stays root's" {
	bundle -c 'c["process"]["user"] = {"uid": 1234, "gid": 1234}' \
		sh -c 'echo to the file >/dev/stdout; echo to nothing >/dev/stderr'
	chmod 700 . && install -m 600 /dev/null web.out
	oci create -b bundle web >web.out 2>/dev/null </dev/null
	oci start web
	until_true status_is web stopped
	oci delete web
	[ "$(<web.out)" = "to the file" ]
	[ "$(stat -c %u web.out)" = 1234 ]
	[ "$(stat -c %u /dev/null)" = 0 ]
}

@test "Podman's annotation for groups that stay" {
	bundle -c 'c["annotations"] = {"run.oci.keep_original_groups": "1"}' grep Groups /proc/self/status
	setpriv --groups 4321 "$(dirname "$TARE")/tare-oci" --root "$T/oci" create -b bundle web >web.out 2>&1 </dev/null
	oci start web
	until_true status_is web stopped
	oci delete web
	grep -q 'Groups:.*4321' web.out
}
