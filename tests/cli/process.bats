# SPDX-License-Identifier: Apache-2.0
# process.bats - what the command is given: variables, directory, descriptors, number
load helpers

@test "the environment without flags" {
	box --name plain -h here env
	code_is 0
	[ "$(printf '%s\n' "$out" | sort)" = "$(printf '%s\n' HOME=/root HOSTNAME=here \
		PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin)" ] || shown
}

@test "-e: a value, an empty one, the caller's, one the caller lacks" {
	export GIVEN="the caller's" ; unset LACKING
	box -e A=1=2 -e B= -e GIVEN -e LACKING env
	code_is 0
	out_has "A=1=2"
	out_has "B="
	out_has "GIVEN=the caller's"
	out_lacks LACKING
}

@test "-e without a name is refused" {
	box -e =x true
	refused "=x"
}

@test "-e: the last value of a name holds" {
	box -e A=1 -e A=2 sh -c 'echo $A'
	out_is 2
}

@test "--env-file: comments, no quoting, the caller's values; -e is stronger" {
	export GIVEN="the caller's"
	printf '# comment\n\nA="quoted"\nGIVEN\nB=file\n' >vars
	box --env-file vars -e B=flag env
	code_is 0
	out_has 'A="quoted"'
	out_has "GIVEN=the caller's"
	out_has "B=flag"
	out_lacks "B=file"
	out_lacks comment
}

@test "--env-file that isn't there" {
	box --env-file nowhere true
	refused nowhere
}

@test "-w: the directory, made where it is missing" {
	box -w /tmp pwd
	out_is /tmp
	box -w /new/deep pwd
	code_is 0
	out_is /new/deep
}

@test "without -w it is the root" {
	box pwd
	out_is /
}

@test "-w that is relative, or a file, is refused" {
	box -w tmp true
	refused tmp
	box -w /etc/passwd true
	refused /etc/passwd
}

@test "-w by a descriptor never leaves the container" {
	rootfs
	ln -s /proc/self/fd/9 "$T/rootfs/out"
	for n in 3 4 5 6 7 8 9 10 11 12; do
		ask tare run --rm --rootfs "$T/rootfs" -w /proc/self/fd/$n ls 9</
		[ "$code" != 0 ]
		out_is ""
	done
	ask tare run --rm --rootfs "$T/rootfs" -w /out ls 9</
	[ "$code" != 0 ]
	out_is ""
}

@test "descriptors are exactly 0, 1 and 2" {
	exec 9</ 12</etc
	box sh -c 'ls /proc/1/fd; exit'
	exec 9<&- 12<&-
	out_is "0
1
2"
}

@test "the command is process 1" {
	box sh -c 'echo $$'
	out_is 1
}

@test "--init puts another process there" {
	box --init sh -c 'echo $$'
	code_is 0
	[ "$out" -gt 1 ]
}

@test "--init gives on the command's code" {
	box --init sh -c 'exit 9'
	code_is 9
	box --init nope
	code_is 127
}

@test "--init reaps what others leave" {
	box --init sh -c '(sleep 0.1 &) ; sleep 0.4; ps -o stat | grep -c Z; true'
	code_is 0
	out_is 0
}

@test "signal mask, dispositions and umask are the plain ones" {
	(trap '' PIPE USR1 && umask 077 && box sh -c 'umask; exec cat /proc/self/status' && cp "$T/.out" shown)
	head -n 1 shown | grep -qx 0022
	grep -q '^SigBlk:.0000000000000000$' shown
	grep -q '^SigIgn:.0000000000000000$' shown
}

@test "standard input is empty without -i" {
	code=0
	out=$(echo text | timeout 20 "$TARE" run --rm --rootfs "$BASE:O" cat) || code=$?
	[ "$code" = 0 ] && [ -z "$out" ]
}

@test "-i passes standard input on" {
	out=$(echo text | timeout 20 "$TARE" run --rm -i --rootfs "$BASE:O" cat)
	[ "$out" = text ]
}

@test "a large stream passes unchanged" {
	head -c 3000000 "$TARE" >given
	timeout 20 "$TARE" run --rm -i --rootfs "$BASE:O" cat <given >got
	cmp given got
}

@test "--ulimit: soft and hard" {
	box --ulimit nofile=100:200 sh -c 'ulimit -Sn; ulimit -Hn'
	code_is 0
	out_is "100
200"
	box --ulimit core=0 sh -c 'ulimit -c'
	out_is 0
}

@test "--ulimit host: those of the caller, but for what is named" {
	ask sh -c 'ulimit -n 321; ulimit -c 0; exec "$@"' - "$TARE" run --rm --rootfs "$BASE:O" \
		--ulimit host --ulimit core=0 sh -c 'ulimit -n; ulimit -c'
	out_is $'321\n0'
}

@test "--ulimit that is no limit, or upside down" {
	box --ulimit nofiles=1 true
	refused nofiles
	box --ulimit nofile=200:100 true
	refused nofile
	box --ulimit nofile=many true
	refused many
}

@test "--env-host passes all on; --unsetenv and --unsetenv-all leave defaults out" {
	export GIVEN="the caller's" PATH_OF_MINE=/x
	box --env-host -e GIVEN=mine env
	code_is 0
	out_has GIVEN=mine
	out_has PATH_OF_MINE=/x
	box --unsetenv PATH --unsetenv HOME /bin/env
	code_is 0
	out_lacks PATH=
	out_lacks HOME=
	box --unsetenv-all -e A=1 /bin/env
	code_is 0
	out_is A=1
	box --unsetenv A=1 true
	refused A=1
}

@test "--http-proxy passes proxies on, nothing does without it" {
	export http_proxy=http://user:secret@proxy.test:3128 NO_PROXY=x
	box env
	out_lacks proxy.test
	box --http-proxy env
	out_has http_proxy=http://user:secret@proxy.test:3128
	out_has NO_PROXY=x
	ask tare run --explain --http-proxy --rootfs "$BASE" env
	out_has http_proxy
	out_lacks secret
}

@test "--env-merge puts in what was set before" {
	box --env-merge 'PATH=${PATH}:/more' --env-merge 'NEW=$HOSTNAME-x' -h here env
	code_is 0
	out_has "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/more"
	out_has NEW=here-x
	box --env-merge 'A=${B:-c}' true
	refused 'A='
}
