# SPDX-License-Identifier: Apache-2.0
# bundle.bash - what the tests of tare-oci use besides
#
#   bundle [-c CHANGE]… PROGRAM…   make the bundle $T/bundle (bundle.py)
#   oci WORDS…                     run tare-oci with a state root of the test's own

bundle() {
	[ -d "$T/bundle/rootfs" ] || {
		mkdir -p "$T/bundle"
		cp -al "$BASE" "$T/bundle/rootfs"
	}
	python3 "$STAGE/cli/bundle.py" "$@" >"$T/bundle/config.json"
}

oci() {
	timeout -k 2 30 "$(dirname "$TARE")/tare-oci" --root "$T/oci" "$@"
}

# make ID: creates it of the bundle, with its output in $T/ID.out.
make() {
	oci create -b "$T/bundle" "$@" >"$T/${*: -1}.out" 2>&1 </dev/null || {
		cat "$T/${*: -1}.out"
		return 1
	}
}

status_is() {
	[[ $(oci state "$1") == *"\"status\": \"$2\""* ]]
}
