# SPDX-License-Identifier: Apache-2.0
# mounts.bats - the root, volumes, tmpfs, and what every container finds mounted
load helpers

@test "DIR:O leaves the directory as it was" {
	rootfs
	ask tare run --rm --rootfs "$T/rootfs:O" sh -c 'echo x >/new; rm /bin/vi; mkdir /home/app/d; mv /home/app/d /home/app/e; cat /new'
	code_is 0
	out_is x
	[ ! -e "$T/rootfs/new" ] && [ -e "$T/rootfs/bin/vi" ] && [ ! -e "$T/rootfs/home/app/e" ]
}

@test "DIR is written into" {
	rootfs
	ask tare run --rm --rootfs "$T/rootfs" sh -c 'echo x >/new'
	code_is 0
	[ "$(cat "$T/rootfs/new")" = x ]
}

@test "--read-only: the root can't be written to, /dev can" {
	box --read-only sh -c 'touch /x; echo $?; echo y >/dev/null; echo $?; touch /dev/shm/x; echo $?'
	code_is 0
	out_is "1
0
0"
	err_has "Read-only file system"
}

@test "--read-only: the container's own files in /etc neither" {
	box --read-only sh -c 'for f in hosts hostname resolv.conf; do echo x >>/etc/$f; echo $?; done'
	code_is 0
	out_is "1
1
1"
}

@test "-v: what is written is the host's" {
	mkdir d
	box -v "$T/d:/m" sh -c 'echo x >/m/f'
	code_is 0
	[ "$(cat d/f)" = x ]
}

@test "-v :ro" {
	mkdir d && echo old >d/f
	box -v "$T/d:/m:ro" sh -c 'cat /m/f; touch /m/g'
	code_is 1
	out_is old
	err_has "Read-only file system"
}

@test "-v on a single file" {
	echo 1 >f
	box -v "$T/f:/f" sh -c 'cat /f; echo 2 >/f'
	code_is 0
	out_is 1
	[ "$(cat f)" = 2 ]
}

@test "-v of what isn't there makes a directory and says so" {
	box -v "$T/absent:/a" ls -d /a
	code_is 0
	[ -d absent ]
	err_has "$T/absent"
	box -v "$T/absent2:/a:ro" ls -d /a
	code_is 0
	[ -d absent2 ]
}

@test "-v of a file onto a directory names both" {
	echo 1 >f
	box -v "$T/f:/tmp" true
	refused "$T/f" /tmp
}

@test "-v with a relative target, or with words it lacks, is refused" {
	mkdir d
	box -v "$T/d:m" true
	refused "$T/d:m"
	box -v "$T/d:/m:wr" true
	refused wr
	box -v "$T/d:/" true
	refused /
}

@test "a target is made where the root lacks it" {
	mkdir d && echo x >d/f
	box -v "$T/d:/very/deep" cat /very/deep/f
	code_is 0
	out_is x
}

@test "--tmpfs: the mode of what it covers, options, empty" {
	rootfs
	mkdir -m 1750 "$T/rootfs/cache"
	chmod 1750 "$T/rootfs/cache"
	touch "$T/rootfs/cache/f"
	ask tare run --rm --read-only --rootfs "$T/rootfs:O" --tmpfs /cache --tmpfs /none \
		--tmpfs /m:mode=0700,size=64k sh -c \
		'stat -c "%a %u:%g" /cache /none /m; ls /cache; echo y >/cache/y && echo written
		head -c 99999 /dev/zero >/m/z; wc -c </m/z'
	code_is 0
	out_is "1750 0:0
1777 0:0
700 0:0
written
65536"
}

@test "/dev holds Docker's nodes and no others" {
	box sh -c 'cd /dev && ls'
	out_is "core
fd
full
mqueue
null
ptmx
pts
random
shm
stderr
stdin
stdout
tty
urandom
zero"
}

@test "each device works" {
	box sh -c 'echo x >/dev/null; head -c 4 /dev/zero | od -An -tx1; echo x >/dev/full; head -c 3 /dev/urandom | wc -c'
	out_has "00 00 00 00"
	out_has 3
	err_has "No space left"
}

@test "masked paths can't be read, read-only ones not written" {
	box sh -c 'stat -c %t:%T /proc/keys /proc/timer_list; ls /proc/acpi /sys/firmware
		for f in /proc/sysrq-trigger /proc/sys/kernel/hostname /sys/kernel/x; do echo x 2>/dev/null >$f || echo no; done'
	out_is "1:3
1:3
/proc/acpi:

/sys/firmware:
no
no
no" || { box sh -c 'ls -d /proc/acpi'; [ "$code" != 0 ]; }
	[ ! -e /proc/kcore ] || { box stat -c %t:%T /proc/kcore && out_is 1:3; }
}

@test "names: hosts, hostname and resolv.conf are of this container" {
	box -h box.example sh -c 'cat /etc/hostname; hostname; grep -c localhost /etc/hosts; grep box.example /etc/hosts | wc -l
		echo "1.2.3.4 more" >>/etc/hosts && test -f /etc/resolv.conf && echo fine'
	code_is 0
	out_has "box.example
box.example"
	out_has fine
}

@test "the host's mounts are out of sight, and stay so" {
	box sh -c 'grep -c " - .* shared" /proc/self/mountinfo; grep -o "shared:[0-9]*\|master:[0-9]*" /proc/self/mountinfo; ls -d '"$T"
	out_is 0
	err_has "$T"
}

@test "mounts are nosuid, nodev, noexec where Docker's are" {
	box cat /proc/self/mounts
	printf '%s\n' "$out" | grep ' /proc proc ' | head -n 1 | grep -q 'nosuid,nodev,noexec'
	printf '%s\n' "$out" | grep ' /dev/shm ' | grep -q 'nosuid,nodev,noexec'
	printf '%s\n' "$out" | grep ' /dev/shm ' | grep -q 'size=65536k'
	printf '%s\n' "$out" | grep ' /dev/pts ' | grep -q 'nosuid,noexec'
	printf '%s\n' "$out" | grep ' /sys ' | head -n 1 | grep -q 'ro,nosuid,nodev,noexec'
}

@test "--read-only-tmpfs: /run, /tmp and /var/tmp can be written, and nothing else" {
	rootfs
	mkdir -p "$T/rootfs/run" "$T/rootfs/var/tmp" "$T/rootfs/tmp"
	echo there >"$T/rootfs/run/f"
	chmod 1777 "$T/rootfs/tmp"
	ask tare run --rm --read-only --read-only-tmpfs --rootfs "$T/rootfs:O" sh -c 'cat /run/f
		for d in /run /tmp /var/tmp /etc; do echo x 2>/dev/null >$d/x && echo $d; done; stat -c %a /tmp'
	out_is $'there\n/run\n/tmp\n/var/tmp\n1777'
	ask tare run --rm --read-only --read-only-tmpfs=false --rootfs "$T/rootfs:O" sh -c 'echo x >/tmp/x'
	code_is 1
	box --read-only-tmpfs true
	refused --read-only-tmpfs
}
