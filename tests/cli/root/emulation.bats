# SPDX-License-Identifier: Apache-2.0
# emulation.bats - programs of another machine, and what the host has for them
#
# From Linux 6.7 on a user namespace can have handlers of its own: the host's are left alone.
load ../helpers

# foreign FILE: makes a program of another machine in $T/rootfs
foreign() {
	program "$1" <"$BASE/bin/busybox"
	case $(uname -m) in
	x86_64) machine='\267' name=aarch64 ;;
	*) machine='\076' name=x86_64 ;;
	esac
	printf "$machine\\000" | dd of="$T/rootfs/$1" bs=1 seek=18 conv=notrunc status=none
}

# entered PID: whether that process is in a user namespace of its own by now
entered() {
	[ "$(readlink "/proc/$1/ns/user")" != "$(readlink /proc/self/ns/user)" ]
}

# with_handlers SCRIPT: as an ordinary user in a user namespace that has its own handlers
with_handlers() {
	mkfifo go
	chmod 711 "$T"
	mkdir -m 777 open
	cat >inside <<-'EOF'
		read -r -t 20 _ <>go || exit 98
		mount -t binfmt_misc none /proc/sys/fs/binfmt_misc || exit 99
		cd /proc/sys/fs/binfmt_misc || exit 99
		magic='\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00'
		mask='\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff'
		machine=$1
		shift
		run() {
			TARE_ROOT=$T/open/root TARE_RUNROOT=$T/open/run setpriv --reuid 1000 --regid 1000 --clear-groups "$TARE" run --rm --rootfs "$T/rootfs" "$@"
		}
	EOF
	cat >>inside
	unshare -U -m bash inside "$@" >out 2>err &
	local pid=$!
	until_true entered "$pid"
	echo "0 0 65536" >"/proc/$pid/gid_map"
	echo "0 0 65536" >"/proc/$pid/uid_map"
	echo go >go
	code=0
	wait "$pid" || code=$?
	out=$(cat out) err=$(cat err)
	[ "$code" != 99 ] || skip "a user namespace has no handlers of its own here"
}

@test "no handler, one that is off, one whose emulator is not there" {
	rootfs
	foreign s
	export T TARE
	case $(uname -m) in
	x86_64) machine='\xb7' ;;
	*) machine='\x3e' ;;
	esac
	with_handlers "$machine" <<-'EOF'
		run /s
		echo ":test-foreign:M::$magic$machine\x00:$mask:/gone/emulator:" >register || exit 99
		run /s
		run --init /s
		echo 0 >test-foreign
		run /s
		echo 0 >status
		run /s
		exit 0
	EOF
	mapfile -t lines <err
	[ "${#lines[@]}" = 10 ] || shown
	local i
	for i in 0 2 4 6 8; do
		[[ ${lines[i]} == "tare: '/s': built for "*", this machine is $(uname -m)" ]] || shown
	done
	[[ ${lines[1]} == *"qemu-user-static"* ]] || shown
	[[ ${lines[3]} == *"'test-foreign'"*"'/gone/emulator'"*"the root does not have"* ]] || shown
	[[ ${lines[7]} == *"echo 1 | sudo tee /proc/sys/fs/binfmt_misc/test-foreign"* ]] || shown
	[[ ${lines[9]} == *"/proc/sys/fs/binfmt_misc/status"* ]] || shown
}
