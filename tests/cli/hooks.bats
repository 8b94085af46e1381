# SPDX-License-Identifier: Apache-2.0
# Programs that a bundle's document wants run on the way of its container's life.

load helpers
load bundle

# hook KIND SCRIPT [KEYS]: a change for bundle.py: one more hook of that kind, a shell's.
hook() {
	printf 'c.setdefault("hooks", {}).setdefault("%s", []).append({"path": "/bin/sh", "args": ["sh", "-c", """%s"""], "env": ["PATH=/bin:/usr/bin"] %s})' \
		"$1" "$2" "${3:+, $3}"
}

# told KIND WORDS: whether the hook of that kind was told these words of the state.
told() {
	grep -qF "$2" "$T/$1" || { echo "$1: $(<"$T/$1")"; return 1; }
}

@test "each kind runs at its moment, and is told how the container is" {
	for kind in prestart createRuntime createContainer poststart poststop; do
		changes+=(-c "$(hook $kind "cat >$T/$kind; echo $kind >>$T/order")")
	done
	changes+=(-c "$(hook startContainer "cat >/dev/shm/state; echo startContainer \$\$")")
	changes+=(-c 'c["annotations"] = {"a.b": "c"}'
		-c 'c["mounts"].append({"destination": "/dev/shm", "type": "tmpfs", "source": "shm"})')
	bundle "${changes[@]}" sh -c 'cat /dev/shm/state; while :; do sleep 0.1; done'
	make hooked
	[ "$(tr '\n' ' ' <order)" = "prestart createRuntime createContainer " ]
	for kind in prestart createRuntime; do
		[ "$(grep -oE '"(status|pid)":' $kind | wc -l)" = 2 ]
		told $kind '"id":"hooked"'
		told $kind "\"bundle\":\"$(realpath bundle)\""
		told $kind '"a.b":"c"'
		told $kind '"ociVersion":"1.2.1"'
	done
	told prestart '"status":"created"' # as once, when it ran after create
	told createRuntime '"status":"creating"'
	told createRuntime "$(oci state hooked | grep -o '"pid": [0-9]*' | tr -d ' ')"
	told createContainer '"pid":1,'
	oci start hooked
	told poststart '"status":"running"'
	until_true grep -q '"status":"created","pid":1,' hooked.out
	oci delete --force hooked
	told poststop '"status":"stopped","pid":0'
	[ "$(tail -n 1 order)" = poststop ]
}

@test "the first three see the container's mounts; createContainer stands among them, in its root" {
	bundle -c "$(hook createRuntime "readlink /proc/self/ns/mnt >$T/outside")" \
		-c "$(hook createContainer "readlink /proc/self/ns/mnt >$T/inside; pwd >$T/where; ls proc | grep -x self")" \
		sleep 30
	make hooked
	[ "$(<outside)" = "$(readlink /proc/self/ns/mnt)" ]
	[ "$(<inside)" != "$(<outside)" ]
	[ "$(<where)" = "$(realpath bundle/rootfs)" ]
	oci delete hooked
}

@test "what createContainer mounts in the root is there for the program" {
	[ "$TARE_AS" = root ] || skip "an ordinary user's mount program may not"
	bundle -c "$(hook createContainer "mkdir -p proc/../tmp; mount -t tmpfs -o size=4096k hooked tmp")" \
		sh -c 'grep hooked /proc/mounts'
	make hooked
	oci start hooked
	until_true grep -q "hooked /tmp tmpfs" hooked.out
	oci delete --force hooked
}

@test "a hook that fails ends the container's making; those of poststop take back" {
	for kind in prestart createRuntime createContainer; do
		bundle -c "$(hook $kind 'echo first; echo "no such network" >&2; exit 3')" \
			-c "$(hook $kind "echo second >$T/second")" \
			-c "$(hook poststop "cat >$T/$kind-poststop")" true
		ask oci create -b bundle hooked
		code_is 1
		err_has "$kind hook '/bin/sh': exit status 3: no such network"
		told $kind-poststop '"status":"stopped"'
		[ ! -e second ]
		[ -z "$(ls oci)" ]
	done
	bundle -c "$(hook createContainer 'kill -9 $$')" true
	ask oci create -b bundle hooked
	err_has "createContainer hook '/bin/sh': killed by signal 9"
	bundle -c 'c["hooks"] = {"createRuntime": [{"path": "/no/such"}]}' true
	ask oci create -b bundle hooked
	err_has "createRuntime hook '/no/such': No such file or directory"
}

@test "where none was run yet, none takes back" {
	bundle -c "$(hook createRuntime "true")" -c "$(hook poststop "echo >$T/ran")" \
		-c 'c["mounts"].append({"destination": "/x", "type": "nosuch", "source": "x"})' true
	ask oci create -b bundle hooked
	code_is 1
	[ ! -e ran ]
}

@test "a startContainer hook that fails stops the container; start says so" {
	bundle -c "$(hook startContainer 'echo broken; exit 9')" -c "$(hook poststop "echo >$T/ran")" \
		sh -c 'echo never'
	make hooked
	ask oci start hooked
	code_is 1
	err_has "startContainer hook '/bin/sh': exit status 9: broken"
	until_true status_is hooked stopped
	[ ! -s hooked.out ]
	oci delete hooked
	[ -e ran ]
}

@test "a poststart hook that fails ends the container, and start says so" {
	bundle -c "$(hook poststart 'exit 4')" -c "$(hook poststart "echo >$T/second")" \
		-c "$(hook poststop "echo >$T/stopped")" sleep 30
	make hooked
	ask oci start hooked
	code_is 1
	err_has "poststart hook '/bin/sh': exit status 4"
	[ ! -e second ]
	[ -e stopped ]
	[ -z "$(ls oci)" ]
}

@test "poststop hooks that fail are warned of, and the others follow" {
	bundle -c "$(hook poststop 'echo gone >&2; exit 5')" -c "$(hook poststop "echo >$T/second")" true
	make hooked
	ask oci delete hooked
	code_is 0
	err_has "warning: poststop hook '/bin/sh': exit status 5: gone"
	[ -e second ]
	[ -z "$(ls oci)" ]
}

@test "a timeout ends a hook and what it has started" {
	bundle -c "$(hook createRuntime "sleep 77.7 & echo \$! >$T/number; sleep 77.7" '"timeout": 1')" true
	ask oci create -b bundle hooked
	code_is 1
	err_has "createRuntime hook '/bin/sh': killed, as its timeout was over"
	until_true test ! -e "/proc/$(<number)"
	bundle -c "$(hook startContainer 'sleep 77.7' '"timeout": 1')" true
	make hooked
	ask oci start hooked
	err_has "startContainer hook '/bin/sh': killed, as its timeout was over"
	oci delete --force hooked
}

@test "a hook has its own variables and no others, and no descriptor of ours" {
	bundle -c "$(hook createRuntime "env >$T/env; ls /proc/self/fd >$T/fds")" \
		-c "$(hook createContainer "ls /proc/self/fd >$T/fds-inside")" sleep 30
	SECRET=1 make hooked
	! grep -q SECRET env
	grep -q '^PATH=/bin:/usr/bin$' env
	[ "$(tr '\n' ' ' <fds)" = "0 1 2 3 " ]
	[ "$(tr '\n' ' ' <fds-inside)" = "0 1 2 3 " ]
	oci delete hooked
}
