# SPDX-License-Identifier: Apache-2.0
# certificate.bats - what the cgroups counted, told at the end
load ../helpers

told_is() {
	local got
	got=$(python3 -c 'import json, sys; r = json.load(open("r")); print(eval(sys.argv[1]))' "$1")
	[ "$got" = "$2" ] || { echo "$1 is $got, not $2"; cat r; return 1; }
}

reported() {
	rm -f r
	box --report r "$@"
	[ -f r ]
}

# Whether the kernel's log may be read here, which has the names of the killed.
log_is_readable() {
	dmesg >/dev/null 2>&1
}

@test "out of memory: the limit, the peak, the kills and who was killed" {
	reported -m 20m --memory-swap 20m tail /dev/zero
	code_is 137
	err_has "was killed after "
	err_has "because memory ran out"
	err_has "the limit is 20 MiB"
	told_is 'r["exit"]["signal"], r["oom"]["kills"], r["memory"]["limit"]' "('SIGKILL', 1, 20971520)"
	told_is 'r["memory"]["peak"] in (None, 20971520)' True
	told_is 'r["words"]' "${err#tare: }"
	if log_is_readable; then
		err_has "('tail')"
		told_is '[p["name"] for p in r["oom"]["processes"]]' "['tail']"
	fi
}

@test "out of memory, and the container went on: its code, and a line" {
	reported -m 20m --memory-swap 20m sh -c 'tail /dev/zero; exit 0'
	code_is 0
	err_has "1 process in the container"
	err_has "was killed because memory ran out"
	told_is 'r["exit"]["code"], r["exit"]["signal"], r["oom"]["kills"]' '(0, None, 1)'
}

@test "out of memory under --init" {
	reported --init -m 20m --memory-swap 20m tail /dev/zero
	code_is 137
	err_has "the container was killed after "
	told_is 'r["exit"]["signal"], r["oom"]["kills"]' "('SIGKILL', 1)"
}

@test "a limit of processes that was hit" {
	reported --pids-limit 5 sh -c 'for i in 1 2 3 4 5 6 7 8; do sleep 1 & done; wait'
	[ "$code" != 0 ]
	err_has "its limit of 5 processes"
	told_is 'r["pids"]["limit"], r["pids"]["limit_hits"] > 0' '(5, True)'
	told_is 'r["pids"]["peak"] in (None, 5)' True
}

@test "processor time: used, and waited for" {
	reported --init --cpus 0.1 --ulimit cpu=1:2 sh -c 'while :; do :; done'
	code_is $((128 + 24))
	err_has "SIGXCPU"
	err_has "its limit of processor time made it wait"
	told_is 'r["cpu"]["used_us"] > 500000 and r["cpu"]["throttled_us"] > 1000000' True
}

@test "without a cgroup the rest is known" {
	reported --cgroups disabled sh -c 'exit 4'
	code_is 4
	told_is 'r["oom"]["kills"], r["memory"]["peak"], r["cpu"]["used_us"]' '(None, None, None)'
	told_is 'r["rusage"]["max_rss"] > 100000' True
}

@test "an end that needs no words asks the cgroups one question" {
	command -v strace >/dev/null || skip "there is no strace"
	strace -f -o calls "$TARE" run --rm --rootfs "$BASE:O" true
	[ "$(grep -c 'memory.oom_control\|memory.events' calls)" = 1 ]
	! grep -q 'pids.events\|cpu.stat\|memory.peak\|max_usage\|syslog' calls
}
