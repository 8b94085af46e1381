# SPDX-License-Identifier: Apache-2.0
# helpers.bash - what every test of the command line uses
#
# A test has a directory of its own, $T, with tare's root and runroot in it, and stands in it. It
# asks tare something and says what must hold:
#
#   box [FLAGS] COMMAND…   run COMMAND in a container over $BASE, removed afterwards
#   ask COMMAND…           run anything
#
# Both leave $out, $err and $code. After each test the machine is looked at: what was not there
# before (mounts, cgroups, processes, container directories) and stays fails the test.

setup() {
	T=$(mktemp -d)
	cd "$T" || return 1
	export TARE_ROOT=$T/root TARE_RUNROOT=$T/runroot
	traces_before=$(traces)
}

teardown() {
	local try
	for try in 1 2 3 4 5 6 7 8 9 10 11 12; do
		if left_nothing "$traces_before"; then
			cd / && rm -rf --one-file-system "$T"
			return 0
		fi
		sleep 0.0"$try"
		[ "$try" -lt 8 ] || sleep 0.4
	done
	echo "left behind:"
	echo "$left"
	return 1
}

# Everything a container could leave, one a line: the host's own names, mounts, cgroups, processes
# that are tare or sit in another pid namespace, directories named by a container's id. It runs
# twice a test: without other programs, and without bats looking at each command of it.
traces() (
	set +T
	shopt -s nullglob
	for file in /etc/hosts /etc/hostname /etc/resolv.conf; do
		text=
		[[ ! -r $file ]] || read -rd '' text <"$file" || true
		printf 'file %s %q\n' "$file" "$text"
	done
	mapfile -t mounts </proc/self/mountinfo
	printf 'mount %s\n' "${mounts[@]}"
	# Only root makes cgroups; the kinds of users run beside it.
	if [[ $TARE_AS == root ]]; then
		groups=(/sys/fs/cgroup/{,*/,*/*/}*tare*/)
		[[ ${#groups[@]} == 0 ]] || printf 'cgroup %s\n' "${groups[@]}"
	fi
	for process in /proc/[0-9]*; do
		if [[ -e $process/ns/pid && ! $process/ns/pid -ef /proc/self/ns/pid ||
			$process/exe -ef $TARE ]]; then
			printf 'process %s\n' "$process"
		fi
	done
	printf 'directory %s\n' "$TARE_ROOT"/containers/*/ "$TARE_RUNROOT"/containers/*/
)

# left_nothing BEFORE: whether nothing has come to the traces that were BEFORE; what has is $left.
left_nothing() {
	local - line
	set +T
	left=
	while IFS= read -r line; do
		[[ $'\n'$1$'\n' == *$'\n'"$line"$'\n'* ]] || left+=$line$'\n'
	done <<<"$(traces)"
	[[ -z $left ]]
}

# No test may wait for ever.
tare() {
	timeout -k 2 30 "$TARE" "$@"
}

ask() {
	code=0
	"$@" >"$T/.out" 2>"$T/.err" </dev/null || code=$?
	# The shell would complain about bytes that are 0.
	{ out=$(<"$T/.out") err=$(<"$T/.err"); } 2>/dev/null
}

box() {
	ask tare run --rm --rootfs "$BASE:O" "$@"
}

# A copy of $BASE to change, as $T/rootfs; files are shared with it until they are replaced.
rootfs() {
	cp -al "$BASE" "$T/rootfs"
}

# A program file NAME in $T/rootfs with the text of standard input.
program() {
	mkdir -p "$T/rootfs/$(dirname "$1")"
	cat >"$T/rootfs/$1"
	chmod 755 "$T/rootfs/$1"
}

shown() {
	printf '%s\n' "code: $code" "out: $out" "err: $err"
	return 1
}

code_is() {
	[ "$code" = "$1" ] || { echo "expected code $1"; shown; }
}

out_is() {
	[ "$out" = "$1" ] || { echo "expected output: $1"; shown; }
}

out_has() {
	case $out in *"$1"*) ;; *) echo "expected in the output: $1"; shown ;; esac
}

out_lacks() {
	case $out in *"$1"*) echo "not expected in the output: $1"; shown ;; esac
}

err_has() {
	case $err in *"$1"*) ;; *) echo "expected in the errors: $1"; shown ;; esac
}

err_is() {
	[ "$err" = "$1" ] || { echo "expected errors: $1"; shown; }
}

# tare's own failure: code 125, one line and at most a hint below it, which say WORDS.
refused() {
	code_is 125
	local lines
	mapfile -t lines <<<"$err"
	[[ ${lines[0]} != 'hint: '* && ${lines[1]-hint: } == 'hint: '* && ${#lines[@]} -le 2 ]] || {
		echo "expected one line and at most one hint"
		shown
	}
	for word; do
		err_has "$word"
	done
}

# Waits for a condition, three seconds at most.
until_true() {
	local try
	for try in $(seq 60); do
		! "$@" >/dev/null 2>&1 || return 0
		sleep 0.05
	done
	echo "never became true: $*"
	return 1
}

# The first process of a container whose tare has the number PID, as this namespace counts.
first_process() {
	local first='' try
	for try in $(seq 60); do
		read -r first _ <"/proc/$1/task/$1/children" || true
		[ -z "$first" ] || break
		sleep 0.05
	done
	echo "$first"
}

# became PID COMMAND: whether that process is the workload by now. Before, the first child of tare
# may be another: newuidmap.
became() {
	grep -qx "$2" "/proc/$(first_process "$1")/comm"
}

# Whether a container's record holds its first process by now. The names are expanded anew each time.
recorded() {
	local file
	for file in "$T"/*/containers/*/first; do
		[ -L "$file" ] || return 1
	done
}
