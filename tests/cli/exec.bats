# SPDX-License-Identifier: Apache-2.0
# tare-oci exec: one more process in a container that runs. It has what the container's own has, no
# more rights than that, and nothing of its caller.

load helpers
load bundle

# up [-c CHANGE]…: the container web, whose own program sleeps.
up() {
	bundle "$@" sleep 60
	make web
	oci start web
	first=$(oci state web | sed -n 's/.*"pid": \([0-9]*\),/\1/p')
	until_true grep -qx sleep "/proc/$first/comm"
}

down() {
	oci delete --force web
	[ -z "$(ls oci)" ]
}

@test "exec: the container's namespaces, root, environment, rights; the program's exit status" {
	up -c 'c["process"]["env"].append("FROM=document")' \
		-c 'c["process"]["rlimits"] = [{"type": "RLIMIT_NOFILE", "soft": 99, "hard": 99}]' \
		-c 'c["process"]["cwd"] = "/home"'
	exec 9</
	ask oci exec web sh -c 'for n in pid net ipc uts mnt; do readlink /proc/self/ns/$n; done
		hostname; echo $FROM; ulimit -n; pwd; grep -E "Cap|NoNewPrivs" /proc/self/status
		ls /proc/self/fd; exit 7'
	exec 9<&-
	code_is 7
	local n
	for n in pid net ipc uts mnt; do
		out_has "$(readlink "/proc/$first/ns/$n")"
	done
	out_has bundle$'\n'document$'\n'99$'\n'/home
	out_has "$(grep -E 'Cap|NoNewPrivs' "/proc/$first/status")"
	out_has $'\n'0$'\n'1$'\n'2$'\n'3 # 3 is the list's own
	out_lacks $'\n'4
	ask oci exec web sh -c 'kill -TERM $$'
	code_is 143
	echo typed | oci exec web cat >typed
	[ "$(<typed)" = typed ]
	down
}

@test "exec: what its options change" {
	up
	ask oci exec --cwd /tmp -e PATH=/bin -e NEW=one web sh -c 'pwd; echo $PATH $NEW'
	out_is /tmp$'\n''/bin one'
	ask oci exec -c CAP_CHOWN -c kill web grep CapEff /proc/self/status
	out_has 0000000020000421
	ask oci exec --cap CAP_CHOWN web grep -E 'CapInh|CapAmb' /proc/self/status
	[ "$(grep -c 0000000000000000 <<<"$out")" = 2 ]
	echo six >six
	ask oci exec --preserve-fds 1 web sh -c 'cat <&3' 3<six
	out_is six
	cat >process.json <<'END'
{"args": ["sh", "-c", "echo $A; pwd; exit 4"], "cwd": "/etc", "env": ["PATH=/bin", "A=b"], "user": {"uid": 0, "gid": 0}}
END
	ask oci exec -p process.json web
	code_is 4
	out_is b$'\n'/etc
	ask oci exec -p process.json -e A=c web sh -c 'echo $A'
	out_is c
	down
}

@test "exec: detached, with a file that tells its number" {
	up
	oci exec -d --pid-file pid web sh -c 'echo $$ >/tmp/own; sleep 50' </dev/null >/dev/null 2>&1
	until_true oci exec web test -s /tmp/own
	[ "$(readlink "/proc/$(<pid)/ns/pid")" = "$(readlink "/proc/$first/ns/pid")" ]
	[[ $(sed -n 's/NSpid:.*\t//p' "/proc/$(<pid)/status") = "$(oci exec web cat /tmp/own)" ]]
	down
	[ ! -e "/proc/$(<pid)" ]
}

@test "exec -t: a terminal of the container's, for us or for who listens at a socket" {
	up
	ask "$STAGE/cli/terminal.py" 33 44 "$(dirname "$TARE")/tare-oci" --root "$T/oci" exec -t web \
		sh -c 'tty; stty size <&0; exit 5'
	code_is 5
	out_has /dev/pts/0
	out_has '33 44'
	python3 "$STAGE/cli/console.py" socket >shown &
	until_true test -S socket
	oci exec -d -t --console-socket socket web sh -c 'tty; [ -t 0 ] && echo is one' </dev/null
	wait $!
	grep -q 'is one' shown
	ask oci exec -d -t web true
	code_is 255
	err_has 'somebody has to look after the terminal'
	ask oci exec --console-socket socket web true
	code_is 255
	err_has 'there is no terminal'
	down
}

@test "exec: signals go to the program" {
	up
	"$(dirname "$TARE")/tare-oci" --root "$T/oci" exec web \
		sh -c 'trap "exit 9" TERM; echo up; while :; do sleep 0.1; done' >said 2>&1 </dev/null &
	until_true grep -q up said
	kill -TERM $!
	code=0
	wait $! || code=$?
	[ "$code" = 9 ]
	down
}

@test "exec: what is refused, and its exit status" {
	ask oci exec web true
	code_is 255
	err_has "container 'web' does not exist"
	up
	ask oci exec web nosuch
	code_is 255
	err_has "'nosuch': no program of that name"
	ask oci exec web /etc/passwd
	code_is 255
	err_has 'may not execute it'
	ask oci exec web
	code_is 255
	err_has 'no program to run was named'
	local words
	for words in '-u app' '-u 1:-1' '-u 4294967295' '-u 0x0' '-g -1' '-e NAME' '-e =x' '--cap NO_SUCH' \
		'--cwd tmp' '--preserve-fds -1' '-p nosuch.json'; do
		# shellcheck disable=SC2086 # words to be split
		ask oci exec $words web true
		code_is 255
		err_has "${words%% *}" || err_has '--'
	done
	oci kill web KILL
	until_true status_is web stopped
	ask oci exec web true
	code_is 255
	err_has "container 'web': it is stopped, and nothing can be added to it"
	down
}

@test "exec: no working directory leads out by a descriptor of the caller" {
	up
	oci exec web ln -s /proc/self/fd/9 /tmp/link
	exec 9<"$T"
	local n
	for n in 3 4 5 6 7 8 9 10 12 20 63; do
		ask oci exec --cwd /proc/self/fd/$n web ls
		code_is 255
		[ -z "$out" ]
	done
	ask oci exec --cwd /tmp/link web ls
	code_is 255
	err_has 'must lie in the container'
	exec 9<&-
	down
}

@test "exec: who enters can't be looked into by those who live there" {
	local before
	before=$(sha256sum "$(dirname "$TARE")/tare-oci")
	bundle /pry 5
	cp "$STAGE/bin/pry" bundle/rootfs/pry
	make web
	oci start web
	while status_is web running; do
		oci exec web true >/dev/null 2>joined </dev/null || true
	done
	cat web.out joined
	[ "$(sed -n "s/^seen //p" web.out)" -gt 2 ] # hundreds, but for an emulated machine
	! grep -q reached web.out
	[ "$(sha256sum "$(dirname "$TARE")/tare-oci")" = "$before" ]
	down
}

@test "exec: our own executable never is the program" {
	printf '#!/proc/self/exe\n' >script
	chmod 755 script
	up
	cp script bundle/rootfs/script
	ask oci exec web /proc/self/exe --version
	code_is 255
	[ -z "$out" ]
	ask oci exec web /script
	code_is 255
	down
}

@test "exec: whose file we are, we run from a copy of it" {
	mkdir own
	cp "$(dirname "$TARE")/tare-oci" own/
	if [ "$TARE_AS" = root ]; then
		skip 'root has a read-only view of it'
	fi
	up
	own/tare-oci --root "$T/oci" exec web sleep 20 </dev/null >said 2>&1 &
	until_true oci exec web sh -c 'grep -qx sleep /proc/[0-9]*/comm && [ $(grep -lx sleep /proc/[0-9]*/comm | wc -l) = 2 ]'
	echo changed >own/tare-oci # were it run itself, it would be busy
	oci exec web killall sleep
	wait $! || true
	oci delete --force web
}
