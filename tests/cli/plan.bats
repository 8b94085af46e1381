# SPDX-License-Identifier: Apache-2.0
# plan.bats - explain, trace and script: the plan's other readers
load helpers

@test "--explain says each step and starts nothing" {
	box --explain sh -c 'echo star""ted'
	code_is 0
	[ "$(printf '%s\n' "$out" | grep -cx started)" = 0 ]
	out_has mount
	out_has pivot_root
	out_has execve
	[ -z "$(find "$TARE_ROOT" "$TARE_RUNROOT" 2>/dev/null)" ]
}

@test "--explain --json is JSON, one record a step" {
	box --explain --json true
	code_is 0
	printf '%s' "$out" | python3 -c 'import json, sys; assert len(json.load(sys.stdin)["steps"]) > 20'
}

@test "--script is a shell script, and starts nothing by being printed" {
	box --script sh -c 'echo started'
	code_is 0
	out_has unshare
	printf '%s\n' "$out" | sh -n
	[ -z "$(find "$TARE_ROOT" "$TARE_RUNROOT" 2>/dev/null)" ]
}

@test "explain and script need no rights" {
	local reader
	for reader in --explain --script; do
		if [ "$(id -u)" = 0 ]; then
			ask setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all --bounding-set=-all \
				--no-new-privs "$TARE" run --rm $reader hello
		else
			ask setpriv --no-new-privs "$TARE" run --rm $reader hello
		fi
		code_is 0
	done
}

@test "--trace runs it and times each step" {
	box --trace sh -c 'echo started; exit 3'
	code_is 3
	out_has started
	err_has pivot_root
	err_has "µs"
}

@test "values of variables are in none of them" {
	local reader
	printf 'FILED=canary-in-file\n' >vars
	for reader in --explain --script --trace "--explain --json" "--script --json" "--trace --json"; do
		# shellcheck disable=SC2086 # two words on purpose
		box $reader -e GIVEN=canary-as-flag --env-file vars true
		code_is 0
		out_lacks canary
		case $err in *canary*) shown ;; esac
		case $out$err in *GIVEN*) ;; *) shown ;; esac
	done
}

@test "what can't be run can't be explained either" {
	box --explain -m 1q true
	code_is 125
	box --explain --script true
	code_is 125
}
