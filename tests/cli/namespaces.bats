# SPDX-License-Identifier: Apache-2.0
# namespaces.bats - whose namespaces a container has: its own, or the host's
load helpers

# The number of a namespace of this process.
own() {
	readlink "/proc/self/ns/$1"
}

# is KIND own|host FLAGS…: what a container with these flags has.
is() {
	local kind=$1 whose=$2
	shift 2
	box "$@" readlink "/proc/self/ns/$kind"
	code_is 0
	if [ "$whose" = host ]; then
		out_is "$(own "$kind")"
	else
		out_has "$kind:["
		out_lacks "$(own "$kind")"
	fi
}

@test "each kind: private by default and by name, the host's where asked" {
	local kind flag
	for kind in pid:--pid ipc:--ipc uts:--uts cgroup:--cgroupns; do
		flag=${kind#*:} kind=${kind%:*}
		is "$kind" own "$flag" private
		is "$kind" own "$flag="
		is "$kind" host "$flag" host
	done
	is net own --network none
	is net host --network host
	is ipc own --ipc shareable
}

@test "all of the host's at once" {
	box --pid host --ipc host --uts host --cgroupns host --network host sh -c \
		'for n in pid ipc uts cgroup net mnt; do readlink /proc/self/ns/$n; done'
	code_is 0
	local kind
	for kind in pid ipc uts cgroup net; do
		out_has "$(own $kind)"
	done
	out_lacks "$(own mnt)"
}

@test "--pid host: the host's processes are there, what is masked stays so" {
	box --pid host sh -c 'cat /proc/'"$$"'/comm; : <>/proc/sysrq-trigger; cat /proc/kcore'
	out_is "$(cat /proc/$$/comm)"
	err_has "sysrq-trigger"
	box --pid host sh -c 'echo x >/proc/sys/kernel/core_pattern'
	[ "$code" != 0 ] || shown
}

@test "--uts host: the host's name, also in its files; -h is an error" {
	box --uts host sh -c 'cat /etc/hostname /proc/sys/kernel/hostname'
	out_is "$(hostname)"$'\n'"$(hostname)"
	box --uts host -h box true
	refused "--hostname 'box'" "--uts host"
	box -h box --network host cat /proc/sys/kernel/hostname
	out_is box
}

@test "--ipc none has no /dev/shm, --ipc host the host's" {
	box --ipc none sh -c 'grep -c " /dev/shm " /proc/self/mountinfo; ls -d /dev/shm'
	out_is 0
	echo word >"/dev/shm/tare-test-$$"
	box --ipc host cat "/dev/shm/tare-test-$$"
	rm "/dev/shm/tare-test-$$"
	out_is word
}

@test "--cgroupns host: the whole tree, and nothing in it can be written" {
	box --cgroupns host sh -c 'mkdir /sys/fs/cgroup/x || for d in /sys/fs/cgroup/*/; do mkdir $d/x; done; :'
	code_is 0
	[ ! -e /sys/fs/cgroup/x ]
	box --cgroupns host cat /proc/self/cgroup
	out_lacks ":/"$'\n'":/x"
}

@test "words that are none" {
	box --pid hots true
	refused "--pid 'hots': host, private, ns:PATH or container:NAME is expected"
	box --uts none true
	refused "--uts 'none'"
	box --ipc ns: true
	refused "--ipc 'ns:'"
	box --network bridge true
	refused "--network 'bridge': not yet"
}

@test "--time-offset: a time namespace whose clocks differ" {
	is time own --time-offset boottime=100000
	is time host
	local before after
	read -r before _ </proc/uptime
	box --time-offset boottime=100000,monotonic=-1 cat /proc/uptime
	code_is 0
	read -r after _ <<<"$out"
	[ "${after%.*}" -ge $((${before%.*} + 100000)) ]
	[ "${after%.*}" -lt $((${before%.*} + 100060)) ]
	box --time-offset monotonic=5 cat /proc/self/timens_offsets
	out_has "monotonic           5         0"
	box --time-offset boottime=-99999999 true
	refused "make a time namespace" "a clock must not go below zero"
	box --time-offset real=1 true
	refused "--time-offset 'real=1'"
}
