# SPDX-License-Identifier: Apache-2.0
# binds.bats - what of the host is shown inside: -v and --mount, their options and their errors
load helpers

mount_box() {
	local value=$1
	shift
	box --mount "$value" "$@"
}

@test "--mount type=bind: written, read-only, by any name of its keys" {
	mkdir d && echo x >d/f
	mount_box "type=bind,src=$T/d,dst=/m" sh -c 'cat /m/f; echo y >/m/g'
	code_is 0
	out_is x
	[ "$(cat d/g)" = y ]
	mount_box "type=bind,source=$T/d,target=/m,readonly" touch /m/h
	code_is 1
	err_has "Read-only file system"
	mount_box "ro=true,Destination=/m,type=bind,src=d" touch /m/h
	code_is 1
	mount_box "type=bind,src=d,dst=/m,readonly=false" touch /m/h
	code_is 0
}

@test "-v on a single file: what is written to it is seen, another of its name is not" {
	echo 1 >f
	"$TARE" run --rm -v "$T/f:/f" --rootfs "$BASE:O" sh -c 'cat /f
		until grep -q 2 /f; do sleep 0.05; done; cat /f; touch /tmp/x
		sleep 1; cat /f' >got &
	local tare_pid=$!
	until_true grep -q 1 got
	echo 2 >f
	until_true grep -q 2 got
	echo 3 >g && mv g f
	wait "$tare_pid"
	[ "$(cat got)" = "1
2
2" ]
}

@test "--mount: a comma in a path, in double quotes" {
	mkdir d,e && echo x >d,e/f
	mount_box "type=bind,\"src=$T/d,e\",dst=/m" cat /m/f
	code_is 0
	out_is x
}

@test "--mount: a missing source is an error and nothing is made" {
	mount_box "type=bind,src=$T/absent,dst=/a" true
	refused "$T/absent" "is not there"
	[ ! -e absent ]
	mount_box "type=bind,src=$T/absent/deep,dst=/a,bind-create-src" ls -d /a
	code_is 0
	err_has "$T/absent/deep"
	[ -d absent/deep ]
}

@test "--mount type=tmpfs: size, mode, attributes" {
	mount_box "type=tmpfs,dst=/t,tmpfs-size=64k,tmpfs-mode=0700" sh -c \
		'stat -c %a /t; head -c 99999 /dev/zero >/t/z; wc -c </t/z; grep " /t " /proc/self/mounts'
	out_has "700
65536"
	out_has "rw,nosuid,nodev,noexec"
	mount_box "type=tmpfs,dst=/t,ro,exec" sh -c 'touch /t/x; grep " /t " /proc/self/mounts'
	out_has "ro,nosuid,nodev"
	out_lacks noexec
	err_has "Read-only file system"
	mount_box "type=ramfs,dst=/t,tmpfs-mode=0711" stat -c %a /t
	out_is 711
}

@test "--mount type=devpts: terminals of its own" {
	mount_box "type=devpts,dst=/p,mode=0620" sh -c 'stat -f -c %T /p; ls /p'
	code_is 0
	out_has ptmx
}

@test "--mount: what is not there yet is refused by name" {
	local value
	for value in type=volume,src=data,dst=/d src=data,dst=/d type=image,src=i,dst=/d \
		type=volume,dst=/d,volume-driver=x; do
		mount_box "$value" true
		refused "not yet"
	done
	mount_box "type=glob,src=/etc/*,dst=/d" true
	refused glob
	box -v data:/d true
	refused "'data'" "not yet"
	box -v "$T:/d:O,upperdir=$T" true
	refused upperdir "not yet"
}

@test "a source that is a file, a target that is a directory: both are named with what they are" {
	echo 1 >f && mkdir d
	box -v "$T/f:/tmp" true
	refused "'$T/f' on the host is a file" "'/tmp' in the container is a directory"
	mount_box "type=bind,src=$T/f,dst=/tmp" true
	refused "'$T/f' on the host is a file" "'/tmp' in the container is a directory"
	box -v "$T/d:/etc/passwd" true
	refused "'$T/d' on the host is a directory" "'/etc/passwd' in the container is a file"
	box --tmpfs /etc/passwd true
	refused "/etc/passwd" "not a directory"
}

@test "a target whose parents are not directories, or links in a loop" {
	mkdir d
	rootfs
	ln -s a "$T/rootfs/b" && ln -s b "$T/rootfs/a"
	ln -s nowhere "$T/rootfs/dangling"
	ask tare run --rm --rootfs "$T/rootfs" -v "$T/d:/etc/passwd/x" true
	refused "a part of '/etc/passwd/x' in the container is not a directory"
	ask tare run --rm --rootfs "$T/rootfs" -v "$T/d:/a/x" true
	refused "'/a/x' in the container" loop
	ask tare run --rm --rootfs "$T/rootfs" -v "$T/d:/dangling" true
	refused "'/dangling' in the container" "not there"
}

@test "a source that goes through links in a loop, through a file, or that is a dangling link" {
	ln -s a b && ln -s b a && echo >f && ln -s nowhere dangling
	box -v "$T/a:/m" true
	refused "'$T/a' on the host" loop
	box -v "$T/f/x:/m" true
	refused "'$T/f/x' on the host is not a directory"
	box -v "$T/dangling:/m" true
	refused "$T/dangling" "a link to what is not there"
	[ ! -e nowhere ]
}

@test "a target that is missing in a root that is read-only" {
	mkdir d
	box --read-only -v "$T/d:/very/new" ls -d /very/new
	code_is 0
	out_is /very/new
}

@test "options of -v: nosuid, nodev, noexec, and exec that undoes nothing here" {
	mkdir d && cp "$BASE/bin/busybox" d/busybox
	box -v "$T/d:/m:noexec,nosuid,nodev" grep ' /m ' /proc/self/mounts
	out_has nosuid,nodev,noexec
	box -v "$T/d:/m:noexec" /m/busybox true
	code_is 126
	box -v "$T/d:/m:exec" /m/busybox true
	code_is 0
	box -v "$T/d:/m:ro,rw" true
	refused "said twice"
}

@test "U: the files become the container's user's, links are not followed" {
	mkdir -p d/sub && echo x >d/sub/f && echo y >out && ln -s "$T/out" d/sub/l
	local before
	before=$(stat -c %u:%g out)
	box -v "$T/d:/m:U" stat -c %u:%g /m /m/sub /m/sub/f
	code_is 0
	out_is "0:0
0:0
0:0"
	[ "$(stat -c %u:%g out)" = "$before" ]
}

@test "z and Z: nothing where SELinux is off, never on the host's own places" {
	[ ! -e /sys/fs/selinux/enforce ] || skip "SELinux is on"
	mkdir d && ln -s d l
	box -v "$T/d:/m:z" true
	code_is 0
	ask tare run --rm --explain --rootfs "$BASE:O" -v "$T/d:/m:Z" true
	out_has "SELinux is not on"
	local place
	for place in / /etc /usr/share "$HOME" "$T/l"; do
		box -v "$place:/m:Z" true
		refused "$place"
		mount_box "type=bind,src=$place,dst=/m,relabel=shared" true
		refused "$place"
	done
}

@test "--tmpfs tmpcopyup: it begins with what it covers, which stays as it is" {
	rootfs
	mkdir -m 1750 "$T/rootfs/cache" "$T/rootfs/cache/sub"
	chmod 1750 "$T/rootfs/cache"
	echo 1 >"$T/rootfs/cache/f"
	chmod 640 "$T/rootfs/cache/f"
	ln "$T/rootfs/cache/f" "$T/rootfs/cache/h"
	ln -s f "$T/rootfs/cache/sub/l"
	touch -d @1000000000 "$T/rootfs/cache/f" "$T/rootfs/cache"
	truncate -s 4M "$T/rootfs/cache/sparse"
	touch -d @1000000000 "$T/rootfs/cache"
	ask tare run --rm --rootfs "$T/rootfs:O" --tmpfs /cache:tmpcopyup,size=1m --tmpfs /none:tmpcopyup sh -c '
		stat -c "%a %Y" /cache /cache/f; readlink /cache/sub/l; cat /cache/f
		[ /cache/f -ef /cache/h ] && echo one file; stat -c "%s %b" /cache/sparse
		echo 2 >/cache/f; rm /cache/h; stat -c %a /none; ls /none'
	code_is 0
	out_is "1750 1000000000
640 1000000000
f
1
one file
4194304 0
1777"
	[ "$(cat "$T/rootfs/cache/f")" = 1 ] && [ -e "$T/rootfs/cache/h" ]
}

@test "--tmpfs tmpcopyup: a mode that is asked for, read-only, and too little room" {
	rootfs
	mkdir "$T/rootfs/cache"
	head -c 100000 /dev/zero >"$T/rootfs/cache/f"
	ask tare run --rm --rootfs "$T/rootfs:O" --tmpfs /cache:tmpcopyup,mode=0700,ro sh -c \
		'stat -c %a /cache; wc -c </cache/f; echo x >/cache/g'
	out_is "700
100000"
	err_has "Read-only file system"
	ask tare run --rm --rootfs "$T/rootfs:O" --tmpfs /cache:tmpcopyup,size=64k true
	refused /cache "No space left"
}
