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
