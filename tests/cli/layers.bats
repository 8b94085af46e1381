#!/usr/bin/env bats
# SPDX-License-Identifier: Apache-2.0
# layers.bats - layers as they are found in the wild, and such as somebody made to get out
#
# The recipes are entries of tars, see layers.py. Beside each image lies a directory that no test
# may touch.
load helpers

setup() {
	T=$(mktemp -d)
	cd "$T" || return 1
	export TARE_ROOT=$T/root TARE_RUNROOT=$T/runroot
	mkdir -m 755 M
	echo marker >M/f
	touch -d @1234567890 M/f M
	before=$(marker)
	traces_before=$(traces)
}

marker() {
	stat -c '%n %a %u:%g %h %s %Y %Z' M M/*
	cat M/f
}

untouched() {
	[ "$(marker)" = "$before" ] || { echo "$before"; marker; return 1; }
}

# inside COMMANDS: run them in a container of the layers on standard input.
inside() {
	rm -rf lay
	python3 "$STAGE/cli/layers.py" lay
	ask tare run --rm oci:lay /bin/sh -c "$1"
	untouched
}

stored() {
	find "$TARE_ROOT" -mindepth 3 -maxdepth 3 \( -path "*/blobs/*" -o -path "*/layers/*" \) \
		2>/dev/null | sort
}

# Refused, in one line and perhaps a hint, and nothing stays of it.
import_refused() {
	local were
	were=$(stored)
	rm -f a.tar
	python3 "$STAGE/cli/layers.py" a.tar
	ask tare import a.tar bad
	refused "$@"
	[ "$(wc -l <<<"$err")" -le 2 ] || shown
	untouched
	[ "$(stored)" = "$were" ] || { echo "in the store:"; stored; return 1; }
}

@test "a hard link outlives its first name, and whiteouts go by their names" {
	inside 'cat two; stat -c %h two; ls one; ls -A d d2 | sort' <<-'END'
		L1: F 0644 0:0 one "data\n"
		H 0644 0:0 two -> one
		D 0755 0:0 d
		F 0644 0:0 d/x "1"
		F 0644 0:0 d/y "2"
		F 0644 0:0 d2/z/in "3"
		L2: F 0644 0:0 .wh.one
		H 0644 0:0 d/.wh.x -> d/.wh.y
		F 0644 0:0 d/.wh.y
		D 0755 0:0 d2/.wh.z/
	END
	out_is $'data\n2\n\nd2:\nd:' # the number of names is the layer's own
	[[ $err == *"one: No such file"* ]] || shown
}

@test "an opaque directory hides what lies below, and only that" {
	inside 'ls o p; cat o/mine' <<-'END'
		L1: F 0644 0:0 o/old "1"
		F 0644 0:0 p/old "2"
		L2: F 0644 0:0 o/mine "m\n"
		F 0644 0:0 o/.wh..wh..opq
		F 0644 0:0 .wh.p
		F 0644 0:0 p/new "n"
	END
	out_is $'o:\nmine\n\np:\nnew\nm'
}

@test "a directory becomes a link, and a link a directory, and back" {
	inside 'cat p; ls real s; cat real/keep; [ ! -L s ] && echo "s is real"' <<-'END'
		L1: D 0755 0:0 real
		F 0644 0:0 real/keep "k\n"
		D 0755 0:0 p
		F 0644 0:0 p/x "1"
		S 0777 0:0 s -> real
		L2: S 0777 0:0 p -> real
		D 0755 0:0 s
		F 0644 0:0 s/new "n"
		L3: F 0644 0:0 p "plain\n"
	END
	out_is $'plain\nreal:\nkeep\n\ns:\nnew\nk\ns is real'
}

@test "of two entries with one name the later counts" {
	inside 'cat a; stat -c "%a %n" a d b; ls d' <<-'END'
		L1: F 0644 0:0 a "1"
		D 0755 0:0 d
		F 0644 0:0 d/in "i"
		D 0700 5:5 d
		F 0600 7:7 ./a "2\n"
		D 0755 0:0 b
		F 0644 0:0 b/gone "g"
		F 0644 0:0 b "file"
	END
	out_is $'2\n600 a\n700 d\n644 b\nin'
}

@test "hard links reach into the layer below, forward, and nowhere" {
	inside 'cat lowlink early r/t/link; stat -c "%h %n" r/t/link; ls -d r r/t' <<-'END'
		L1: F 0644 0:0 low "l\n"
		L2: F 0644 0:0 q/orig "o\n"
		H 0644 0:0 r/t/link -> q/orig
		H 0644 0:0 lowlink -> low
		L3: H 0644 0:0 early -> later
		F 0644 0:0 later "x\n"
	END
	out_is $'l\nx\no\n2 r/t/link\nr\nr/t'
	inside 'true' <<-'END'
		L1: H 0644 0:0 early -> never
	END
	refused "'early' is a hard link to 'never', which is nowhere"
}

@test "directories without an entry look as below, whatever the umask" {
	umask 077
	inside 'stat -c "%a %n" opt opt/app srv; stat -c %Y srv' <<-'END'
		L1: D 0750 0:0 opt
		L2: F 0755 0:0 opt/app/run "r"
		F 0644 0:0 srv/x "s"
	END
	out_is $'750 opt\n755 opt/app\n755 srv\n0'
}

@test "sparse files of GNU tar stay sparse" {
	truncate -s 4G big
	printf END | dd of=big bs=1 seek=4294967293 conv=notrunc 2>/dev/null
	for format in posix gnu; do
		tar --owner=0 --group=0 --format=$format --sparse -C "$BASE" -cf s.tar . -C "$T" big
		tare import s.tar sparse >/dev/null
		ask tare run --rm sparse /bin/sh -c 'stat -c "%s" big; tail -c 3 big; du -k big | cut -f 1'
		[[ $out == $'4294967296\nEND'* && ${out##*END} -lt 1024 ]] || shown
		tare rmi sparse >/dev/null
	done
}

@test "long names, nanoseconds, times before 1970 and odd names arrive" {
	local n=$(printf 'n%.0s' {1..70})
	inside "cat $n/$n/$n/$n/$n; stat -c %Y neg t; cat right" <<-END
		L1: F 0644 0:0 $n/$n/$n/$n/$n "1\n"
		F 0644 0:0 t mtime=1600000000.123456789 "2"
		F 0644 0:0 neg mtime=-5.5 "3"
		F 0644 0:0 wrong path=right size=4 "abc\n"
	END
	out_is $'1\n-6\n1600000000\nabc'
	import_refused 'File name too long' <<<"F 0644 0:0 $(printf 'n%.0s' {1..256})"
}

@test "links in a layer lead inside, never out" {
	for target in "$T/M" "../../../../../../..$T/M" M; do
		inside 'cat l/new; [ -d l/sub ]; ls l' <<-END
			L1: S 0777 0:0 l -> $target
			F 0644 0:0 l/new "inside\n"
			D 0777 0:0 l/sub mtime=5
			S 0777 0:0 l/link -> f
			H 0644 0:0 l/hard -> l/new
		END
		out_is $'inside\nhard\nlink\nnew\nsub'
		inside 'ls l' <<-END
			L1: S 0777 0:0 l -> $target
			L2: F 0644 0:0 l/new "in the next layer\n"
			D 0777 0:0 l mtime=5 SCHILY.xattr.user.x=y
		END
		out_is new
	done
	import_refused "'a' is a hard link to '${T#/}/M/f', which is nowhere" <<<"H 0644 0:0 a -> $T/M/f"
	import_refused "link to '../M/f'" <<<'H 0644 0:0 a -> ../M/f'
	import_refused "link to 'x/../../M/f'" <<<'H 0644 0:0 a -> x/../../M/f "evil"'
}

@test "the layer's root is a directory and stays one" {
	for name in . ./ / .. a/.. '""'; do
		for entry in "S 0777 0:0 $name -> $T/M" "F 0644 0:0 $name \"x\"" \
			"H 0644 0:0 $name -> x" "P 0644 0:0 $name"; do
			import_refused 'tar at byte 0' <<<"$entry"
		done
	done
	import_refused "path '..'" <<<'D 0755 0:0 ..'
	for name in .wh. .wh.. .wh... .wh.a/b d/.wh..; do
		import_refused 'is no whiteout' <<<"F 0644 0:0 $name"
	done
}

@test "paths without end end within a second" {
	import_refused 'File name too long' <<<"F 0644 0:0 $(printf 'abcd/%.0s' {1..1000})x"
	SECONDS=0
	import_refused 'Too many levels of symbolic links' < <(
		for i in {1..300}; do echo "S 0777 0:0 l$i -> l$((i + 1))"; done
		echo 'F 0644 0:0 l1/x'
	)
	import_refused 'Too many levels of symbolic links' <<-'END'
		S 0777 0:0 loop -> loop
		F 0644 0:0 loop/x
	END
	[ $SECONDS -le 5 ]
}

@test "what an overlay would believe is not taken from a tar" {
	inside 'ls -A d; cat f' <<-'END'
		L1: F 0644 0:0 d/below "b"
		F 0644 0:0 secret "s"
		L2: D 0755 0:0 d user.x=1 SCHILY.xattr.trusted.overlay.opaque=y SCHILY.xattr.user.overlay.opaque=y SCHILY.xattr.trusted.overlay.redirect=/secret
		F 0644 0:0 f SCHILY.xattr.user.overlay.metacopy=y SCHILY.xattr.user.overlay.redirect=/secret "own\n"
	END
	[[ $err == *"pax key 'user.x' is not supported"* ]] || shown
	inside 'ls -A d; cat f' <<-'END'
		L1: F 0644 0:0 d/below "b"
		F 0644 0:0 secret "s"
		L2: D 0755 0:0 d SCHILY.xattr.trusted.overlay.opaque=y SCHILY.xattr.user.overlay.opaque=y SCHILY.xattr.trusted.overlay.redirect=/secret
		F 0644 0:0 f SCHILY.xattr.user.overlay.metacopy=y SCHILY.xattr.user.overlay.redirect=/secret "own\n"
	END
	out_is $'below\nown'
	import_refused "'bin/x' is a device 0:0" <<<'C 0666 0:0 bin/x -> 0:0'
}

@test "a tar that is cut off, empty, or none is one clear line" {
	tar --owner=0 --group=0 -C "$BASE" -cf whole.tar .
	head -c 100000 whole.tar >cut.tar
	ask tare import cut.tar bad
	refused 'cut off'
	gzip -k whole.tar
	head -c 100000 whole.tar.gz >cut.gz
	ask tare import cut.gz bad
	refused 'gzip: cut off'
	: >empty
	ask tare import empty bad
	refused 'empty'
	head -c 5000 /dev/urandom >noise
	ask tare import noise bad
	refused 'no header'
	ask tare images -q
	out_is ''
}

# Ten GiB of zeros in ten MiB, behind the header of a file and without one.
@test "a bomb is stopped" {
	head -c 16777216 /dev/zero | gzip -9n >member
	for i in {1..64}; do cat member member member member member member member member member member; done >bomb
	ask tare import bomb bad
	refused 'gzip: ' 'over 200 times as much'
	printf 'F 0644 0:0 big size=99999999999999999\n' | python3 "$STAGE/cli/layers.py" big.tar
	ask tare import big.tar bad
	refused "with 'big' it has 99999999999999999 bytes, and there is room for"
	ask tare images -q
	out_is ''
}
