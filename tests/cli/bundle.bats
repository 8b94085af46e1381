# SPDX-License-Identifier: Apache-2.0
# A bundle's life under tare-oci: created, started, ended, deleted; and what is refused on the way.

load helpers
load bundle


@test "a bundle is created, started, ends and is deleted" {
	bundle sh -c 'echo in $(hostname); exit 3'
	make web
	status_is web created
	[ ! -s web.out ]
	oci start web
	until_true status_is web stopped
	[ "$(<web.out)" = "in bundle" ]
	oci delete web
	ask oci state web
	code_is 1
	err_has "container 'web' does not exist"
	[ -z "$(ls oci)" ]
}

@test "what state says" {
	bundle -c 'c["annotations"] = {"a.b": "c"}' sleep 30
	make --pid-file pid web
	ask oci state web
	out_has '"id": "web"'
	out_has "\"bundle\": \"$(realpath bundle)\""
	out_has '"a.b": "c"'
	out_has "\"pid\": $(<pid)"
	oci delete --force web
}

@test "a container that was created can be deleted, one that runs only by force" {
	bundle sleep 30
	make web
	oci delete web
	make web
	oci start web
	ask oci delete web
	code_is 1
	err_has "is running"
	oci delete --force web
	[ -z "$(ls oci)" ]
	oci delete --force web
	ask oci delete web
	code_is 1
}

@test "only what was created can be started, and once" {
	bundle sleep 30
	ask oci start web
	code_is 1
	make web
	oci start web
	ask oci start web
	code_is 1
	err_has "it is running, and only one that was created can be started"
	oci kill web KILL
	until_true status_is web stopped
	ask oci start web
	code_is 1
	oci delete web
}

@test "signals by name and by number; none to what has ended" {
	bundle sh -c 'trap "echo term" TERM; echo up; while :; do sleep 0.1; done'
	make web
	oci start web
	until_true grep -q up web.out
	oci kill web
	until_true grep -q term web.out
	ask oci kill web NOSUCH
	code_is 1
	err_has "signal 'NOSUCH'"
	oci kill web 0
	oci kill web 9
	until_true status_is web stopped
	ask oci kill web 0
	code_is 1
	ask oci kill web 9
	code_is 1
	err_has "container not running"
	oci delete web
}

@test "a program that is missing is told when the container is created" {
	bundle nosuch
	ask oci create -b bundle web
	code_is 1
	err_has "'nosuch': no program of that name"
	[ -z "$(ls oci)" ]
}

@test "errors go to the log, in the form that was asked for" {
	ask oci --log log --log-format json start web
	grep -q '^{"level":"error","msg":"container .web. does not exist","time":"' log
	ask oci --log words start web
	grep -q 'level=error msg="container .web. does not exist"' words
	ask oci --log none/log list
	code_is 1
	err_has "--log 'none/log': No such file"
	ask oci --log-format xml start web
	code_is 1
}

@test "ids are names, and a name is given once" {
	bundle sleep 30
	for id in ../x a/b .. '' 'a b'; do
		ask oci create -b bundle "$id"
		code_is 1
		err_has "container id"
	done
	make web
	ask oci create -b bundle web
	code_is 1
	err_has "it exists already"
	status_is web created
	oci delete web
}

@test "what a document must have, and what it can't" {
	bundle -c 'c["ociVersion"] = "2.0.0"' true
	ask oci create -b bundle web
	err_has "ociVersion '2.0.0'"
	bundle -c 'del c["root"]' true
	ask oci create -b bundle web
	err_has "root"
	bundle -c 'c["process"]["terminal"] = True' true
	ask oci create -b bundle web
	err_has "--console-socket"
	bundle -c 'c["linux"]["namespaces"] = [n for n in c["linux"]["namespaces"] if n["type"] != "mount"]' true
	ask oci create -b bundle web
	err_has "mount namespace"
	echo '{' >bundle/config.json
	ask oci create -b bundle web
	err_has "config.json:"
	[ ! -e oci ] || [ -z "$(ls oci)" ]
}

@test "unknown capabilities are left out with a warning" {
	bundle -c 'c["process"]["capabilities"]["bounding"] = ["CAP_KILL", "CAP_NO_SUCH"]' grep CapBnd /proc/self/status
	ask oci create -b bundle web
	code_is 0
	err_is "tare-oci: warning: capability 'CAP_NO_SUCH': there is none of that name"
	oci delete web
}

@test "a create that is killed at any time leaves what delete can remove" {
	bundle sleep 30
	for ms in 0 1 2 3 4 5 6 8 10 14; do
		oci create -b bundle web >/dev/null 2>&1 </dev/null &
		sleep "0.0$(printf %02d "$ms")"
		pkill -KILL -P $! 2>/dev/null || true
		wait $! || true
		oci delete --force web
		[ ! -e oci/web ]
	done
}

@test "a terminal goes to who listens at the console socket" {
	bundle -c 'c["process"]["terminal"] = True' sh -c 'tty; [ -t 0 ] && echo is one'
	python3 "$STAGE/cli/console.py" socket >shown &
	until_true test -S socket
	oci create -b bundle --console-socket socket web </dev/null
	oci start web
	wait $!
	grep -q '/dev/pts/0' shown
	grep -q 'is one' shown
	until_true status_is web stopped
	oci delete web
}

@test "a name for the host itself, and a caller who is another, are refused" {
	bundle -c 'c["linux"]["namespaces"] = [n for n in c["linux"]["namespaces"] if n["type"] != "uts"]' true
	ask oci create -b "$T/bundle" web
	code_is 1
	err_has "hostname: without a uts namespace it would be the host's"
	[ -z "$(ls oci 2>/dev/null)" ]
	ask oci --rootless=maybe state web
	code_is 1
	err_has "neither true, false nor auto"
	ask oci --rootless="$([ "$(id -u)" = 0 ] && echo true || echo false)" state web
	code_is 1
	err_has "the caller is"
}

@test "with a user namespace and the host's network /sys is the host's, to be read" {
	[ "$TARE_AS" != root ] || skip "of ordinary users"
	bundle -c 'c["linux"]["namespaces"] = [n for n in c["linux"]["namespaces"] if n["type"] != "network"]' \
		sh -c 'ls /sys/class/net >/dev/null && echo seen; echo 1 >/sys/kernel/profiling || echo no'
	make web
	oci start web
	until_true status_is web stopped
	oci delete web
	grep -qx seen web.out
	grep -qx no web.out
}
