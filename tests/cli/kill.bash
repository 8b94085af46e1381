# SPDX-License-Identifier: Apache-2.0
# kill.bash - kill a side before every STEP-th of its system calls, and look at what is left
#
# A step of a plan makes about four calls. TARE_KILL_STEP=1 tries every one: make check-all does.

# kill_at_each SIDE STEP [FLAGS…]
kill_at_each() {
	local side=$1 step=$2 at=1 code clean
	shift 2
	tare ps >/dev/null
	clean=$(traces)
	while :; do
		code=0
		"$STAGE/bin/killat" "$side" "$at" "$TARE" run --rm --rootfs "$BASE:O" "$@" /bin/true \
			>/dev/null 2>"$T/.said" </dev/null || code=$?
		[ "$code" != 1 ] || break
		if [ "$code" != 0 ]; then
			echo "$side call $at: killat says $code"
			cat "$T/.said"
			return 1
		fi
		if ! tare ps -a >"$T/.ps" 2>&1; then
			echo "$side call $at: the next command fails:"
			cat "$T/.ps"
			return 1
		fi
		if ! nothing_stays; then
			echo "$side call $at: left behind:"
			echo "$left"
			cat "$T/.ps"
			return 1
		fi
		at=$((at + step))
	done
	[ "$at" -gt 20 ] || {
		echo "only $at calls"
		cat "$T/.said"
		return 1
	}
}

nothing_stays() {
	local try
	for try in 1 2 3 4 5 6; do
		! left_nothing "$clean" || return 0
		sleep 0.0"$try"
	done
	return 1
}

# kill_import SIDE STEP FILE: the same of an import of FILE into a new store: the store is whole after
# each kill, and the next import and rmi leave nothing of what was killed.
kill_import() {
	local side=$1 step=$2 file=$3 at=1 code
	while :; do
		rm -rf "$TARE_ROOT"
		code=0
		"$STAGE/bin/killat" "$side" "$at" "$TARE" import "$file" killed >"$T/.said" 2>&1 \
			</dev/null || code=$?
		[ "$code" != 1 ] || break
		if [ "$code" != 0 ]; then
			echo "$side call $at: killat says $code"
			cat "$T/.said"
			return 1
		fi
		if ! store_is_whole "$file" >"$T/.whole" 2>&1; then
			echo "$side call $at:"
			cat "$T/.whole" "$T/.said"
			return 1
		fi
		at=$((at + step))
	done
	[ "$at" -gt 200 ] || {
		echo "only $at calls"
		cat "$T/.said"
		return 1
	}
}

# What there is works, named or not; a new image can be made; without images there is nothing.
store_is_whole() {
	local left
	for left in $(tare images -q); do
		tare run --rm "$left" /bin/true || return 1
	done
	tare import "$1" again && tare run --rm again /bin/true || return 1
	left=$(tare images -q) || return 1
	# shellcheck disable=SC2086 # ids
	tare rmi -f $left || return 1
	left=$(find "$TARE_ROOT"/blobs/sha256 "$TARE_ROOT"/layers/*/ -mindepth 1 -maxdepth 1)
	if [ -n "$left" ]; then
		echo "left behind:"
		echo "$left"
		return 1
	fi
}
