# SPDX-License-Identifier: Apache-2.0
# cgroup.bash - a container with limits that waits, and what the kernel holds of it

# limited FLAGS…: starts a container that waits, leaves its first process in $inner
limited() {
	"$TARE" run --rm --rootfs "$BASE:O" "$@" sleep 30 &
	tare_pid=$!
	until_true became "$tare_pid" sleep
	inner=$(first_process "$tare_pid")
}

ended() {
	kill -KILL "$inner"
	wait "$tare_pid" || true
}

# group CONTROLLER: the cgroup directory of $inner that has CONTROLLER's files
group() {
	local line where
	line=$(grep -E "^[0-9]+:([^:]*,)?$1(,[^:]*)?:" "/proc/$inner/cgroup") || line=$(grep ^0:: "/proc/$inner/cgroup")
	for where in "/sys/fs/cgroup/$1" /sys/fs/cgroup /sys/fs/cgroup/unified; do
		if [ -d "$where${line#*:*:}" ]; then
			echo "$where${line#*:*:}"
			return
		fi
	done
	return 1
}

# value CONTROLLER V2-FILE V1-FILE: what the kernel holds, whichever version the controller is on
value() {
	cat "$(group "$1")/$2" 2>/dev/null || cat "$(group "$1")/$3"
}
