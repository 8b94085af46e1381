# SPDX-License-Identifier: Apache-2.0
# script_equals_run.bats - the interpreter and the printed script build the same container
#
# hello's report of both is compared byte for byte, but for what can't be equal: see normalize.py.
load helpers

same() {
	# Inside, the script's last steps are taken by tare itself: a dynamic one has no loader there.
	! grep -q /ld-linux "$TARE" || skip "tare is linked dynamically"
	ask tare run --rm "$@" hello --json
	code_is 0
	"$STAGE/cli/normalize.py" <"$T/.out" >"$T/by-tare"
	ask tare run --rm --script "$@" hello --json
	code_is 0
	cp "$T/.out" "$T/script.sh"
	ask timeout -k 2 30 sh "$T/script.sh"
	code_is 0
	"$STAGE/cli/normalize.py" <"$T/.out" >"$T/by-script"
	[ "$(wc -l <"$T/by-tare")" -gt 30 ]
	diff "$T/by-tare" "$T/by-script"
}

@test "the plain one" {
	same
}

@test "limits, where the caller can have them" {
	local limits=()
	[[ $TARE_AS != root ]] || limits=(-m 100m --memory-reservation 50m -c 512 --cpu-quota 50000
		--cpuset-cpus 0 --pids-limit 64)
	same "${limits[@]}"
}

@test "a name, a host name, variables, a directory" {
	export GIVEN=value
	same -h host.example -e GIVEN -w /tmp
}

@test "volumes and tmpfs" {
	mkdir "$T/d"
	same -v "$T/d:/data" -v "$T/d:/ro:ro" --tmpfs /cache:size=64k
}

@test "read-only, fewer capabilities, no new privileges" {
	same --read-only --cap-drop ALL --cap-add CHOWN --security-opt no-new-privileges
}

@test "no filter, the host's network, limits of the shell" {
	same --security-opt seccomp=unconfined --network host --ulimit nofile=100:200
}

@test "the caller's own filter, paths hidden and shown" {
	echo '{"defaultAction": "SCMP_ACT_ALLOW",
		"syscalls": [{"names": ["mkdir", "ptrace"], "action": "SCMP_ACT_ERRNO"}]}' >"$T/p.json"
	same --security-opt "seccomp=$T/p.json" --security-opt unmask=/proc/sys --security-opt mask=/etc/group
}

@test "namespaces of the host" {
	same --pid host --uts host
	same --ipc host --cgroupns host
	same --ipc none
	same --time-offset monotonic=100,boottime=1000
}

@test "umask, oom score, personality, domain, sysctl" {
	same --umask 0027 --oom-score-adj 300 --personality ADDR_NO_RANDOMIZE \
		--domainname example.org --sysctl net.ipv4.ip_forward=1
}

@test "mounts: attributes, one level only, in memory with a copy, the user's own" {
	mkdir -p "$T/d/sub" "$T/e"
	echo x >"$T/e/f"
	same -v "$T/d:/data:ro,noexec,nosuid" --mount "type=bind,src=$T/d,dst=/one,bind-nonrecursive" \
		--mount type=tmpfs,dst=/t,tmpfs-size=1m,tmpfs-mode=0711 --tmpfs /etc:tmpcopyup \
		-v "$T/e:/own:U" -v /volume -v "$T/d:/over:O" --mount "type=bind,src=$T/d,dst=/top,ro,bind-recursive=writable"
	[ -z "$(ls "$T/d/sub")" ]
}

@test "labels, hosts, servers, the caller's variables, groups" {
	same --add-host db:10.0.0.5 --dns 192.0.2.1 --dns-search example.org -l a=b \
		--http-proxy --unsetenv PATH --stop-signal USR1 -a stdout -a stderr
}
