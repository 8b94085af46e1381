# SPDX-License-Identifier: Apache-2.0
# faults.bats - each system call of a start fails once: it is said, or does no harm, and nothing stays
#
# Calls of the loader come first, and are not ours.
load ../helpers
load ../bundle

LOADER=25 # calls, at most

# fail_each SIDE ERRNO COMMAND…: with every TARE_KILL_STEP-th call
fail_each() {
	local side=$1 number=$2 at=$LOADER
	shift 2
	while one_fails "$@"; do
		at=$((at + ${TARE_KILL_STEP:-7}))
	done
	[ "$at" -gt 100 ] || { echo "only $at calls"; return 1; }
}

# 1 when there are no more calls; what is wrong ends the test.
one_fails() {
	local said=0
	code=0
	ask timeout 30 "$STAGE/bin/killat" "fail-$side" "$at" "$number" "$@"
	[ "$code" != 1 ] || return 1
	case $code:$out in
	"0:ended 0") ;;
	"0:ended 1") [[ $err == "tare-oci: "* ]] || said=1 ;;
	*) said=1 ;;
	esac
	[ "$said" = 0 ] || wrongly "it says"
	oci delete --force web >said 2>&1 || wrongly "the next command says $(<said)"
	[ ! -e oci/web ] || wrongly "its directory stays"
	return 0
}

wrongly() {
	echo "call $at of $side fails with $number: $1; code $code, out '$out', err '$err'"
	exit 1
}

@test "each call of tare-oci run fails: an error is told, and nothing stays" {
	[ "$(uname -m)" = x86_64 ] || skip "killat fails calls of x86-64 only"
	bundle -c 'c["linux"]["cgroupsPath"] = "/tare-test-faults"' true
	fail_each host 5 "$(dirname "$TARE")/tare-oci" --root "$T/oci" run -b bundle web
	fail_each init 5 "$(dirname "$TARE")/tare-oci" --root "$T/oci" run -b bundle web
}
