# SPDX-License-Identifier: Apache-2.0
# devices.bats - --device, --device-cgroup-rule and --shm-size, as any user sees them
load helpers

@test "--device: the node is there, under another name too, and works" {
	box --device /dev/full:/dev/mine/x sh -c 'stat -c %t:%T /dev/mine/x; echo x >/dev/mine/x'
	code_is 1
	out_is 1:7
	err_has "No space left"
	box --device /dev/zero:/dev/full sh -c 'head -c 2 /dev/full | od -An -tx1'
	out_has "00 00"
}

@test "--device outside of /dev, through a link on the host" {
	ln -s /dev/full mine
	box --device "$T/mine:/srv/x" sh -c 'stat -c %t:%T /srv/x; echo x >/srv/x'
	code_is 1
	out_is 1:7
	err_has "No space left"
}

@test "--device: what is no device, is not there, or stands twice" {
	echo >f
	box --device "$T/f" true
	refused "$T/f" "not a device"
	box --device "$T/absent" true
	refused "$T/absent"
	box --device /dev/full:/dev/x --device /dev/zero:/dev/x true
	refused /dev/x twice
	box --device "$T" true
	refused "$T" "no device"
	box --device nvidia.com/gpu=all true
	refused "not yet"
	box --gpus all true
	refused "not yet"
}

@test "--device onto a directory of the root" {
	box --device /dev/full:/tmp true
	refused /tmp
	box --device /dev/full:/dev/shm true
	refused /dev/shm
}

@test "--shm-size" {
	box --shm-size 1m sh -c 'df -k /dev/shm | tail -n 1; grep " /dev/shm " /proc/self/mounts'
	code_is 0
	out_has " 1024 "
	out_has size=1024k
	box --shm-size 0 true
	refused --shm-size
	box --shm-size 1m --tmpfs /dev/shm true
	refused /dev/shm
	box --shm-size 1q true
	refused 1q
}
