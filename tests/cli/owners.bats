# SPDX-License-Identifier: Apache-2.0
# owners.bats - what an unpacked layer looks like from inside: owners and devices
load helpers

# entry ARGUMENTS…: adds to layer.tar: name, type (python's tarfile), uid, mode, and major:minor.
layer() {
	python3 - "$BASE" "$@" <<'END'
import io, os, sys, tarfile
base, entries = sys.argv[1], sys.argv[2:]

def of_root(info):
    info.uid = info.gid = 0
    return info

with tarfile.open("layer.tar", "w", format=tarfile.PAX_FORMAT) as tar:
    tar.add(base, ".", filter=of_root)
    for entry in entries:
        name, kind, uid, mode, device = entry.split(",")
        info = tarfile.TarInfo(name)
        info.type = getattr(tarfile, kind)
        info.uid = info.gid = int(uid)
        info.mode = int(mode, 8)
        info.devmajor, info.devminor = map(int, device.split(":"))
        tar.addfile(info)
END
}

@test "files have their owners, as far as there are such users" {
	layer data,DIRTYPE,1234,0750,0:0 data/file,REGTYPE,33,4711,0:0
	ask tare import layer.tar owned
	code_is 0
	ask tare run --rm owned /bin/sh -c 'stat -c "%u:%g %a" /data /data/file'
	code_is 0
	if [ "$TARE_AS" = single ]; then
		out_is $'0:0 750\n0:0 4711'
	else
		out_is $'1234:1234 750\n33:33 4711'
	fi
	ask tare rmi owned
	code_is 0
	[ -z "$(find "$TARE_ROOT"/layers/*/ -mindepth 1)" ]
}

@test "device nodes are made by root, left out of /dev for a user, and refused elsewhere" {
	layer dev/gone,CHRTYPE,0,0666,1:3 data,DIRTYPE,1234,0700,0:0
	ask tare import layer.tar devices
	code_is 0
	layer data,DIRTYPE,1234,0700,0:0 data/disk,BLKTYPE,5,0640,7:0
	ask tare import layer.tar elsewhere
	if [ "$TARE_AS" = root ]; then
		code_is 0
		ask tare run --rm elsewhere /bin/sh -c 'stat -c "%F %u %a %t:%T" /data/disk; cat /data/disk'
		code_is 1
		out_is 'block special file 5 640 7:0'
		err_has 'Operation not permitted'
	else
		refused "'data/disk'" 'device node' 'only root'
	fi
}

@test "what is no layer, or half of one, is refused in one line, and nothing of it stays" {
	layer
	gzip -k layer.tar
	head -c 2000 layer.tar.gz >cut.gz
	head -c 5000 layer.tar >cut.tar
	echo 'no tar at all' >text
	for file in cut.gz cut.tar text; do
		ask tare import "$file" broken
		refused
	done
	[ -z "$(find "$TARE_ROOT"/blobs/sha256 "$TARE_ROOT"/layers/*/ -mindepth 1)" ]
}
