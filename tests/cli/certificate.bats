# SPDX-License-Identifier: Apache-2.0
# certificate.bats - what is told of a container's end: the line, and --report
load helpers

# told EXPRESSION: what Python makes of it, r being the report.
told() {
	python3 -c 'import json, sys; r = json.load(open("r")); print(eval(sys.argv[1]))' "$1"
}

# told_is EXPRESSION WANTED
told_is() {
	local got
	got=$(told "$1")
	[ "$got" = "$2" ] || { echo "$1 is $got, not $2"; cat r; return 1; }
}

reported() {
	rm -f r
	box --report r "$@"
	[ -f r ]
}

# became_below PID COMMAND: whether that runs below the container's --init.
became_below() {
	local init
	init=$(first_process "$1")
	[ -n "$init" ] && became "$init" "$2"
}

@test "a plain end: everything in the report, nothing on standard error" {
	reported --name plain sh -c 'exit 3'
	code_is 3
	err_is ""
	told_is 'list(r)' "['version', 'id', 'name', 'image', 'command', 'started', 'ended', 'duration_ns', 'exit', 'oom', 'memory', 'pids', 'cpu', 'rusage', 'failure', 'words']"
	told_is 'r["exit"]' "{'code': 3, 'signal': None, 'core': False, 'timeout': None}"
	told_is 'r["name"], r["command"], r["image"]' "('plain', ['sh', '-c', 'exit 3'], '$BASE')"
	told_is 'len(r["id"]), r["failure"], r["words"]' '(64, None, None)'
	told_is 'r["started"] < r["ended"] and 0 < r["duration_ns"] < 20 * 10**9' True
	told_is 'r["rusage"]["max_rss"] > 100000' True
	told_is 'r["rusage"]["user_us"] + r["rusage"]["system_us"] > 0' True
}

@test "a signal by its name, and how long it ran" {
	box --init sh -c 'kill -SEGV $$'
	code_is 139
	err_has "ended by SIGSEGV after "
	err_has "memory that is not its own"
	[ "$(wc -l <"$T/.err")" = 1 ] || shown
}

@test "--init: a signal is told from an exit with 128+n" {
	reported --init sh -c 'kill -SYS $$'
	code_is 159
	err_has "ended by SIGSYS"
	told_is 'r["exit"]["signal"]' SIGSYS
	told_is 'r["words"]' "${err#tare: }"
	reported --init sh -c 'exit 159'
	code_is 159
	err_is ""
	told_is 'r["exit"]' "{'code': 159, 'signal': None, 'core': False, 'timeout': None}"
}

@test "a kill from outside, and one that the user sent" {
	"$TARE" run --rm --report r --rootfs "$BASE:O" sleep 30 2>err &
	local tare_pid=$! code=0
	until_true became "$tare_pid" sleep
	kill -KILL "$(first_process "$tare_pid")"
	wait "$tare_pid" || code=$?
	[ "$code" = 137 ]
	grep -q "ended by SIGKILL after .*: somebody killed it, not tare" err
	told_is 'r["exit"]["signal"]' SIGKILL
	rm r
	"$TARE" run --rm --init --report r --rootfs "$BASE:O" sleep 30 2>err &
	tare_pid=$! code=0
	until_true became_below "$tare_pid" sleep
	kill -TERM "$tare_pid"
	wait "$tare_pid" || code=$?
	[ "$code" = 143 ]
	[ ! -s err ]
	told_is 'r["exit"]["signal"], r["words"]' "('SIGTERM', None)"
}

@test "a limit of processor time" {
	reported --init --ulimit cpu=1:2 sh -c 'while :; do :; done'
	code_is $((128 + 24))
	err_has "SIGXCPU"
	err_has "--ulimit cpu"
	reported --ulimit cpu=1 sh -c 'while :; do :; done'
	code_is 137
	err_has "SIGKILL"
	err_has "--ulimit cpu"
	told_is 'r["rusage"]["user_us"] + r["rusage"]["system_us"] > 500000' True
}

@test "a start that failed: the step, the errno and the words" {
	reported /nope
	code_is 127
	told_is 'r["exit"]["code"], r["started"], r["rusage"]' '(127, None, None)'
	told_is 'r["failure"]["error"], r["failure"]["errno"]' "('ENOENT', 2)"
	told_is 'r["failure"]["step"] == r["failure"]["steps"] > 50' True
	told_is 'r["failure"]["text"]' "'/nope': no such file in the container"
	reported /etc/passwd
	code_is 126
	told_is 'r["exit"]["code"], r["failure"]["error"]' "(126, 'EACCES')"
	reported -v "$T:/proc/x" true
	code_is 125
	told_is 'r["exit"]["code"], r["id"], r["failure"]["step"]' '(125, None, None)'
	told_is 'r["image"], r["command"]' "('$BASE:O', ['true'])"
}

@test "a report is replaced as a whole, and never a link" {
	echo old >r
	box --report r true
	told_is 'r["exit"]["code"]' 0
	[ "$(ls -A)" = "$(printf '%s\n' .err .out r root runroot)" ]
	box --report /dev/stdout echo hello
	code_is 0
	out_has hello
	out_has '"duration_ns"'
	[ -L /dev/stdout ]
}

@test "a report that can't be written is refused before the start" {
	box --report "$T/none/r" touch /made
	refused "--report" "none/r"
	box --report "$T" true
	refused "--report" "directory"
	box --report "" true
	refused "--report"
}

@test "names in a report are text, whatever they hold" {
	reported sh -c $'exit 0 # \e[31m "quoted" \xff'
	code_is 0
	told_is 'r["command"][2].startswith("exit 0 # \x1b[31m \"quoted\" ")' True
	! grep -q $'\e' r
}
