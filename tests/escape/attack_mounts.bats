# SPDX-License-Identifier: Apache-2.0
# attack_mounts.bats - mount targets and sources that move, masks that are no masks
#
# The ways in which other engines were broken, and what holds here:
#
#   target, or a part of its path, exchanged for a link between check and mount   CVE-2021-30465,
#       CVE-2017-1002101, CVE-2021-25741, CVE-2024-42472
#   target through a link of the image: made, mounted or owned on the host        CVE-2019-18837,
#       CVE-2024-45310
#   /dev, or a name in it, is a link                                               CVE-2026-41579
#   a fake /dev/null as standard input; the console's source exchanged             CVE-2025-52565
#   read-only made by a name that the image's own /proc/self/fd answers            CVE-2026-115521
#   the image's /dev/null as the mask                                              CVE-2025-31133
#   entries that the list of masks forgot, and a fresh proc without any            CVE-2018-10892,
#       CVE-2017-16539
#   a writable /sys/fs/cgroup for a user with the host's cgroup namespace          CVE-2023-25809
#
# $M is a directory outside with known contents. Nothing in it changes or is seen inside.
load ../cli/helpers

setup_marker() {
	M=$T/marker
	mkdir -p "$M/d" given
	echo canary >"$M/f"
	rootfs
	marks >"$T/.marks"
}

marks() {
	(cd "$M" && find . -printf '%p %m %U %G %s %T@ %l\n' | sort && cat f)
}

unharmed() {
	marks | cmp - "$T/.marks"
	case $out in *canary*) shown ;; esac
}

up=../../../../../../../../..

# Exchanges two names until the test ends.
swapping() {
	python3 "$STAGE/cli/swap.py" "$1" "$2" &
	swapper=$!
}

stop_swapping() {
	kill "$swapper"
	wait "$swapper" || true
}

# What is mounted in a container must lie in it: no mount point has a name of the host's.
in_the_root='cat /vol/x/f 2>/dev/null; grep -F '

@test "200 starts while a part of the target is exchanged for a link out" {
	setup_marker
	mkdir -p "$T/rootfs/vol/x"
	ln -s "$up$M" "$T/rootfs/vol/y"
	swapping "$T/rootfs/vol/x" "$T/rootfs/vol/y"
	local try started=0
	for try in $(seq 200); do
		ask tare run --rm --rootfs "$T/rootfs" -v "$T/given:/vol/x/new" sh -c "$in_the_root '$T' /proc/self/mountinfo | cut -d' ' -f5"
		[ "$code" = 125 ] || started=$((started + 1))
		[ ! -e "$M/new" ] || break
		case $out in *"$T"* | *canary*) break ;; esac
	done
	stop_swapping
	unharmed
	out_lacks "$T"
	[ "$started" -gt 0 ]
}

@test "200 starts while the target itself is exchanged: a bind, a tmpfs with a copy, a device" {
	setup_marker
	mkdir -p "$T/rootfs/vol/x"
	ln -s "$up$M" "$T/rootfs/vol/y"
	swapping "$T/rootfs/vol/x" "$T/rootfs/vol/y"
	local try
	for try in $(seq 66); do
		ask tare run --rm --rootfs "$T/rootfs" -v "$T/given:/vol/x:U" cat /vol/x/f /vol/y/f
		case $out in *canary*) break ;; esac
		ask tare run --rm --rootfs "$T/rootfs" --tmpfs /vol/x:tmpcopyup cat /vol/x/f
		case $out in *canary*) break ;; esac
		ask tare run --rm --rootfs "$T/rootfs" --device /dev/full:/vol/x/d cat /vol/x/f
		case $out in *canary*) break ;; esac
	done
	stop_swapping
	unharmed
}

@test "200 starts while the source is exchanged: one or the other, whole, and nothing is written" {
	setup_marker
	mkdir source
	echo mine >source/f
	mkdir other
	echo theirs >other/f
	swapping "$T/source" "$T/other"
	local try seen=
	for try in $(seq 200); do
		box -v "$T/source:/m:ro" sh -c 'cat /m/f; cat /m/f; echo x >/m/new'
		case $out in
		$'mine\nmine' | $'theirs\ntheirs') ;;
		*) seen=$out ;;
		esac
	done
	stop_swapping
	[ -z "$seen" ] || { echo "seen: $seen"; return 1; }
	[ ! -e source/new ] && [ ! -e other/new ]
}

@test "two containers share a volume; one exchanges the other's mount points" {
	setup_marker
	mkdir -p shared/x
	ln -s "$up$M" shared/y
	"$TARE" run --rm --rootfs "$BASE:O" -v "$T/shared:/vol" sh -c \
		'while [ ! -e /vol/stop ]; do mv -T /vol/x /vol/z; mv -T /vol/y /vol/x; mv -T /vol/x /vol/y; mv -T /vol/z /vol/x; done' \
		2>/dev/null &
	local other=$! try
	for try in $(seq 100); do
		box -v "$T/shared:/vol" -v "$T/given:/vol/x/new" cat /vol/x/f
		[ ! -e "$M/new" ] || break
		case $out in *canary*) break ;; esac
	done
	touch shared/stop
	wait "$other" || true
	unharmed
	[ ! -e "$M/new" ]
}

@test "U while what is below is exchanged for links out" {
	setup_marker
	mkdir -p tree/a/b/c
	touch tree/a/b/c/f tree/a/f
	ln -s "$M" tree/link
	swapping "$T/tree/a/b" "$T/tree/link"
	local try
	for try in $(seq 60); do
		box -v "$T/tree:/m:U" true
	done
	stop_swapping
	unharmed
}

@test "targets through links of the root: what is made lands in it, or nowhere" {
	setup_marker
	ln -s "$up$M" "$T/rootfs/a"
	ln -s "$M" "$T/rootfs/b"
	ln -s /proc/self/root "$T/rootfs/c"
	local name
	for name in a b "c$M"; do
		ask tare run --rm --rootfs "$T/rootfs" --mount "type=bind,src=$T/given,dst=/$name/new" cat "/$name/f"
		unharmed
		ask tare run --rm --rootfs "$T/rootfs" --mount "type=tmpfs,dst=/$name" cat "/$name/f"
		unharmed
		ask tare run --rm --rootfs "$T/rootfs" --tmpfs "/$name:tmpcopyup" cat "/$name/f"
		unharmed
		ask tare run --rm --rootfs "$T/rootfs" --device "/dev/full:/$name/x" cat "/$name/f"
		unharmed
		ask tare run --rm --rootfs "$T/rootfs:O" -v "$T/given:/$name/new:U" cat "/$name/f"
		unharmed
	done
	[ "$(ls "$M")" = "d
f" ]
}

@test "tmpcopyup of a directory full of links out" {
	setup_marker
	mkdir "$T/rootfs/c"
	ln -s "$M/f" "$T/rootfs/c/abs"
	ln -s "$up$M" "$T/rootfs/c/rel"
	ln -s /proc/self/fd "$T/rootfs/c/fd"
	mkfifo "$T/rootfs/c/fifo"
	ask timeout 10 "$TARE" run --rm --rootfs "$T/rootfs:O" --tmpfs /c:tmpcopyup sh -c 'readlink /c/abs; cat /c/abs /c/rel/f; [ -p /c/fifo ] && echo fifo'
	unharmed
	out_is "$M/f
fifo"
}

@test "a volume on /dev/null is never standard input" {
	setup_marker
	local owner
	owner=$(stat -c '%u:%g %a' "$M/f")
	ask tare run --rm --rootfs "$T/rootfs" -v "$M/f:/dev/null" cat
	code_is 125
	unharmed
	[ "$(stat -c '%u:%g %a' "$M/f")" = "$owner" ]
}

@test "-t while /dev/pts and /dev/console of the root are exchanged" {
	setup_marker
	rm -rf "$T/rootfs/dev"
	mkdir -p "$T/rootfs/dev/pts"
	ln -s "$up$M/d" "$T/rootfs/dev/console"
	swapping "$T/rootfs/dev/pts" "$T/rootfs/dev/console"
	for _ in $(seq 20); do
		ask "$STAGE/cli/terminal.py" 24 80 "$TARE" run --rm -t --rootfs "$T/rootfs" sh -c 'tty; stat -c %F /dev/console'
		code_is 0 && out_has /dev/pts/0 && out_has "character special" || break
	done
	stop_swapping
	code_is 0
	unharmed
}

@test "--read-only: links at /proc/self/fd in the image change nothing" {
	setup_marker
	mkdir -p "$T/rootfs/proc/self/fd"
	local n
	for n in 0 1 2 3 4 5 6 7 8 9 10; do
		ln -s "$M" "$T/rootfs/proc/self/fd/$n"
	done
	ask tare run --rm --read-only --rootfs "$T/rootfs" sh -c 'echo x >/x; echo x >/etc/x'
	[ "$(printf '%s\n' "$err" | grep -c "Read-only file system")" = 2 ]
	unharmed
}

@test "every masked path is null or an empty directory, and can't be written" {
	box sh -c 'for p in /proc/acpi /proc/asound /proc/interrupts /proc/kcore /proc/keys /proc/latency_stats \
			/proc/sched_debug /proc/scsi /proc/timer_list /proc/timer_stats \
			/sys/devices/virtual/powercap /sys/firmware /sys/devices/system/cpu/cpu*/thermal_throttle; do
		[ -e "$p" ] || continue
		if [ -d "$p" ]; then
			[ -z "$(ls -A "$p")" ] || echo "$p has something"
			mkdir "$p/x" 2>/dev/null && echo "$p is written to"
			grep -F " $p " /proc/self/mounts | tail -n 1 | grep -q " ro[, ]" || echo "$p is not read-only"
		else
			[ "$(stat -c %t:%T "$p")" = 1:3 ] || echo "$p is not null"
		fi
	done; umount /proc/kcore 2>/dev/null && echo unmasked; true'
	code_is 0
	out_is ""
}

@test "a fresh proc or sysfs without masks can't be mounted, with a user namespace neither" {
	local option
	for option in --rm "--security-opt=seccomp=unconfined"; do
		box "$option" sh -c 'mkdir /tmp/p
			unshare -U -r -m -p -f sh -c "mount -t proc proc /tmp/p && echo mounted"
			unshare -U -r -m -n sh -c "mount -t sysfs sysfs /tmp/p && echo mounted"
			mount -t proc proc /tmp/p && echo mounted; true'
		out_is ""
	done
}

@test "/sys/fs/cgroup can't be written, with the host's cgroup namespace neither" {
	local option
	for option in private host; do
		box --cgroupns "$option" sh -c 'for d in /sys/fs/cgroup /sys/fs/cgroup/*/; do mkdir "$d/tare-x" 2>/dev/null && echo "$d"; done; true'
		code_is 0
		out_is ""
	done
}
