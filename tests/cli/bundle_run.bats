# SPDX-License-Identifier: Apache-2.0
# tare-oci run: a bundle's whole life in one command.

load helpers
load bundle

@test "run waits, passes the status and signals on, and deletes" {
	bundle sh -c 'read line; echo "got $line"; exit 7'
	code=0
	echo word | oci run -b bundle web >out || code=$?
	[ "$code" = 7 ]
	[ "$(<out)" = "got word" ]
	[ -z "$(ls oci)" ]
	bundle sh -c 'trap "echo term; exit 9" TERM; echo up; while :; do sleep 0.1; done'
	"$(dirname "$TARE")/tare-oci" --root oci run -b bundle --pid-file pid web >out &
	until_true grep -q up out
	status_is web running
	[[ $(oci state web) == *"\"pid\": $(<pid)"* ]]
	kill -TERM $!
	code=0
	wait $! || code=$?
	[ "$code" = 9 ]
	grep -q term out
	bundle sleep 30
	"$(dirname "$TARE")/tare-oci" --root oci run -b bundle web &
	until_true status_is web running
	oci kill web KILL
	code=0
	wait $! || code=$?
	[ "$code" = 137 ]
	[ -z "$(ls oci)" ]
}

@test "run --keep leaves it to delete, --detach leaves it running" {
	bundle sh -c 'exit 3'
	ask oci run --keep -b bundle web
	code_is 3
	status_is web stopped
	oci delete web
	bundle sleep 30
	oci run -d -b bundle web </dev/null >/dev/null 2>&1
	status_is web running
	oci delete --force web
	[ -z "$(ls oci)" ]
}

@test "others may delete what run waits for" {
	bundle sleep 30
	"$(dirname "$TARE")/tare-oci" --root oci run -b bundle web 2>err &
	until_true status_is web running
	oci delete --force web
	code=0
	wait $! || code=$?
	[ "$code" = 137 ]
	[ ! -s err ]
}

@test "run in the foreground passes the terminal on" {
	bundle -c 'c["process"]["terminal"] = True' sh -c 'tty; stty size; echo ready; read x; echo "typed $x"; exit 4'
	ask python3 "$STAGE/cli/terminal.py" --compare --type $'word\n' 33 77 \
		"$(dirname "$TARE")/tare-oci" --root "$T/oci" run -b "$T/bundle" web
	code_is 4
	out_has /dev/pts/0
	out_has '33 77'
	out_has 'typed word'
	ask oci run -d -b bundle web
	code_is 1
	err_has "process.terminal: somebody has to look after the terminal"
}

@test "what a terminal shows is lines to a program that reads them" {
	bundle -c 'c["process"]["terminal"] = True' sh -c 'echo one; echo two; sleep 30'
	oci run -b bundle web </dev/null >out &
	until_true grep -q two out
	oci exec --tty web echo three </dev/null >>out
	oci kill web KILL
	wait $! || true
	[ "$(od -An -c out | tr -d ' \n')" = 'one\ntwo\nthree\n' ]
}

@test "a container's processors are not its caller's" {
	[ "$(nproc)" -gt 1 ] || skip "there is but one"
	bundle grep Cpus_allowed_list /proc/self/status
	own=$(grep Cpus_allowed_list /proc/self/status)
	taskset -c 0 "$(dirname "$TARE")/tare-oci" --root oci run -b bundle web >out
	[ "$(<out)" = "$own" ]
}

@test "what can't be run leaves nothing, and says why" {
	bundle nosuch
	ask oci run -b bundle web
	code_is 1
	err_has "tare-oci: 'nosuch': no program of that name"
	ask oci run -b "$T/nothing" web
	code_is 1
	err_has "tare-oci: bundle '$T/nothing': No such file or directory"
	mkdir empty
	ask oci run -b empty web
	code_is 1
	err_has "there is no config.json in it"
	err_has "hint: tare-oci spec"
	ask oci run --no-pivot web
	code_is 1
	err_has "--no-pivot"
	[ -z "$(ls oci 2>/dev/null)" ]
}

@test "a document that is judged as a whole, and one beside the bundle" {
	bundle -c 'c["linux"]["namespaces"].append({"type": "uts"})' true
	ask oci run -b bundle web
	code_is 1
	err_has "a second 'uts'"
	bundle sh -c 'echo other'
	mv bundle/config.json other.json
	ask oci run -b bundle -f other.json web
	code_is 0
	out_is other
}

@test "--no-new-keyring leaves the caller's session keyring" {
	bundle -c 'c["linux"]["maskedPaths"] = []' sh -c 'cut -d " " -f 9- /proc/keys'
	ask oci run -b bundle web
	code_is 0
	out_has tare-web
	ask oci run --no-new-keyring -b bundle shared
	code_is 0
	out_lacks tare-shared
}
