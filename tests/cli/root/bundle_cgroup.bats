# SPDX-License-Identifier: Apache-2.0
# A bundle's groups while it lives: frozen, changed, watched.

load ../helpers
load ../bundle
load cgroup

# counts: a container that writes a number a moment into $T/stone.out
counts() {
	bundle "$@" sh -c 'n=0; while :; do n=$((n + 1)); echo $n; sleep 0.02; done'
	make stone
	oci start stone
	until_true test -s stone.out
}

stands_still() {
	local before
	before=$(<stone.out)
	sleep 0.2
	[ "$(<stone.out)" = "$before" ]
}

@test "pause stops a container where it stands, resume lets it go on" {
	counts
	oci pause stone
	status_is stone paused
	stands_still
	ask oci pause stone
	code_is 1
	err_has "it is paused, and only one that runs or was created can be paused"
	ask oci start stone
	code_is 1
	ask oci delete stone
	code_is 1
	err_has "is paused"
	oci resume stone
	status_is stone running
	! stands_still
	ask oci resume stone
	code_is 1
	err_has "it is running, and only one that is paused can be resumed"
	oci delete --force stone
	ask oci pause stone
	code_is 1
	err_has "container 'stone' does not exist"
}

@test "one that was created can be paused; it is created again when resumed" {
	bundle sleep 30
	make stone
	oci pause stone
	status_is stone paused
	ask oci start stone
	code_is 1
	err_has "it is paused, and only one that was created can be started"
	oci resume stone
	status_is stone created
	oci start stone
	oci delete --force stone
}

@test "what is paused can be killed and deleted" {
	counts
	oci pause stone
	oci kill stone KILL
	until_true status_is stone stopped
	oci delete stone
	counts
	oci pause stone
	oci delete --force stone
	counts -c 'c["linux"]["namespaces"] = [n for n in c["linux"]["namespaces"] if n["type"] != "pid"]'
	oci pause stone
	oci delete --force stone
}

# of CONTROLLER V2-FILE V2-VALUE V1-FILE V1-VALUE: what the kernel holds of the container
of() {
	inner=$(oci state stone | sed -n 's/.*"pid": \([0-9]*\),/\1/p')
	kernel "$@"
}

@test "update gives a container other limits, and the kernel has them" {
	bundle -c 'c["linux"]["resources"] = {"memory": {"limit": 64 << 20}, "pids": {"limit": 50}}' sleep 30
	make stone
	oci start stone
	oci update --memory 96m --pids-limit 77 --cpu-share 2048 --cpu-period 50000 --cpu-quota 20000 stone
	of memory memory.max 100663296 memory.limit_in_bytes 100663296
	of pids pids.max 77 pids.max 77
	of cpu cpu.weight 174 cpu.shares 2048
	of cpu cpu.max "20000 50000" cpu.cfs_quota_us 20000
	oci update --cpu-period 40000 stone
	of cpu cpu.max "20000 40000" cpu.cfs_period_us 40000
	oci update --cpu-quota -1 --memory -1 --pids-limit -1 stone
	of pids pids.max max pids.max max
	of memory memory.max max memory.limit_in_bytes 9223372036854771712
	oci delete --force stone
}

@test "memory and swap are raised and lowered together, whichever has to go first" {
	bundle -c 'c["linux"]["resources"] = {"memory": {"limit": 64 << 20, "swap": 64 << 20}}' sleep 30
	make stone
	oci start stone
	oci update --memory 128m --memory-swap 160m stone
	of memory memory.swap.max 33554432 memory.memsw.limit_in_bytes 167772160
	oci update --memory 32m --memory-swap 48m stone
	of memory memory.max 33554432 memory.limit_in_bytes 33554432
	of memory memory.swap.max 16777216 memory.memsw.limit_in_bytes 50331648
	oci update --memory-swap 64m stone
	of memory memory.swap.max 33554432 memory.memsw.limit_in_bytes 67108864
	oci delete --force stone
}

@test "update reads the document's words; a zero is none that is given" {
	bundle sleep 30
	make stone
	echo '{"memory": {"limit": 67108864, "swap": 0, "reservation": 33554432}, "cpu": {"shares": 0, "cpus": "0", "quota": 0},
		"pids": {"limit": 9}, "gpu": 1}' >limits
	ask oci --debug update -r limits stone
	code_is 0
	err_has "'gpu' is not known"
	of memory memory.low 33554432 memory.soft_limit_in_bytes 33554432
	of cpuset cpuset.cpus 0 cpuset.cpus 0
	oci update -r - stone <<<'{"pids": {"limit": 11}}'
	of pids pids.max 11 pids.max 11
	oci start stone
	oci delete --force stone
	[ -z "$(find /sys/fs/cgroup -name tare-stone)" ]
}

@test "what update can't change it refuses, and it says what it has changed before" {
	bundle sleep 30
	make stone
	for words in '--memory many' '--pids-limit x' '--cpu-period 5'; do
		ask oci update $words stone
		code_is 1
		[ -n "$err" ]
	done
	ask oci update --pids-limit 20 --cpuset-cpus 99999 stone
	code_is 1
	err_has cpuset.cpus
	err_has "changed before that, and left so: pids.max=20"
	ask oci update -r - stone <<<''
	code_is 1
	echo '{"devices": [{"allow": true, "access": "rwm"}]}' >devices
	ask oci update -r devices stone
	code_is 1
	err_has "devices: the rules of a container stay what they were"
	oci delete stone
	ask oci update --pids-limit 3 stone
	code_is 1
	err_has "does not exist"
}

@test "events tells what a container uses, in runc's words" {
	bundle -c 'c["linux"]["resources"] = {"memory": {"limit": 64 << 20}, "pids": {"limit": 50}}' sleep 30
	make stone
	ask oci events --stats stone
	code_is 0
	python3 - <<PYTHON
import json
event = json.loads('''$out''')
assert event["type"] == "stats" and event["id"] == "stone", event
data = event["data"]
assert data["memory"]["usage"]["limit"] == 64 << 20, data["memory"]
assert 0 < data["memory"]["usage"]["usage"] < 64 << 20
assert data["memory"]["raw"]
assert data["pids"] == {"current": 1, "limit": 50}, data["pids"]
assert data["cpu"]["usage"]["total"] > 0 and "throttling" in data["cpu"]
PYTHON
	oci start stone
	oci events --interval 100ms stone >events 3>&- &
	until_true grep -q '"type":"stats"' events
	oci kill stone KILL
	wait $!
	oci delete stone
	ask oci events stone
	code_is 1
	for time in 0s 5 x; do
		ask oci events --interval $time stone
		err_has "--interval '$time'"
	done
}

@test "events tells that memory has run out, and ends with the container" {
	bundle -c 'c["linux"]["resources"] = {"memory": {"limit": 16 << 20, "swap": 16 << 20}}' \
		sh -c 'sleep 0.5; dd if=/dev/zero of=/dev/null bs=64M count=1; sleep 0.2'
	make stone
	oci events stone >events 3>&- &
	events=$!
	sleep 0.2
	oci start stone
	wait $events
	grep -q '^{"type":"oom","id":"stone"}$' events
	oci delete --force stone
}

@test "a group that is there is taken if it is empty and runs" {
	bundle -c 'c["linux"]["cgroupsPath"] = "/tare-test-taken"' sleep 30
	[ -d /sys/fs/cgroup/pids ] && pids=/sys/fs/cgroup/pids || pids=/sys/fs/cgroup
	mkdir "$pids/tare-test-taken"
	make stone
	oci delete stone
	[ ! -e "$pids/tare-test-taken" ]
	mkdir "$pids/tare-test-taken"
	sleep 30 3>&- &
	echo $! >"$pids/tare-test-taken/cgroup.procs"
	ask oci create -b bundle stone
	code_is 1
	err_has "it is there, and processes are in it"
	kill -0 $!
	kill $!
	wait $! || true
	rmdir "$pids/tare-test-taken"
}

@test "devices that the root has are right, or an error" {
	bundle -c 'c["mounts"] = [m for m in c["mounts"] if not m["destination"].startswith("/dev")]' \
		sh -c 'echo >/dev/null && ls /dev/zero'
	mkdir -p bundle/rootfs/dev
	rm -f bundle/rootfs/dev/null
	mknod -m 666 bundle/rootfs/dev/null c 1 3
	make stone
	oci start stone
	until_true grep -q /dev/zero stone.out
	oci delete --force stone
	rm bundle/rootfs/dev/null
	echo >bundle/rootfs/dev/null
	ask oci create -b bundle stone
	code_is 1
	err_has "make the device /dev/null (c 1:3)"
	err_has "the root has something else there"
}

@test "without a cgroup namespace a bundle sees its own groups of v1, not the host's" {
	[ -d /sys/fs/cgroup/memory ] || skip "no cgroup v1 here"
	bundle -c 'c["mounts"].append({"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["ro"]})' \
		sh -c 'cat /sys/fs/cgroup/pids/cgroup.procs | wc -l; ls -d /sys/fs/cgroup/memory/tare-stone /sys/fs/cgroup/cgroup.procs; ls /sys/fs/cgroup/memory/memory.limit_in_bytes
			mkdir /sys/fs/cgroup/memory/x || echo no'
	make stone
	oci start stone
	until_true status_is stone stopped
	oci delete stone
	grep -qx /sys/fs/cgroup/memory/memory.limit_in_bytes stone.out
	grep -q 'memory/tare-stone: No such file' stone.out
	grep -qx no stone.out
}
