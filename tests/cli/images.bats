#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# images.bats - images made of files: named, listed, run, removed
load helpers

# The base root as a tar whose files are root's, made once for the file.
setup_file() {
	export BASE_TAR=$BATS_FILE_TMPDIR/base.tar
	tar --owner=0 --group=0 --numeric-owner -C "$BASE" -cf "$BASE_TAR" .
}

made() {
	ask tare import "$@"
	code_is 0
	[[ $out =~ ^sha256:[0-9a-f]{64}$ && -z $err ]] || shown
	id=$out
}

# What of images the store has: nothing but its frame.
store_is_empty() {
	local left
	left=$(find "$TARE_ROOT" -mindepth 1 \( -path "*/blobs/sha256/*" -o -path "*/layers/*/*" \
		-o -path "*/images/*/*" \) | head)
	[ -z "$left" ] || { echo "in the store: $left"; return 1; }
}

@test "a tar is imported plain, gzipped and by zstd, from a file and from standard input" {
	made "$BASE_TAR" plain
	gzip -k -c "$BASE_TAR" >gz
	made gz gz
	tare import - stdin <gz >/dev/null
	zstd -q -c "$BASE_TAR" >zst || skip "there is no zstd"
	made zst zst
	for name in plain gz stdin zst; do
		ask tare run --rm "$name" /bin/sh -c 'id -u; cat /etc/passwd | head -n 1'
		out_is $'0\nroot:x:0:0::/root:/bin/sh'
	done
	[ "$(find "$TARE_ROOT/layers" -mindepth 2 -maxdepth 2 | wc -l)" = 1 ]
}

@test "a name is kept in full, shown short, and matches in either form" {
	made "$BASE_TAR" base
	for name in base base:latest library/base docker.io/base docker.io/library/base:latest \
		index.docker.io/library/base "$id" "${id#sha256:}" "${id:7:12}" "${id:0:20}"; do
		ask tare run --rm "$name" /bin/echo "by $name"
		out_is "by $name"
	done
	ask tare images --format '{{.Repository}}:{{.Tag}} {{.ID}}'
	out_is "base:latest ${id:7:12}"
	[ -e "$TARE_ROOT/images/docker.io/library/base/:latest" ]
}

@test "an unknown name is an error that lists near ones" {
	ask tare run nobody
	refused "image 'nobody': there is none of that name or id" "no images here but hello"
	made "$BASE_TAR" debian:bookworm
	ask tare run debain true
	refused "image 'debain'" "there is: debian:bookworm"
	ask tare run debian true
	refused "there is: debian:bookworm"
	ask tare run helo
	refused "is 'hello' meant?"
	ask tare inspect nobody
	err_has "no container and no image"
	code_is 1
}

@test "bad names are one clear error" {
	long=$(printf 'a%.0s' $(seq 4096))
	for name in Base a/../b ../x '' -x/y 'a b' $'a\nb' $'a\e[1mb' a:b:c "$long" a: /a; do
		ask tare import "$BASE_TAR" -- "$name"
		refused "image name '"
		[ ${#err} -lt 400 ] || shown
	done
	ask tare import "$BASE_TAR" hello
	refused "tare carries an image of that name"
	ask tare import "$BASE_TAR" "base@sha256:$(printf '0%.0s' $(seq 64))"
	refused "has no digest"
	ask tare images
	out_is 'REPOSITORY   TAG       IMAGE ID   CREATED   SIZE'
}

@test "--change sets how the image is run" {
	made -c 'CMD ["/bin/sh", "-c", "echo $A $B; pwd; id -un; id -Gn"]' -c 'ENV A=1 B="x y"' \
		-c 'WORKDIR /home/app' -c 'USER app:media' -c 'LABEL k=v' -c 'EXPOSE 80' \
		-c 'STOPSIGNAL SIGINT' -c 'HEALTHCHECK CMD true' -m 'why' "$BASE_TAR" app
	if [ "$TARE_AS" != single ]; then
		ask tare run --rm app
		out_is $'1 x y\n/home/app\napp\nmedia'
	fi
	ask tare run --rm -u 0 -e A=2 -w / app
	out_is $'2 x y\n/\nroot\nroot'
	ask tare inspect -f '{{.Config.Labels}} {{.Config.ExposedPorts}} {{.Config.StopSignal}} {{.Config.Healthcheck.Test}} {{.Comment}}' app
	out_is 'map[k:v] map[80/tcp:map[]] SIGINT [CMD-SHELL true] why'
	ask tare import -c 'RUN x' "$BASE_TAR" bad
	refused "--change 'RUN x'" "CMD, ENTRYPOINT"
	ask tare import -c 'ENV "A=1' "$BASE_TAR" bad
	refused "is never closed"
}

@test "entrypoint and command: the image's, and what takes their place" {
	made -c 'ENTRYPOINT ["/bin/echo", "-n"]' -c 'CMD ["hi"]' "$BASE_TAR" echo
	ask tare run --rm echo
	out_is hi
	ask tare run --rm echo there you are
	out_is 'there you are'
	ask tare run --rm --entrypoint /bin/id echo -u
	out_is 0
	ask tare run --rm --entrypoint '' echo /bin/echo plain
	out_is plain
	ask tare run --rm --entrypoint '' echo
	refused 'no command to run'
	made "$BASE_TAR" bare
	ask tare run --rm bare
	refused 'no command to run' 'the image names none'
	ask tare run --rm --json bare true
	refused '--json'
}

@test "images lists, filters and prints in Docker's forms" {
	made -c 'LABEL tier=web' "$BASE_TAR" web:1
	sleep 1.1
	made -c 'LABEL tier=db' "$BASE_TAR" localhost:5000/db
	made "$BASE_TAR"
	ask tare images --format '{{.Repository}}:{{.Tag}}'
	out_has web:1
	out_has localhost:5000/db:latest
	out_has '<none>:<none>'
	list() { tare images --format '{{.Repository}}' "$@" | sort | tr '\n' ' '; }
	[ "$(list --filter dangling=true)" = '<none> ' ]
	[ "$(list --filter dangling=false)" = 'localhost:5000/db web ' ]
	[ "$(list --filter label=tier)" = 'localhost:5000/db web ' ]
	[ "$(list --filter label=tier=db)" = 'localhost:5000/db ' ]
	[ "$(list --filter 'reference=we*:1')" = 'web ' ]
	[ "$(list --filter before=localhost:5000/db)" = 'web ' ]
	[ "$(list --filter since=web:1)" = '<none> localhost:5000/db ' ]
	[ "$(list web)" = 'web ' ]
	[ "$(list 'localhost:5000/*')" = 'localhost:5000/db ' ]
	[ "$(tare images -q | wc -l)" = 3 ]
	[ "$(tare images -q --no-trunc --filter dangling=true)" = "$id" ]
	[ "$(tare images --json | python3 -c 'import json,sys; print(len(json.load(sys.stdin)))')" = 3 ]
	ask tare images --digests web
	out_has 'DIGEST'
	out_has 'sha256:'
	ask tare images --filter dangle=true
	refused 'dangling='
	ask tare images --format '{{.Size'
	refused "'{{' without '}}'"
}

@test "inspect has Docker's shape" {
	made -c 'CMD ["/bin/sh"]' -c 'ENV A=1' "$BASE_TAR" base
	tare tag base other:2
	ask tare inspect base
	printf '%s' "$out" >doc
	python3 - "$id" <<'END'
import json, sys
[image] = json.load(open("doc"))
assert image["Id"] == sys.argv[1], image
assert image["RepoTags"] == ["base:latest", "other:2"], image
assert image["Config"] == {"Env": ["A=1"], "Cmd": ["/bin/sh"]}, image
assert image["RootFS"]["Type"] == "layers" and len(image["RootFS"]["Layers"]) == 1
assert image["Os"] == "linux" and image["Size"] > 1000000 and image["Created"].endswith("Z")
END
	ask tare inspect -f '{{json .Config.Cmd}} {{index .Config.Env 0}} {{.Nothing}}' base
	out_is '["/bin/sh"] A=1 <no value>'
	ask tare inspect --type image -f '{{.Os}}' hello
	out_is linux
	ask tare image inspect -f json base
	out_has '"RepoTags":["base:latest","other:2"]'
	ask tare inspect -f '{{range .X}}' base
	code_is 1
	err_has 'is not understood'
}

@test "names come and go; with the last one the image does" {
	made "$BASE_TAR" base
	first=$id
	ask tare tag base other:1
	code_is 0
	ask tare rmi base
	out_is 'Untagged: base:latest'
	ask tare run --rm other:1 /bin/echo still
	out_is still
	made -c 'ENV A=1' "$BASE_TAR" second
	ask tare rmi "${first:7:12}"
	out_is "Untagged: other:1"$'\n'"Deleted: $first"
	ask tare run --rm second /bin/echo shared layer
	out_is 'shared layer'
	tare tag second third
	ask tare rmi "$id"
	code_is 1
	err_has 'it has 2 names'
	ask tare rmi -f "$id"
	code_is 0
	store_is_empty
	ask tare rmi second hello
	code_is 1
	err_has "image 'second'"
	err_has "it can't be removed"
}

@test "a new image of a name leaves the old one without" {
	made "$BASE_TAR" base
	old=$id
	made -c 'ENV A=2' "$BASE_TAR" base
	ask tare images -q --no-trunc --filter dangling=true
	out_is "$old"
	ask tare run --rm base /bin/sh -c 'echo $A'
	out_is 2
	ask tare image rm "$old" base
	code_is 0
	store_is_empty
}

@test "an image that a container uses stays" {
	made "$BASE_TAR" base
	ask tare run --name kept base /bin/true
	code_is 0
	ask tare ps -a --format '{{.Names}} {{.Image}}'
	out_is 'kept base'
	ask tare rmi base
	code_is 1
	err_has "it is used by container 'kept'"
	err_has 'tare rm kept'
	ask tare rmi -f base
	out_is 'Untagged: base:latest'
	ask tare images -q --no-trunc
	out_is "$id"
	tare rm kept
	ask tare rmi "$id"
	code_is 0
	store_is_empty
}

@test "an image that runs is not removed, not even with -f" {
	made "$BASE_TAR" base
	"$TARE" run --rm base /bin/sleep 30 &
	runner=$!
	until_true became "$runner" sleep
	ask tare rmi -f base
	code_is 1
	err_has 'a container runs with it'
	kill "$runner"
	wait "$runner" || true
	ask tare rmi base
	code_is 0
	store_is_empty
}

@test "what is no tar of a root is refused, and leaves nothing" {
	echo 'no tar at all, but long enough to be looked at' >text
	head -c 100000 "$BASE_TAR" >cut
	gzip -c "$BASE_TAR" | head -c 50000 >cut.gz
	for file in text cut cut.gz; do
		ask tare import "$file" bad
		refused "import '$file': "
		store_is_empty
	done
	ask tare import . bad
	refused 'a directory' '--rootfs'
	ask tare import missing bad
	refused "import 'missing': No such file"
	ask tare import https://example.test/x.tar bad
	refused 'not yet' 'curl'
	ask tare images -q
	out_is ''
}

@test "the store is a layout that other tools read" {
	command -v skopeo >/dev/null || skip "there is no skopeo"
	gzip -c "$BASE_TAR" >base.tar.gz
	made -c 'ENV A=1' base.tar.gz base
	skopeo --insecure-policy copy -q "oci:$TARE_ROOT:docker.io/library/base:latest" oci:copy:x
	ask tare run --rm oci:copy:x /bin/sh -c 'echo $A'
	out_is 1
	ask skopeo --insecure-policy inspect --config "oci:$TARE_ROOT:docker.io/library/base:latest"
	out_has '"A=1"'
}

@test "a foreign image is refused where nothing emulates it, and --pull has nothing to ask" {
	made --platform linux/s390x "$BASE_TAR" foreign
	if grep -qs 7f454c4602020100 /proc/sys/fs/binfmt_misc/*; then
		skip "something emulates s390x here"
	fi
	ask tare run --rm foreign /bin/true
	refused 'it is for linux/s390x' 'qemu-user-static'
	ask tare run --rm --platform linux/arm64 foreign /bin/true
	refused 'asked for is linux/arm64'
	ask tare run --rm --arch arm --variant v7 foreign /bin/true
	refused 'asked for is linux/arm/v7'
	ask tare run --os windows hello
	refused '--platform' 'Linux'
	ask tare run --arch arm64 --platform linux/arm64 hello
	refused '--platform: it says all that --arch'
	ask tare run --platform linux/x hello
	refused '--platform'
	made "$BASE_TAR" base
	ask tare run --rm --pull never --platform "linux/$(uname -m)" -q --no-healthcheck base /bin/echo ok
	out_is ok
	ask tare run --pull always base
	refused '--pull always: not yet'
	ask tare run --pull often base
	refused 'missing, never or always'
}

@test "--rmi removes the image when the container has ended, unless another has it" {
	made "$BASE_TAR" once
	ask tare run --rmi once /bin/sh -c 'exit 3'
	code_is 3
	err_is ""
	[ -z "$(ls -A "$TARE_ROOT/containers")" ]
	store_is_empty
	made "$BASE_TAR" shared
	tare run --name kept shared /bin/true
	ask tare run --rmi shared /bin/true
	code_is 0
	err_has "image 'shared': it is used by container 'kept'"
	tare rm kept
	ask tare run --rmi shared /not/there
	code_is 127
	ask tare run --rmi shared /bin/true
	store_is_empty
	ask tare run --rmi hello
	refused '--rmi: hello'
	box --rmi true
	refused '--rmi: --rootfs'
}

@test "--image-volume says what becomes of an image's volumes" {
	cp -a "$BASE" tree
	mkdir -p tree/data
	echo text >tree/data/f
	tar --owner=0 --group=0 --numeric-owner -C tree -cf tree.tar .
	made -c 'VOLUME /data' tree.tar vol
	ask tare run --rm --image-volume tmpfs vol /bin/sh -c 'cat /data/f; grep " /data " /proc/self/mountinfo'
	out_has $'text\n'
	out_has ' - tmpfs '
	ask tare run --rm --image-volume ignore vol /bin/sh -c 'cat /data/f; grep " /data " /proc/self/mountinfo; exit'
	out_is text
	ask tare run --rm --image-volume copy vol /bin/true
	refused "'copy'" 'bind, tmpfs or ignore'
}

@test "an image's volumes begin with what it holds, and go with the container" {
	cp -a "$BASE" tree
	mkdir -p tree/data/sub M
	echo text >tree/data/f
	ln tree/data/f tree/data/h
	ln -s f tree/data/l
	chmod 2750 tree/data
	tar --owner=0 --group=0 --numeric-owner -C tree -cf tree.tar .
	made -c 'VOLUME ["/data", "/fresh", "/../../M"]' tree.tar vol
	ask tare run --name kept vol /bin/sh -c 'stat -c %a:%u:%g /data
		[ "$(stat -c %i /data/f)" = "$(stat -c %i /data/h)" ] && readlink /data/l
		ls /fresh; echo new >/data/f; cat /data/h; echo x >/M/mine; grep -c " /data \| /fresh \| /M " /proc/self/mountinfo'
	out_is $'2750:0:0\nf\nnew\n3'
	[ -z "$(ls M)" ]
	ask tare run --rm --read-only vol /bin/sh -c 'cat /data/f; echo y >/data/f && cat /data/f'
	out_is $'text\ny'
	tare rm kept
	[ -z "$(ls -A "$TARE_ROOT/containers")" ]
	made -c 'VOLUME /proc' "$BASE_TAR" bad
	ask tare run --rm bad /bin/true
	refused '/proc'
}
