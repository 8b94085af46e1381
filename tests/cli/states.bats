# SPDX-License-Identifier: Apache-2.0
# Every command of tare-oci in every state of a container, and several of them at once.

load helpers
load bundle

states_bundle() {
	[ "$TARE_AS" != root ] || set -- -c 'c["linux"]["cgroupsPath"] = "/tare-test-states"' "$@"
	bundle "$@" sleep 30
}

# in_state STATE: brings web there, from nothing.
in_state() {
	oci delete --force web
	[ "$1" != absent ] || return 0
	make web
	case $1 in
	running) oci start web ;;
	paused) oci start web && oci pause web ;;
	stopped) oci kill web KILL && until_true status_is web stopped ;;
	esac
}

leaves() {
	if [ "$1" = absent ]; then
		[ ! -e oci/web ]
	else
		until_true status_is web "$1"
	fi
}

# says ok|WORDS: whether the command did well, or has said WORDS in its first line.
says() {
	if [ "$1" = ok ]; then
		[ "$code" = 0 ] && [ -z "$err" ]
	else
		[ "$code" != 0 ] && [[ ${err%%$'\n'*} == "tare-oci: "*"$1"* ]]
	fi
}

# Lines of standard input: STATE|COMMAND|ok or words of the error|STATE AFTERWARDS
in_states() {
	local state command wanted after wrong=0
	while IFS='|' read -r state command wanted after; do
		in_state "$state"
		# shellcheck disable=SC2086 # words
		ask oci $command
		if ! says "$wanted" || ! leaves "$after"; then
			echo "$state: $command: expected '$wanted', then $after"
			echo "code $code, out: $out, err: $err"
			echo "now: $(oci state web 2>&1)"
			wrong=1
		fi
	done
	oci delete --force web
	return "$wrong"
}

@test "every command, where there is no container" {
	states_bundle
	in_states <<-END
		absent|create -b bundle web|ok|created
		absent|start web|container 'web' does not exist|absent
		absent|state web|container 'web' does not exist|absent
		absent|exec web true|container 'web' does not exist|absent
		absent|kill web|container 'web' does not exist|absent
		absent|pause web|container 'web' does not exist|absent
		absent|resume web|container 'web' does not exist|absent
		absent|update --pids-limit 9 web|container 'web' does not exist|absent
		absent|ps web|container 'web' does not exist|absent
		absent|events --stats web|container 'web' does not exist|absent
		absent|delete web|container 'web' does not exist|absent
		absent|delete --force web|ok|absent
	END
}

@test "every command, created, running and stopped" {
	local pause=ok paused=paused added=ok
	[ "$TARE_AS" = root ] || pause="it has no cgroup" paused='' added="Operation not permitted"
	states_bundle
	in_states <<-END
		created|create -b bundle web|it exists already|created
		created|start web|ok|running
		created|state web|ok|created
		created|exec web true|$added|created
		created|kill web KILL|ok|stopped
		created|pause web|$pause|${paused:-created}
		created|resume web|it is created|created
		created|update --pids-limit 9 web|$pause|created
		created|ps web|ok|created
		created|events --stats web|$pause|created
		created|delete web|ok|absent
		created|delete --force web|ok|absent
		running|create -b bundle web|it exists already|running
		running|start web|it is running|running
		running|state web|ok|running
		running|exec web true|ok|running
		running|kill web KILL|ok|stopped
		running|pause web|$pause|${paused:-running}
		running|resume web|it is running|running
		running|update --pids-limit 9 web|$pause|running
		running|ps web|ok|running
		running|events --stats web|$pause|running
		running|delete web|web' is running|running
		running|delete --force web|ok|absent
		stopped|create -b bundle web|it exists already|stopped
		stopped|start web|it is stopped|stopped
		stopped|state web|ok|stopped
		stopped|exec web true|it is stopped|stopped
		stopped|kill web KILL|container not running|stopped
		stopped|pause web|it is stopped|stopped
		stopped|resume web|it is stopped|stopped
		stopped|update --pids-limit 9 web|does not run|stopped
		stopped|ps web|ok|stopped
		stopped|events --stats web|does not run|stopped
		stopped|delete web|ok|absent
		stopped|delete --force web|ok|absent
	END
}

@test "every command, paused" {
	[ "$TARE_AS" = root ] || skip "an ordinary user's container has no cgroup"
	states_bundle
	in_states <<-END
		paused|create -b bundle web|it exists already|paused
		paused|start web|it is paused|paused
		paused|state web|ok|paused
		paused|exec web true|it is paused|paused
		paused|kill web KILL|ok|stopped
		paused|pause web|it is paused|paused
		paused|resume web|ok|running
		paused|update --pids-limit 9 web|ok|paused
		paused|ps web|ok|paused
		paused|events --stats web|ok|paused
		paused|delete web|web' is paused|paused
		paused|delete --force web|ok|absent
	END
}

# created_slowly: web's creation waits for the file `go`, in a hook.
created_slowly() {
	states_bundle -c "c['hooks'] = {'createRuntime': [{'path': '/bin/sh', 'args':
		['sh', '-c', 'while [ ! -e $T/go ]; do sleep 0.02; done']}]}"
	rm -f go
	make web &
	until_true status_is web creating
}

@test "while it is created some commands are refused, those that change it wait" {
	created_slowly
	while IFS='|' read -r command wanted; do
		# shellcheck disable=SC2086 # words
		ask oci $command
		says "$wanted" || shown
	done <<-END
		create -b bundle web|it exists already
		exec web true|it is creating
		kill web KILL|container not running
		state web|ok
	END
	oci start web &
	local starter=$!
	sleep 0.1
	status_is web creating
	touch go
	wait "$starter"
	status_is web running

	oci delete --force web
	created_slowly
	oci delete --force web &
	local deleter=$!
	sleep 0.1
	touch go
	wait "$deleter"
	leaves absent
}

# at_once STATE COMMAND…: runs the commands, each one word with its arguments in it, side by side
# on a web in STATE; afterwards delete --force leaves nothing. The number that did well is $well.
at_once() {
	local state=$1 commands="${*:2}" command number=0 codes=() jobs=() i
	shift
	in_state "$state"
	for command; do
		# shellcheck disable=SC2086 # words
		oci $command >"said.$number" 2>&1 </dev/null &
		jobs+=($!)
		number=$((number + 1))
	done
	well=0
	for i in "${!jobs[@]}"; do
		codes[i]=0
		wait "${jobs[i]}" || codes[i]=$?
		case ${codes[i]} in
		0) well=$((well + 1)) ;;
		137) [[ ${*:i+1:1} == exec* ]] || wrongly "was killed" ;; # its program, with the container
		1 | 255) grep -q '^tare-oci: ' "said.$i" || wrongly "says nothing" ;;
		*) wrongly "ends with ${codes[i]}" ;; # a signal, or the time limit's
		esac
	done
	oci delete --force web && leaves absent || wrongly "is still there"
}

wrongly() {
	echo "$state: $commands: $1"
	head -n 20 said.*
	return 1
}

rounds() {
	local round
	for round in 1 2 3 4 5; do
		"$@"
	done
}

@test "commands at once: none hangs or crashes, and nothing is left" {
	states_bundle
	rounds at_once created "start web" "kill web KILL" "delete --force web"
	rounds at_once created "start web" "delete web" "state web"
	rounds at_once created "start web" "exec web true" "kill web KILL"
	rounds at_once running "exec web true" "delete --force web" "exec web true"
	rounds at_once running "kill web KILL" "delete web" "ps web"
	rounds at_once absent "create -b bundle web" "delete --force web" "start web"
	[ "$TARE_AS" = root ] || return 0
	rounds at_once running "pause web" "resume web" "delete --force web"
	rounds at_once running "pause web" "kill web KILL" "exec web true"
}

only_one_of() {
	at_once "$@"
	[ "$well" = 1 ] || { echo "$*: $well did well"; return 1; }
}

@test "of the same change, asked for twice at once, one is made" {
	states_bundle
	rounds only_one_of absent "create -b bundle web" "create -b bundle web"
	rounds only_one_of created "start web" "start web"
	rounds only_one_of stopped "delete web" "delete web"
}
