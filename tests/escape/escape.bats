# SPDX-License-Identifier: Apache-2.0
# escape.bats - what somebody who wants out tries first, and what must be refused
#
# tools/escape.c tries all of it from inside and says one line each. Here is the list of what there
# is no way through, whatever kind of host and caller; "absent" is said where the kernel has no such
# thing. The last tests are the control: where a wall is taken away the tool gets through.
load ../cli/helpers

tries="descriptors beyond 2
standard descriptors
the root of process 1
the working directory
executables to write to
core_pattern
modprobe
binfmt_misc
uevent_helper
sysrq
kernel memory
a fresh procfs
a mask taken off
/proc/sys made writable
cgroup files and release_agent
a cgroup of its own
a v1 hierarchy from a user namespace
a v1 hierarchy
a disk
/dev/mem
/dev/kmsg
/dev/kvm
/dev/fuse
mounting
a process outside
descriptors of process 1
the namespaces of process 1
a file by its handle
chroot, twice
a user namespace
a user namespace by clone
a user namespace by clone3
BPF programs
modules
kexec
io_uring
userfaultfd
perf
the kernel log
the clock
reboot
key rings
a search for keys
typing into a terminal outside
taking the console
AF_ALG
AF_VSOCK
AF_ALG by int 0x80
AF_VSOCK by int 0x80
AF_ALG by socketcall
AF_ALG by x32
AF_INET by int 0x80 does not work"

# The root with the tool, its descriptor 9 a directory of the host, as a caller may well have one.
escape() {
	[ -d "$T/rootfs" ] || rootfs
	cp "$STAGE/bin/escape" "$T/rootfs/bin/"
	ask tare run --rm --rootfs "$T/rootfs:O" "$@" 9</
}

no_way() {
	[ "$(sed 's/: [a-zA-Z].*//' <<<"$out")" = "$tries" ] || shown
	[ -z "$(grep -v ': \(refused\|absent\)$' <<<"$out")" ] || shown
	code_is 0
}

@test "from a container as it is by default" {
	escape /bin/escape $$
	no_way
}

@test "from one with --init, and from one that is read-only" {
	escape --init /bin/escape $$
	no_way
	escape --read-only --tmpfs /tmp /bin/escape $$
	no_way
}

# on_terminal FLAGS: the same, tare standing on a terminal
on_terminal() {
	[ -d "$T/rootfs" ] || rootfs
	cp "$STAGE/bin/escape" "$T/rootfs/bin/"
	ask python3 "$STAGE/cli/terminal.py" 24 80 "$TARE" run --rm "$@" --network none \
		--rootfs "$T/rootfs:O" /bin/escape $$
	out=${out//$'\r'/}
}

@test "from one with a terminal of its own" {
	on_terminal -it
	no_way
}

@test "from one that stands on the caller's terminal" {
	on_terminal -i
	no_way
	out_has "typing into a terminal outside: refused"
}

@test "from one without a filter, its capabilities are all that holds" {
	escape --security-opt seccomp=unconfined --cap-drop ALL /bin/escape $$
	# What no capability guards is the filter's alone.
	local line name
	while read -r line; do
		name=${line%: OPEN*}
		case $name in
		"$line" | "a user namespace"* | "a v1 hierarchy from a user namespace" | io_uring | userfaultfd | "BPF programs" | perf | \
			AF_* | "the kernel log" | "key rings" | "a search for keys" | \
			"descriptors of process 1" | "chroot, twice") ;;
		*) shown ;;
		esac
	done <<<"$out"
}

@test "a user namespace inside gives no procfs without the masks, and no v1 hierarchy" {
	box --security-opt seccomp=unconfined unshare -Urmpf sh -c 'mount -t proc proc /tmp && ls /tmp'
	[ "$code" != 0 ] || shown
	out_is ""
	box --security-opt seccomp=unconfined unshare -Urm sh -c 'mount -t cgroup -o memory c /tmp'
	[ "$code" != 0 ] || shown
}

@test "control: without walls the tool gets through" {
	escape --privileged --security-opt seccomp=unconfined /bin/escape $$
	code_is 1
	out_has "mounting: OPEN"
	out_has "a user namespace: OPEN"
	escape --pid host --cap-add SYS_PTRACE /bin/escape $$
	code_is 1
	out_has "a process outside: OPEN"
}
