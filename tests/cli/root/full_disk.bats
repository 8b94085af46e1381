# SPDX-License-Identifier: Apache-2.0
# full_disk.bats - a store on a disk that fills up: an error, and nothing left
load ../helpers

# On a small file system of its own, in a mount namespace of its own.
on_disk() {
	local size=$1
	shift
	mkdir -p "$T/disk"
	# shellcheck disable=SC2016 # for the inner shell
	ask unshare --mount --propagation private sh -c '
		mount -t tmpfs -o "size=$1" none "$2/disk" && shift 2 && export TARE_ROOT="$PWD/disk/root" &&
		"$@"; code=$?; find disk/root/blobs disk/root/layers -mindepth 2 2>/dev/null | wc -l
		df --output=used disk | tail -n 1; exit $code' - "$size" "$T" "$@"
}

@test "an import that the disk has no room for is one line, and leaves the store empty" {
	head -c 3000000 /dev/urandom >big
	tar --format=pax -czf layer.tgz big
	for size in 256k 2m 4m; do
		on_disk "$size" timeout 30 "$TARE" import layer.tgz full
		refused
		[[ $err == *"No space left on device"* || $err == *"there is room for"* ]] || shown
		[ "${out%%$'\n'*}" = 0 ] || shown
	done
	on_disk 12m timeout 30 "$TARE" import layer.tgz full
	code_is 0
}
