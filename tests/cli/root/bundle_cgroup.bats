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
