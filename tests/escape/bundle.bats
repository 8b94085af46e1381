# SPDX-License-Identifier: Apache-2.0
# bundle.bats - tare-oci with a root file system, a document, a state directory that mean harm
#
# $M is a directory outside with known contents. Whatever they do, nothing in it changes and nothing
# of it is seen inside.
load ../cli/helpers
load ../cli/bundle

marked() {
	M=$T/marker
	mkdir -p "$M/d"
	echo canary >"$M/f"
	echo canary >"$M/d/ptmx"
	mkdir -p bundle
	cp -al "$BASE" bundle/rootfs
	marks >"$T/.marks"
}

marks() {
	(cd "$M" && find . -printf '%p %m %U %G %s %T@ %l\n' | sort && cat f d/ptmx)
}

# once [-c CHANGE]… PROGRAM…: a container of the bundle, from create to delete.
once() {
	bundle "$@"
	ask oci run -b bundle web
	oci delete --force web 2>/dev/null || true
}

unharmed() {
	marks | cmp - "$T/.marks"
	case $out in *canary*) shown ;; esac
}

link() {
	rm -rf "bundle/rootfs/$1"
	mkdir -p "$(dirname "bundle/rootfs/$1")"
	ln -s "$2" "bundle/rootfs/$1"
}

up=../../../../../../../../..

up_web() {
	bundle "$@" sleep 60
	make web
	oci start web
	read -r first < <(oci state web | sed -n 's/.*"pid": \([0-9]*\),/\1/p')
	until_true grep -qx sleep "/proc/$first/comm"
}

bind() {
	echo "c['mounts'].append({'destination': '$2', 'type': 'bind', 'source': '$1', 'options': ['bind']})"
}

@test "a tool that tries all ways out, in a bundle's container and added to one" {
	local add="c['linux'].update(seccomp={'defaultAction': 'SCMP_ACT_ALLOW', 'syscalls': [{'names': ['keyctl', 'add_key',
		'request_key', 'unshare', 'clone3', 'bpf', 'perf_event_open', 'io_uring_setup', 'userfaultfd', 'syslog',
		'mount', 'open_by_handle_at'], 'action': 'SCMP_ACT_ERRNO'}]})"
	local masks='c["linux"]["maskedPaths"] += ["/proc/keys", "/sys/firmware"]; c["linux"]["readonlyPaths"] += ["/proc/sysrq-trigger", "/proc/bus", "/proc/fs", "/proc/irq"]'
	mkdir -p bundle
	cp -al "$BASE" bundle/rootfs
	cp "$STAGE/bin/escape" bundle/rootfs/bin/
	bundle -c "$add" -c "$masks" sleep 60
	make web 9</
	oci start web
	until_true status_is web running
	local open='descriptors beyond 2|standard descriptors|the root of process 1|the working directory|executables to write to|core_pattern|modprobe|binfmt_misc|uevent_helper|sysrq|a process outside|cgroup files and release_agent|a disk|/dev/mem|typing into a terminal outside|taking the console|mounting|modules|reboot'
	ask "$STAGE/cli/terminal.py" 24 80 "$(dirname "$TARE")/tare-oci" --root "$T/oci" exec web /bin/escape $$ 9</
	out=${out//$'\r'/}
	[ "$(grep -cE "^($open): (refused|absent)$" <<<"$out")" = "$(tr '|' '\n' <<<"$open" | wc -l)" ] || shown
	ask "$STAGE/cli/terminal.py" 24 80 "$(dirname "$TARE")/tare-oci" --root "$T/oci" exec -t web /bin/escape $$ 9</
	out=${out//$'\r'/}
	[ "$(grep -cE "^($open): (refused|absent)$" <<<"$out")" = "$(tr '|' '\n' <<<"$open" | wc -l)" ] || shown
	oci delete --force web
}

@test "mount targets, nodes and the working directory through links out of the root" {
	marked
	local target
	for target in "$up$M" "$M" /proc/self/root"$M" /proc/1/cwd; do
		link a "$target"
		once -c "$(bind "$M/d" /a/new)" -c 'c["process"]["cwd"] = "/a/f2"' ls -A /a
		unharmed
		once -c "c['linux']['devices'] = [{'path': '/a/node', 'type': 'p', 'fileMode': 0o666}]" true
		unharmed
		once -c "c['mounts'].append({'destination': '/a', 'type': 'tmpfs', 'source': 'tmpfs'})" cat /a/f
		unharmed
	done
}

@test "/proc, /sys, /dev or the console of the root is a link: refused by name" {
	marked
	mkdir bundle/rootfs/p
	local name target
	for name in proc sys dev; do
		for target in "$up$M/d" /p; do
			link "$name" "$target"
			once true
			[ "$code" != 0 ]
			err_has "/$name"
			unharmed
		done
		rm "bundle/rootfs/$name"
		mkdir "bundle/rootfs/$name"
	done
	local no_dev='c["mounts"] = [m for m in c["mounts"] if not m["destination"].startswith("/dev")]'
	link dev "$up$M/d"
	once -c "$no_dev" sh -c 'ls /dev/; echo x >/dev/null'
	unharmed
	rm bundle/rootfs/dev
	mkdir bundle/rootfs/dev
	link dev/null "$up$M/f"
	once -c "$no_dev" sh -c 'echo x >/dev/null'
	[ "$code" != 0 ]
	unharmed
}

@test "masks are never what the root calls /dev/null" {
	mkdir -p bundle
	cp -al "$BASE" bundle/rootfs
	local kind
	for kind in link file fifo; do
		rm -rf bundle/rootfs/dev/null
		case $kind in
		link) ln -s /proc/sys/kernel/core_pattern bundle/rootfs/dev/null ;;
		file) echo fake >bundle/rootfs/dev/null ;;
		fifo) mkfifo bundle/rootfs/dev/null ;;
		esac
		once -c 'c["linux"]["maskedPaths"] = ["/proc/keys"]' \
			-c 'c["mounts"] = [m for m in c["mounts"] if m["destination"] == "/proc"]' stat -c %t:%T /proc/keys
		case $code in
		0) out_is 1:3 ;;
		*) err_has /dev/null ;;
		esac
	done
}

@test "a mount over /proc swallows no setting: it was written before, or the start fails" {
	marked
	local before over
	before=$(cat /proc/sys/kernel/msgmax /proc/sys/net/ipv4/ip_forward)
	for over in /proc /proc/self /proc/self/attr /proc/sys; do
		once -c "$(bind "$M" "$over")" -c 'c["linux"]["sysctl"] = {"kernel.msgmax": "8191"}' \
			-c 'c["process"]["oomScoreAdj"] = 900' true
		unharmed
		once -c "$(bind "$M" "$over")" -c 'c["process"]["apparmorProfile"] = "tare-test-none"' true
		[ "$code" != 0 ]
		unharmed
	done
	[ "$(cat /proc/sys/kernel/msgmax /proc/sys/net/ipv4/ip_forward)" = "$before" ]
}

@test "settings that would be the host's, and values that are two, are refused" {
	local key
	for key in '"kernel.core_pattern": "|/x"' '"kernel.shmmax": "1+kernel.core_pattern=x"' \
		'"kernel.shmmax": "1\nx"' '"kernel/../kernel/core_pattern": "x"' '"net.ipv4.ip_forward": "/x"' '"vm.swappiness": "1"'; do
		once -c "c['linux']['sysctl'] = {$key}" true
		[ "$code" != 0 ]
		err_has sysctl
	done
	once -c 'c["linux"]["namespaces"] = [n for n in c["linux"]["namespaces"] if n["type"] != "network"]' \
		-c 'c["linux"]["sysctl"] = {"net.ipv4.ip_forward": "1"}' true
	[ "$code" != 0 ]
	err_has 'network namespace'
}

@test "descriptors: only those that were asked for, and no working directory by one" {
	marked
	exec 9<"$M" 8<"$M/f"
	once sh -c 'ls /proc/self/fd'
	out_is $'0\n1\n2\n3' # 3 is the list's own
	bundle sh -c 'ls /proc/self/fd; cat /proc/self/fd/8/f /proc/self/fd/9/f'
	ask oci run --preserve-fds 2 -b bundle web 3</dev/null 4</dev/null
	oci delete --force web 2>/dev/null || true
	unharmed
	local n
	for n in $(seq 3 12) 63; do
		once -c "c['process']['cwd'] = '/proc/self/fd/$n'" ls
		[ "$code" != 0 ]
		unharmed
	done
	exec 9<&- 8<&-
}

@test "passwd and group as pipe, link out, giant: an answer, soon" {
	marked
	local file kind
	for file in passwd group; do
		for kind in fifo link giant; do
			rm -f "bundle/rootfs/etc/$file"
			case $kind in
			fifo) mkfifo "bundle/rootfs/etc/$file" ;;
			link) ln -s "$up$M/f" "bundle/rootfs/etc/$file" ;;
			giant) truncate -s 2G "bundle/rootfs/etc/$file" ;;
			esac
			bundle true
			ask timeout 5 "$(dirname "$TARE")/tare-oci" --root "$T/oci" run -b bundle web
			[ "$code" != 124 ] || shown
			unharmed
			oci delete --force web 2>/dev/null || true
		done
	done
}

@test "what a state directory holds is not believed" {
	marked
	up_web
	local record
	record=$(<oci/web/record)
	# Somebody else's process, and a directory that is no group of the container's.
	sleep 60 &
	local other=$!
	local kept
	kept=$(readlink oci/web/first)
	ln -sfn "${kept/$first/$other}" oci/web/first
	ask oci kill web KILL
	kill -0 "$other"
	ln -sfn "$kept" oci/web/first
	kill "$other"
	# A record that is another's, is cut, is none, is a pipe or a link.
	local bad
	for bad in "${record/\"id\":\"web\"/\"id\":\"x\"}" "${record%??????}" '[]' '{' ''; do
		printf '%s\n' "$bad" >oci/web/record
		ask oci state web
		[ "$code" != 0 ]
		err_has web
	done
	rm oci/web/record
	ln -s "$M/f" oci/web/record
	ask oci state web
	[ "$code" != 0 ]
	unharmed
	rm oci/web/record
	printf '%s' "$record" >oci/web/record
	oci delete --force web
	ln -s "$M" oci/link
	ask oci delete --force link
	unharmed
	rm oci/link
}

@test "groups in a record that are no groups are left alone" {
	marked
	mkdir "$M/e"
	marks >"$T/.marks"
	bundle sleep 60
	make web
	cp oci/web/record kept
	python3 - oci/web/record "$M" <<-'END'
		import json, sys
		record = json.load(open(sys.argv[1]))
		record["cgroups"] = [sys.argv[2] + "/e", "/sys/fs/cgroup/../../.." + sys.argv[2] + "/e"]
		record["freezer"] = sys.argv[2]
		open(sys.argv[1], "w").write(json.dumps(record))
	END
	ask oci pause web
	unharmed
	ask oci update --pids-limit 5 web
	unharmed
	ask oci delete --force web
	unharmed
	cp kept oci/web/record
	oci delete --force web
}

@test "a file for the process number is never written through a link" {
	marked
	mkdir public
	bundle sleep 60
	# The name it has while it is written can be guessed.
	python3 -c 'import os, sys
for n in range(os.getpid(), os.getpid() + 99):
    os.symlink(sys.argv[1], f"public/.pid-{n}")
os.symlink(sys.argv[1], "public/pid")' "$M/f"
	make --pid-file public/pid web
	unharmed
	[ ! -L public/pid ]
	oci delete --force web
}

@test "groups outside of the tree, by dots, are refused" {
	local path
	for path in ../x /../x a/../../x /a/.. ../../../../tmp/x; do
		once -c "c['linux']['cgroupsPath'] = '$path'" true
		if [ "$TARE_AS" = root ]; then
			[ "$code" != 0 ]
			err_has cgroup
		fi
	done
}

@test "starts while a part of the target is exchanged for a link out" {
	marked
	mkdir -p bundle/rootfs/vol/x
	ln -s "$up$M" bundle/rootfs/vol/y
	python3 "$STAGE/cli/swap.py" bundle/rootfs/vol/x bundle/rootfs/vol/y &
	local swapper=$!
	bundle -c "$(bind "$M/d" /vol/x/new)" -c "c['linux']['maskedPaths'].append('/vol/x')" \
		-c "c['linux']['readonlyPaths'].append('/vol/x')" -c "c['process']['cwd'] = '/vol/x/w'" cat /vol/x/f /vol/y/f ../f
	for _ in $(seq 60); do
		ask oci run -b bundle web
		oci delete --force web 2>/dev/null || true
		[ ! -e "$M/new" ] && [ ! -e "$M/w" ] || break
		case $out in *canary*) break ;; esac
	done
	kill "$swapper"
	wait "$swapper" || true
	unharmed
}

@test "what the container's variables and files say changes nothing before it is inside" {
	marked
	printf '#!/bin/sh\ntouch %s/ran\n' "$M" >bundle/rootfs/evil
	chmod 755 bundle/rootfs/evil
	local name
	for name in newuidmap newgidmap tare-scope sh; do
		mkdir -p bundle/rootfs/evilbin
		cp bundle/rootfs/evil "bundle/rootfs/evilbin/$name"
	done
	cat >process.json <<'END'
{"args": ["/bin/true"], "cwd": "/", "env": ["PATH=/evilbin", "LD_PRELOAD=/evil.so", "LD_LIBRARY_PATH=/", "TMPDIR=/evil", "XDG_RUNTIME_DIR=/evil", "NOTIFY_SOCKET=/evil"], "user": {"uid": 0, "gid": 0}}
END
	up_web -c 'c["process"]["env"] += ["LD_PRELOAD=/evil.so", "XDG_RUNTIME_DIR=/evil", "TMPDIR=/evil", "NOTIFY_SOCKET=/evil"]'
	ask oci exec -p process.json web
	code_is 0
	unharmed
	oci delete --force web
}
