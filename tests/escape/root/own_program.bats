# SPDX-License-Identifier: Apache-2.0
# Who gets hold of tare-oci's executable through /proc can't write to it, with whatever rights.

load ../../cli/helpers
load ../../cli/bundle

@test "a container that may trace us reaches our executable, and can't write to it" {
	local program before first
	program=$(dirname "$TARE")/tare-oci
	before=$(sha256sum <"$program")
	bundle -c 'for s in c["process"]["capabilities"].values(): s.append("CAP_SYS_PTRACE")' sh -c '
		while ! grep -qs tare-oci /proc/[0-9]*/comm; do sleep 0.1; done
		process=$(grep -l tare-oci /proc/[0-9]*/comm); process=${process%/comm}
		exec 3<$process/exe && echo reached
		true >>$process/exe
		while [ -e $process ]; do sleep 0.1; done
		true >>/proc/self/fd/3
		cp /proc/self/fd/3 /reached'
	make web
	oci start web
	first=$(oci state web | sed -n 's/.*"pid": \([0-9]*\),/\1/p')
	# Another that enters its pid namespace, and waits there for its start.
	mkdir other
	cp -al "$BASE" other/rootfs
	python3 "$STAGE/cli/bundle.py" -c "c['linux']['namespaces'][0]['path'] = '/proc/$first/ns/pid'" true \
		>other/config.json
	oci create -b other waiting </dev/null
	until_true grep -q exe: web.out || { cat web.out; false; }
	oci delete --force waiting
	until_true status_is web stopped
	cat web.out
	grep -qx reached web.out
	grep -q '/proc/self/fd/3: Read-only file system' web.out
	[ "$(sha256sum <bundle/rootfs/reached)" = "$before" ]
	[ "$(sha256sum <"$program")" = "$before" ]
	oci delete web
}
