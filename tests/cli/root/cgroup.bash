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

# kernel CONTROLLER V2-FILE V2-VALUE V1-FILE V1-VALUE: what the kernel holds of $inner
kernel() {
	local found
	if [ -e "$(group "$1")/$2" ]; then
		found=$(cat "$(group "$1")/$2")
		[ "$found" = "$3" ] || { echo "$2: '$found', not '$3'"; return 1; }
	else
		found=$(cat "$(group "$1")/$4")
		[ "$found" = "$5" ] || { echo "$4: '$found', not '$5'"; return 1; }
	fi
}
