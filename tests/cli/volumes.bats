# SPDX-License-Identifier: Apache-2.0
# volumes.bats - volumes without a name: -v PATH, --mount type=volume
load helpers

# A root whose /data has files that differ in all that a copy may lose.
data_root() {
	rootfs
	mkdir -p "$T/rootfs/data/d"
	chmod 750 "$T/rootfs/data"
	echo x >"$T/rootfs/data/f"
	chmod 604 "$T/rootfs/data/f"
	ln "$T/rootfs/data/f" "$T/rootfs/data/h"
	ln -s f "$T/rootfs/data/l"
	touch -d @1000000000 "$T/rootfs/data/f" "$T/rootfs/data/d"
}

look='cd /data; stat -c "%n %a %u:%g %h" . f h; stat -c %Y f d; readlink l; [ f -ef h ] && echo one file; cat f'

@test "-v PATH: a volume that begins with what lies there, and goes with the container" {
	data_root
	local said
	for said in "-v=/data" "--mount=type=volume,dst=/data" "--mount=dst=/data"; do
		ask tare run --rm "$said" --rootfs "$T/rootfs:O" sh -c "$look; echo y >f; rm h; grep -c ' /data ' /proc/self/mountinfo"
		code_is 0
		out_is ". 750 0:0 3
f 604 0:0 2
h 604 0:0 2
1000000000
1000000000
f
one file
x
1"
		[ "$(cat "$T/rootfs/data/f")" = x ] && [ -e "$T/rootfs/data/h" ]
	done
	[ -z "$(ls "$TARE_ROOT/containers" 2>/dev/null)" ]
}

@test "-v PATH where the root has nothing: made, empty, 0755" {
	box -v /new/deep sh -c 'stat -c "%a %u:%g" /new/deep; ls -A /new/deep; echo x >/new/deep/f && cat /new/deep/f'
	code_is 0
	out_is "755 0:0
x"
}

@test "--mount type=volume: without a copy, read-only" {
	data_root
	ask tare run --rm --mount type=volume,dst=/data,volume-nocopy --rootfs "$T/rootfs:O" ls -A /data
	code_is 0
	out_is ""
	ask tare run --rm --mount type=volume,dst=/data,readonly --rootfs "$T/rootfs:O" sh -c 'cat /data/f; echo y >/data/f'
	code_is 1
	out_is x
	err_has "Read-only file system"
}

@test "a volume onto a file, through links out, over what is not a path" {
	data_root
	mkdir "$T/M" && echo canary >"$T/M/f"
	ln -s "../../../../../../../..$T/M" "$T/rootfs/out"
	ask tare run --rm -v /data/f --rootfs "$T/rootfs:O" true
	refused /data/f "a file"
	ask tare run --rm -v /out --rootfs "$T/rootfs:O" cat /out/f
	out_lacks canary
	[ "$(ls "$T/M")" = f ]
	box -v data true
	refused "'data'"
	box -v /proc/x true
	refused /proc
}

@test "two volumes, one in the other, with other mounts between" {
	data_root
	mkdir given
	ask tare run --rm -v /data -v /data/d -v "$T/given:/data/d/given" --tmpfs /data/t --rootfs "$T/rootfs:O" sh -c \
		'touch /data/a /data/d/b /data/d/given/c /data/t/d; ls -R /data'
	code_is 0
	[ -e given/c ]
	out_has "/data/d/given:
c"
}

@test "a volume of a container that is kept stays until rm" {
	data_root
	ask tare run --name kept -v /data --rootfs "$T/rootfs:O" sh -c 'echo y >/data/new'
	code_is 0
	[ "$(find "$TARE_ROOT/containers" -name new | wc -l)" = 1 ]
	ask tare rm kept
	code_is 0
	[ -z "$(ls "$TARE_ROOT/containers")" ]
}

@test "-v :O: it can be written, and stays as it is" {
	mkdir -m 750 d && echo x >d/f && chmod 750 d
	box -v "$T/d:/m:O" sh -c 'cat /m/f; echo y >/m/f; touch /m/new; rm -f /m/f; mkdir /m/g && mv /m/g /m/h; ls /m; stat -c %a /m'
	code_is 0
	out_is "x
h
new
750"
	[ "$(ls d)" = f ] && [ "$(cat d/f)" = x ]
	[ -z "$(ls "$TARE_ROOT/containers" 2>/dev/null)" ]
	box -v "$T/d:/m:O,ro" sh -c 'cat /m/f; echo y >/m/f'
	out_is x
	err_has "Read-only file system"
	box -v "$T/d:/m:O,noexec,U" true
	refused "U does not go with O"
	box -v "$T/d/f:/m:O" true
	refused "$T/d/f" "a file"
	box -v "$T/d:/etc/passwd:O" true
	refused "'/etc/passwd' in the container is a file"
}

@test "-v :O with odd names, and beside a root that is a plain directory" {
	rootfs
	mkdir "$T/a,b:c \"d" && echo x >"$T/a,b:c \"d/f"
	cd "$T" || return 1
	ask tare run --rm --rootfs "$T/rootfs" --mount "type=bind,\"src=$T/a,b:c \"\"d\",dst=/plain" -v /vol sh -c 'cat /plain/f'
	out_is x
	mkdir "$T/a,b" && echo x >"$T/a,b/f"
	ask tare run --rm --rootfs "$T/rootfs" -v "$T/a,b:/m:O" sh -c 'cat /m/f; echo y >/m/f; cat /m/f'
	out_is "x
y"
	[ "$(cat "$T/a,b/f")" = x ]
}
