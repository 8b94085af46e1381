#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# layouts.bats - images of OCI layouts and archives that other tools made, and of such that lie
load helpers

layout() {
	python3 "$STAGE/cli/layout.py" "$@"
}

# Nothing of a refused image may stay.
nothing_stays() {
	local left
	left=$(find "$TARE_ROOT" -mindepth 1 \( -path "*/blobs/sha256/*" -o -path "*/layers/*/*" \
		-o -path "*/images/:id/*" \) | head)
	[ -z "$left" ] || { echo "in the store: $left"; return 1; }
}

@test "a layout and an archive are run by path and name, and taken into the store once" {
	layout lay good
	layout lay.tar compressed
	for image in oci:lay oci:lay:web oci:lay:docker.io/library/web:latest oci-archive:lay.tar \
		oci-archive:lay.tar:web "oci:$T/lay:web"; do
		ask tare run --rm "$image"
		out_is 'it runs'
		code_is 0
	done
	# Compressed as a whole, as "docker save | gzip" makes it.
	gzip -c lay.tar >lay.tgz
	ask tare run --explain oci-archive:lay.tgz
	code_is 0
	ask tare run --rm oci-archive:lay.tgz:web
	out_is 'it runs'
	if command -v zstd >/dev/null; then
		zstd -q lay.tar -o lay.zst
		ask tare run --rm oci-archive:lay.zst
		out_is 'it runs'
	fi
	[ "$(find "$TARE_ROOT/layers" -mindepth 2 -maxdepth 2 | wc -l)" = 1 ]
	ask tare images -q
	[ "$(wc -l <<<"$out")" = 1 ]
	ask tare run --rm "$out"
	out_is 'it runs'
}

@test "Docker's media types and an index for many machines" {
	layout docker docker
	ask tare run --rm oci:docker:web
	out_is 'it runs'
	layout many platforms
	ask tare run --rm oci:many:web
	out_is 'it runs'
	ask tare run --rm oci:many:web
	out_is 'it runs'
	if ! grep -qs 7f454c4602020100 /proc/sys/fs/binfmt_misc/*; then
		ask tare run --rm --platform linux/s390x oci:many:web
		refused 'it is for linux/s390x'
	fi
	ask tare run --rm --platform linux/riscv64 oci:many:web
	refused 'there is no image for linux/riscv64 in it' 'linux/s390x'
	tare rmi $(tare images -q) >/dev/null
	nothing_stays
}

@test "of several images one is named" {
	layout lay two
	ask tare run --rm oci:lay
	refused 'there are several images in it' 'web, docker.io/library/db:2'
	ask tare run --rm oci:lay:db:2
	out_is 'the other'
	ask tare run --rm oci:lay:nobody
	refused "there is no image called 'nobody' in it" 'web'
}

@test "--explain reads the layout and changes nothing" {
	layout lay good
	ask tare run --explain oci:lay:web
	code_is 0
	out_has 'root-overlay' || out_has 'lay a directory for changes over 1 layer'
	[ ! -e "$TARE_ROOT/blobs" ]
}

@test "a layout that lies is one clear line, and nothing of it stays" {
	while read -r kind words; do
		layout "$kind" "$kind"
		ask tare run --rm "oci:$kind"
		refused "$words"
		nothing_stays
	done <<'END'
no-layout no OCI image layout
wrong-layer expected is
wrong-config not what its descriptor says
wrong-manifest not what its descriptor says
wrong-index not what its descriptor says
wrong-diff-id expected is
wrong-size its descriptor says
missing-layer there is no file 'blobs/sha256/
cut-layer tar
both is a manifest and an index at once
both-index is an index and a manifest at once
itself not what its descriptor says
deep more than 8 indexes
schema1 which is no image
null-config config
artifact no image: its config is of type
bad-digest digest
END
}

@test "what only looks odd is run" {
	layout short short-history
	ask tare run --rm oci:short
	out_is 'it runs'
	layout null no-run-config
	ask tare run --rm oci:null
	refused 'no command to run'
	ask tare run --rm oci:null /bin/echo fine
	out_is fine
}

@test "what is no layout at all" {
	mkdir empty
	ask tare run oci:empty
	refused "oci:empty: the directory is no OCI image layout" '--rootfs'
	ask tare run oci:nowhere:x
	refused 'oci:nowhere:x: No such file'
	layout lay.tar good
	ask tare run oci:lay.tar
	refused 'oci-archive:lay.tar'
	ask tare run oci-archive:empty
	refused 'oci:empty'
	head -c 300000 lay.tar >cut.tar
	ask tare run oci-archive:cut.tar
	refused 'oci-archive:cut.tar' || refused 'tar'
	: >zero.tar
	ask tare run oci-archive:zero.tar
	refused 'the file is empty'
	layout whole.tar good
	gzip -c whole.tar | head -c 1000 >cut.tgz
	ask tare run oci-archive:cut.tgz
	refused 'oci-archive:cut.tgz: ' gzip
	printf '\050\265\057\375oops' >bad.zst
	ask tare run oci-archive:bad.zst
	refused 'oci-archive:bad.zst: ' zstd
	printf '\3757zXZ\0%600s' >lay.txz
	ask tare run oci-archive:lay.txz
	refused 'oci-archive:lay.txz: ' tar
	head -c 2000 /dev/zero | gzip >nothing.tgz
	ask tare run oci-archive:nothing.tgz
	refused 'oci-archive:nothing.tgz'
	tar -C "$BASE" -cf root.tar bin
	ask tare run oci-archive:root.tar
	refused 'no OCI image layout' 'tare import'
	mkfifo pipe
	ask tare run oci-archive:pipe
	refused 'not a regular file'
	nothing_stays
}

@test "labels and annotations of every kind change nothing of the plan" {
	layout plain good
	layout labelled good Labels='{"org.systemd.property.MemoryMax": "1", "tare.privileged": "true",
		"io.containers.log-driver": "journald", "run.oci.handler": "wasm",
		"org.criu.checkpoint.image": "/x", "io.kubernetes.cri-o.Devices": "/dev/sda"}' \
		OnBuild='["RUN x"]' Healthcheck='{"Test": ["CMD", "/bin/false"]}'
	tare run --explain --json --name same oci:plain | sed -E 's/[0-9a-f]{12,64}/ID/g' >one
	tare run --explain --json --name same oci:labelled | sed -E 's/[0-9a-f]{12,64}/ID/g' >two
	[ -s one ]
	diff one two
}

@test "an image's variables are never the caller's" {
	export K=secret KEY=secret
	for env in '["K"]' '["*"]' '["K*"]' '["=x"]' '[""]'; do
		rm -rf lay
		layout lay good Env="$env"
		ask tare run --rm oci:lay /bin/env
		refused 'NAME=value'
		out_lacks secret
	done
	rm -rf lay
	layout lay good Env='["A=1", "B=x=y", "EMPTY="]'
	ask tare run --rm oci:lay /bin/env
	out_has $'A=1\nB=x=y\nEMPTY='
	out_lacks secret
}

@test "127 layers are laid over one another, 128 are too many" {
	LAYERS=127 layout lay layers
	ask tare run --rm -q oci:lay /bin/sh -c 'cat /layer1 /layer126 /top; ls / | grep -c layer'
	out_is $'1\n126\n126\n126'
	code_is 0
	if [ "$TARE_AS" = root ]; then
		tare run --script --rm oci:lay /bin/sh -c 'cat /layer1 /top' >script
		ask unshare -m sh script
		out_is $'1\n126'
	fi
	LAYERS=128 layout more layers
	ask tare run --rm oci:more
	refused '128 layers'
}
