# SPDX-License-Identifier: Apache-2.0
# attack.bats - a root file system that means harm
#
# $M is a directory outside with known contents. Whatever the root does, nothing in $M changes and
# nothing of it is seen inside.
load ../cli/helpers

marked_setup() {
	M=$T/marker
	mkdir -p "$M/d"
	echo canary >"$M/f"
	echo canary >"$M/d/ptmx"
	rootfs
	marks >"$T/.marks"
}

marks() {
	(cd "$M" && find . -printf '%p %m %U %G %s %T@ %l\n' | sort && cat f d/ptmx)
}

unharmed() {
	marks | cmp - "$T/.marks"
	case $out in *canary*) shown ;; esac
}

# A root whose PATH is a link to TARGET instead.
link() {
	rm -rf "${T:?}/rootfs/$1"
	mkdir -p "$(dirname "$T/rootfs/$1")"
	ln -s "$2" "$T/rootfs/$1"
}

up=../../../../../../../../..

@test "a volume's target through links out of the root" {
	marked_setup
	mkdir given
	local target
	for target in "$M" "$up$M" "/proc/self/root$M" "/proc/1/cwd"; do
		link a "$target"
		ask tare run --rm --rootfs "$T/rootfs" -v "$T/given:/a/new" ls /a
		unharmed
		[ ! -e "$M/new" ]
	done
}

@test "a tmpfs, a working directory through links out of the root" {
	marked_setup
	link a "$up$M"
	ask tare run --rm --rootfs "$T/rootfs" --tmpfs /a/new sh -c 'touch /a/new/x; cat /a/f'
	unharmed
	ask tare run --rm --rootfs "$T/rootfs" -w /a/new sh -c 'touch x; cat ../f'
	unharmed
	ask tare run --rm --rootfs "$T/rootfs:O" -w /a sh -c 'cat f'
	unharmed
}

@test "/proc or /sys of the root is a link: refused by name" {
	marked_setup
	mkdir "$T/rootfs/p"
	local name
	for name in proc sys; do
		link "$name" /p
		ask tare run --rm --rootfs "$T/rootfs" true
		refused "/$name"
		link "$name" "$M"
		ask tare run --rm --rootfs "$T/rootfs" cat "/$name/f"
		code_is 125
		unharmed
		rm "$T/rootfs/$name"
		mkdir "$T/rootfs/$name"
	done
}

@test "a volume over /proc or /sys is refused" {
	mkdir given
	local target
	for target in /proc /proc/self /proc/self/attr /sys /proc/../proc; do
		box -v "$T/given:$target" true
		code_is 125
		box --tmpfs "$target" true
		code_is 125
	done
}

@test "/dev of the root, or a name in it, is a link" {
	marked_setup
	link dev "$up$M/d"
	ask tare run --rm --rootfs "$T/rootfs" sh -c 'cat /dev/ptmx </dev/null'
	unharmed
	rm "$T/rootfs/dev"
	mkdir "$T/rootfs/dev"
	local name
	for name in console null pts shm ptmx mqueue; do
		link "dev/$name" "$up$M/f"
		ask tare run --rm --rootfs "$T/rootfs" sh -c 'stat -c %t:%T /dev/null; echo x >/dev/null'
		unharmed
		out_is 1:3
		rm "$T/rootfs/dev/$name"
	done
}

@test "a /dev/null of the root is never the mask" {
	local kind
	for kind in link file fifo; do
		rm -rf "$T/rootfs"
		rootfs
		case $kind in
		link) ln -s /proc/sys/kernel/core_pattern "$T/rootfs/dev/null" ;;
		file) echo fake >"$T/rootfs/dev/null" ;;
		fifo) mkfifo "$T/rootfs/dev/null" ;;
		esac
		ask tare run --rm --rootfs "$T/rootfs" stat -c %t:%T /proc/keys
		out_is 1:3
	done
}

@test "links at the files tare mounts by itself" {
	marked_setup
	local name
	for name in hosts hostname resolv.conf; do
		link "etc/$name" "$up$M/f"
		ask tare run --rm --rootfs "$T/rootfs" sh -c "cat /etc/$name; echo x >/etc/$name"
		unharmed
		rm "$T/rootfs/etc/$name"
		: >"$T/rootfs/etc/$name"
	done
}

@test "passwd as a pipe, a link out, a giant: an answer, soon" {
	marked_setup
	rm "$T/rootfs/etc/passwd"
	mkfifo "$T/rootfs/etc/passwd"
	ask timeout 5 "$TARE" run --rm --rootfs "$T/rootfs" -u app true
	code_is 125
	rm "$T/rootfs/etc/passwd"
	link etc/passwd "$up$M/f"
	ask timeout 5 "$TARE" run --rm --rootfs "$T/rootfs" -u canary true
	code_is 125
	unharmed
	rm "$T/rootfs/etc/passwd"
	truncate -s 2G "$T/rootfs/etc/passwd"
	ask timeout 5 "$TARE" run --rm --rootfs "$T/rootfs" -u app true
	code_is 125
}

@test "tare's own binary can't be reached by /proc/self/exe" {
	local before
	before=$(sha256sum "$TARE")
	rootfs
	printf '#!/proc/self/exe\n' | program script
	link again /proc/self/exe
	local command
	for command in /proc/self/exe /script /again; do
		ask tare run --rm --rootfs "$T/rootfs" "$command" version
		[ "$before" = "$(sha256sum "$TARE")" ]
	done
	ask tare run --rm --rootfs "$T/rootfs" sh -c \
		'for f in /proc/[0-9]*/exe; do echo x 2>/dev/null >>$f && echo "wrote $f"; done; true'
	out_is ""
	ask tare run --rm --init --rootfs "$T/rootfs" sh -c \
		'for f in /proc/[0-9]*/exe; do echo x 2>/dev/null >>$f && echo "wrote $f"; done; true'
	out_is ""
	[ "$before" = "$(sha256sum "$TARE")" ]
}

@test "a text in the root can't forge lines of tare's errors" {
	rootfs
	printf '#!/x\033[2J\n' | program s
	ask tare run --rm --rootfs "$T/rootfs" /s
	code_is 127
	case $err in *$'\033'*) return 1 ;; esac
}

@test "mount targets exchanged for links while containers start" {
	marked_setup
	mkdir given "$T/rootfs/vol"
	mkdir "$T/rootfs/vol/x"
	ln -s "$up$M" "$T/rootfs/vol/y"
	python3 "$STAGE/cli/swap.py" "$T/rootfs/vol/x" "$T/rootfs/vol/y" &
	local swapper=$! try
	for try in $(seq 30); do
		ask tare run --rm --rootfs "$T/rootfs" -v "$T/given:/vol/x/new" sh -c 'cat /vol/x/f'
		[ ! -e "$M/new" ] || break
	done
	kill "$swapper"
	wait "$swapper" || true
	unharmed
}
