# SPDX-License-Identifier: Apache-2.0
# What of tare-oci exec only root can have: groups, devices, other users, a container not started.

load ../helpers
load ../bundle

up() {
	bundle "$@" sleep 60
	make web
	oci start web
}

@test "exec: in the container's groups, under its device rules" {
	up -c 'c["linux"]["resources"] = {"devices": [{"allow": False, "access": "rwm"}]}' \
		-c 'for s in c["process"]["capabilities"].values(): s.append("CAP_MKNOD")'
	ask oci exec web sh -c 'cat /proc/self/cgroup; mknod /tmp/kmsg c 1 11; cat /tmp/kmsg'
	local pid
	pid=$(oci state web | sed -n 's/.*"pid": \([0-9]*\),/\1/p')
	[ "$(grep -c /tare-web <<<"$out")" = "$(grep -c /tare-web "/proc/$pid/cgroup")" ]
	err_has 'not permitted'
	oci delete --force web
}

@test "exec --cgroup: a group below the container's, by controller where that says so" {
	up
	local group
	group=$(find /sys/fs/cgroup -name tare-web -type d | grep -E 'memory|cgroup/tare-web' | head -1)
	mkdir "$group/below"
	if [ -e "$group/cgroup.controllers" ]; then
		ask oci exec --cgroup below web cat /proc/self/cgroup
	else
		ask oci exec --cgroup memory:below web cat /proc/self/cgroup
	fi
	out_has /tare-web/below
	ask oci exec --cgroup .. web true
	code_is 255
	err_has "--cgroup '..': it leads out of the container's"
	ask oci exec --cgroup nosuch web true
	code_is 255
	err_has "--cgroup 'nosuch'"
	ask oci exec --cgroup what:/ web true
	code_is 255
	err_has "has no group for 'what'"
	oci delete --force web
}

@test "exec: another user, and only the groups that are named" {
	up
	ask oci exec -u 1234:88 -g 6 web id
	out_has 'uid=1234(app) gid=88 groups=6(disk)'
	ask oci exec -u 1234 --cap CAP_KILL web grep -E 'CapEff|CapAmb|CapInh' /proc/self/status
	[ "$(grep -c 0000000000000000 <<<"$out")" = 3 ]
	ask oci exec -u 1234 web sh -c 'echo $HOME'
	out_is /home/app
	oci delete --force web
}

@test "exec: a container that was not started yet, and one that is paused" {
	bundle sleep 60
	make web
	ask oci exec web hostname
	out_is bundle
	oci start web
	oci pause web
	ask oci exec web true
	code_is 255
	err_has "it is paused"
	oci exec --ignore-paused web sh -c 'echo went on' >went 2>&1 </dev/null &
	sleep 0.2
	[ ! -s went ]
	oci resume web
	wait $!
	grep -q 'went on' went
	oci delete --force web
}

@test "exec: processors before and after the container's group is entered" {
	up -c 'c["process"]["execCPUAffinity"] = {"initial": "0", "final": "1"}'
	[ "$(nproc --all)" -gt 1 ] || skip 'one processor'
	ask oci exec web grep Cpus_allowed_list /proc/self/status
	out_is $'Cpus_allowed_list:\t1'
	echo '{"args": ["grep", "Cpus_allowed_list", "/proc/self/status"], "cwd": "/", "env": ["PATH=/bin"],
		"execCPUAffinity": {"initial": "0"}}' >process.json
	ask oci exec -p process.json web
	out_is $'Cpus_allowed_list:\t'"$(cat /sys/devices/system/cpu/online)"
	echo '{"args": ["true"], "cwd": "/", "execCPUAffinity": {"initial": "99"}}' >process.json
	ask oci exec -p process.json web
	code_is 255
	err_has "execCPUAffinity: processors '99'"
	oci delete --force web
}
