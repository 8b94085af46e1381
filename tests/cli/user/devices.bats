# SPDX-License-Identifier: Apache-2.0
# devices.bats - what can't be held for an ordinary user is refused
load ../helpers

@test "--device: the host's node with the host's permissions, and no less" {
	box --device /dev/full:/dev/x:r true
	refused "can't be held" "may load no filter"
	box --device /dev/full:/dev/x:m true
	refused "can't be held"
	box --device /dev/full:/dev/x:rw sh -c 'echo x >/dev/x'
	err_has "No space left"
	[ -e /dev/kmsg ] && [ ! -r /dev/kmsg ] || return 0
	box --device /dev/kmsg head -c 1 /dev/kmsg
	err_has "ermission denied"
}

@test "--device-cgroup-rule" {
	box --device-cgroup-rule 'c 10:200 r' true
	refused "no cgroup"
}
