# SPDX-License-Identifier: Apache-2.0
# Bundles whose group is a scope of systemd's. They run where it runs the host: in the virtual machine.

load ../helpers
load ../bundle

# systemd knows no processes of the pid namespace that root's tests run in: there it starts them.
outside() {
	if [[ $TARE_AS == root ]]; then
		systemd-run --quiet --wait --pipe --collect --working-directory="$T" "$@"
	else
		"$@"
	fi
}

systemd_oci() {
	outside timeout -k 2 60 "$(dirname "$TARE")/tare-oci" --root "$T/oci" --systemd-cgroup "$@"
}

control() {
	if [[ $TARE_AS == root ]]; then
		outside systemctl "$@"
	else
		systemctl --user "$@"
	fi
}

has_manager() {
	[ -d /run/systemd/system ] && [ -e /sys/fs/cgroup/cgroup.controllers ] &&
		[[ $TARE_AS == root || -S /run/user/$UID/bus ]]
}

need_manager() {
	has_manager || skip "no service manager with cgroup v2 here"
	at=/sys/fs/cgroup
	[[ $TARE_AS == root ]] || at+=/user.slice/user-$UID.slice/user@$UID.service
}

is_gone() {
	[ ! -e "$1" ]
}

@test "a bundle's scope: where it says, with its limits and properties, gone with it" {
	need_manager
	bundle -c 'c["linux"]["cgroupsPath"] = "tests-night.slice:pre:sd1"' \
		-c 'c["linux"]["resources"] = {"pids": {"limit": 17}, "memory": {"limit": 67108864},
			"cpu": {"quota": 50000, "period": 100000}}' \
		-c 'c["annotations"] = {"org.systemd.property.Description": "'"'one of ours'"'",
			"org.systemd.property.TimeoutStopSec": "uint64 7"}' \
		sh -c 'echo ready; sleep 100'
	systemd_oci create -b "$T/bundle" sd1 >out 2>&1 </dev/null || { cat out; return 1; }
	group=$at/tests.slice/tests-night.slice/pre-sd1.scope
	[ "$(<"$group/pids.max")" = 17 ]
	[ "$(<"$group/memory.max")" = 67108864 ]
	[ "$(<"$group/cpu.max")" = "50000 100000" ]
	[ "$(wc -l <"$group/cgroup.procs")" = 1 ]
	ask control show pre-sd1.scope -p MemoryMax -p TasksMax -p CPUQuotaPerSecUSec \
		-p Description -p Delegate -p TimeoutStopUSec
	for line in MemoryMax=67108864 TasksMax=17 CPUQuotaPerSecUSec=500ms Delegate=yes \
		TimeoutStopUSec=7s 'Description=one of ours'; do
		out_has "$line"
	done
	control daemon-reload
	[ "$(<"$group/pids.max")" = 17 ]
	systemd_oci start sd1
	until_true grep -q ready out
	systemd_oci delete --force sd1
	[ ! -e "$group" ]
	[ "$(control show -p LoadState pre-sd1.scope)" = LoadState=not-found ]
	control stop tests-night.slice tests.slice
}

@test "a scope is named by the container where nothing else is said, and its name is free again" {
	need_manager
	bundle sh -c 'exit 0'
	for try in 1 2; do
		systemd_oci create -b "$T/bundle" sd2 >out 2>&1 </dev/null || { cat out; return 1; }
		group=$(find "$at" -name 'tare-sd2.scope')
		[ -n "$group" ]
		systemd_oci start sd2
		until_true is_gone "$group"
		systemd_oci delete sd2
	done
	bundle -c 'c["linux"]["cgroupsPath"] = "/a/b"' true
	ask systemd_oci create -b "$T/bundle" sd2
	err_has "with systemd it is SLICE:PREFIX:NAME"
	bundle -c 'c["annotations"] = {"org.systemd.property.NoSuchThing": "true"}' true
	ask systemd_oci create -b "$T/bundle" sd2
	err_has "scope 'tare-sd2.scope': systemd does not make it"
}

@test "without systemd its scopes are refused" {
	! has_manager || skip "there is systemd"
	bundle true
	ask oci --systemd-cgroup create -b "$T/bundle" sd3
	code_is 1
	err_has "cgroup manager systemd: no service manager answers here"
	ask oci --cgroup-manager systemd create -b "$T/bundle" sd3
	err_has "no service manager answers here"
	[ -z "$(ls "$T/oci")" ]
}
