# SPDX-License-Identifier: Apache-2.0
# lib.bash - the words of the engines' scripts: what is expected of one command, counted by `run`
#
# Every expectation prints a line, "ok   ENGINE: WORDS" or "FAIL ENGINE: WORDS" with what was seen.
engine=$(basename "$0")
runtime=/tree/tare-oci
bad=0

verdict() { # verdict STATUS WORDS SEEN
	if [[ $1 == 0 ]]; then
		echo "ok   $engine: $2"
	else
		echo "FAIL $engine: $2: ${3//$'\n'/$'\n'    }"
		bad=$((bad + 1))
	fi
}

# works WORDS COMMAND…: it ends with 0
works() {
	local words=$1 seen code=0
	shift
	seen=$(timeout 60 "$@" 2>&1) || code=$?
	verdict "$code" "$words" "exit $code: $seen"
}

# shows WORDS PATTERN COMMAND…: it ends with 0 and prints what matches, as [[ =~ ]] has it
shows() {
	local words=$1 pattern=$2 seen code=0
	shift 2
	seen=$(timeout 60 "$@" 2>&1) || code=$?
	[[ $code != 0 || $seen =~ $pattern ]] || code="0 without '$pattern'"
	verdict "$code" "$words" "exit $code: $seen"
}

# ends WORDS CODE COMMAND…: it ends with CODE
ends() {
	local words=$1 wanted=$2 seen code=0
	shift 2
	seen=$(timeout 60 "$@" 2>&1) || code=$?
	[[ $code == "$wanted" ]]
	verdict $? "$words" "exit $code, not $wanted: $seen"
}

skip() {
	echo "SKIP $engine: $*"
}

# soon COMMAND…: tries until it works, for ten seconds
soon() {
	for _ in {1..100}; do
		"$@" >/dev/null 2>&1 && return
		sleep 0.1
	done
	return 1
}

# The image of all tests: a busybox under all its names, as a directory and as an archive.
make_image() {
	/tree/make-base /image
	mkdir -p /image/run /image/root
	tar -C /image -cf /tmp/image.tar .
}

# eventually WORDS COMMAND…: it works soon
eventually() {
	local words=$1
	shift
	soon "$@"
	verdict $? "$words" "not within ten seconds"
}
