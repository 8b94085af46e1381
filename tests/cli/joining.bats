# SPDX-License-Identifier: Apache-2.0
# joining.bats - containers in the namespaces of others: ns:PATH and container:NAME
load helpers

# Starts a container called web with FLAGS that sleeps; its first process is $first.
web() {
	"$TARE" run --rm --name web --rootfs "$BASE:O" "$@" sleep 60 </dev/null >/dev/null 2>"$T/web" &
	tare_of_web=$!
	until_true became $tare_of_web sleep || cat "$T/web"
	first=$(first_process $tare_of_web)
	until_true recorded
}

end_web() {
	kill -9 $tare_of_web
	wait $tare_of_web || true
	tare ps -a >/dev/null
}

# Starts a process in new namespaces; it is $outside.
stranger() {
	local own=()
	[ "$TARE_AS" = root ] || own=(--user --map-root-user)
	unshare "${own[@]}" "$@" sleep 60 </dev/null >/dev/null 2>&1 &
	stranger=$!
	until_true grep -qx sleep "/proc/$stranger/comm"
	outside=$stranger
}

end_stranger() {
	kill -9 $stranger
	wait $stranger || true
}

# same KIND PID FLAGS…: a container with these flags has that namespace of PID.
same() {
	local kind=$1 pid=$2
	shift 2
	box "$@" readlink "/proc/self/ns/$kind"
	code_is 0
	out_is "$(readlink "/proc/$pid/ns/$kind")"
}

@test "container:NAME, each kind" {
	web --ipc shareable
	same pid "$first" --pid container:web
	same ipc "$first" --ipc container:web
	same uts "$first" --uts container:web
	same cgroup "$first" --cgroupns container:web
	same net "$first" --network container:web
	end_web
}

@test "container:NAME, all at once, and its user namespace with them" {
	web --ipc shareable
	box --pid container:web --ipc container:web --uts container:web --network container:web \
		--cgroupns container:web \
		sh -c 'for n in pid ipc uts net cgroup user; do readlink /proc/self/ns/$n; done; cat /etc/hostname'
	code_is 0
	local kind
	for kind in pid ipc uts net cgroup user; do
		out_has "$(readlink "/proc/$first/ns/$kind")"
	done
	out_has "$(nsenter -t "$first" -U --preserve-credentials -u hostname)"
	end_web
}

@test "by a process number of theirs: what one sees of the other" {
	web
	box --pid container:web sh -c 'cat /proc/1/comm; kill -0 1 && echo reached; ls -d /proc/self/root/proc/1'
	out_is sleep$'\n'reached$'\n'/proc/self/root/proc/1
	end_web
}

@test "the other's network: its name and files, its localhost" {
	web -h the-web
	echo '10.9.8.7 far' >"$T/hosts"
	box --network container:web sh -c 'cat /proc/sys/kernel/hostname; ifconfig lo | grep -c UP'
	out_is the-web$'\n'1
	local option
	for option in '--add-host a:1.2.3.4' '--dns 1.2.3.4' '--dns-option x' '--hosts-file none'; do
		# shellcheck disable=SC2086 # words to be split
		box --network container:web $option true
		refused "${option%% *}" "conflicting options"
	done
	box --network container:web -h other true
	refused "--hostname 'other'"
	end_web
}

@test "the other's shared memory, System V and /dev/shm" {
	web --ipc shareable
	box --ipc container:web sh -c 'echo word >/dev/shm/x; ls -d /dev/mqueue'
	out_is /dev/mqueue
	box --ipc container:web cat /dev/shm/x
	out_is word
	box cat /dev/shm/x
	[ "$code" = 1 ]
	end_web
	web --ipc none
	box --ipc container:web true
	refused "no /dev/shm of its own"
	end_web
}

@test "ns:PATH, each kind" {
	stranger --net --ipc --uts
	same net $outside --network "ns:/proc/$outside/ns/net"
	same ipc $outside --ipc "ns:/proc/$outside/ns/ipc"
	same uts $outside --uts "ns:/proc/$outside/ns/uts"
	[ "$TARE_AS" = root ] || same user $outside --userns "ns:/proc/$outside/ns/user"
	box --uts "ns:/proc/$outside/ns/uts" cat /etc/hostname
	out_is "$(hostname)"
	end_stranger
}

@test "ns:PATH of our own is the host's" {
	same net self --network ns:/proc/self/ns/net
	same uts self --uts ns:/proc/self/ns/uts
}

@test "what is not there, or is something else" {
	box --network container:nobody true
	refused "container 'nobody': there is none"
	box --network ns:/nowhere true
	refused "--network '/nowhere': No such file"
	box --network ns:/proc/self/ns/uts true
	refused "'/proc/self/ns/uts' is no network namespace"
	box --uts ns:/etc/passwd true
	refused "'/etc/passwd' is no namespace"
	ask tare run --name done --rootfs "$BASE:O" true
	box --pid container:done true
	refused "container 'done' does not run"
	tare rm done
}

@test "the script joins the same" {
	! grep -q /ld-linux "$TARE" || skip "tare is linked dynamically"
	web
	local flags
	for flags in '--pid container:web' '--network container:web --uts container:web' '--cgroupns container:web'; do
		ask tare run --rm $flags hello --json
		code_is 0
		"$STAGE/cli/normalize.py" <"$T/.out" >"$T/by-tare"
		ask tare run --rm --script $flags hello --json
		code_is 0
		cp "$T/.out" "$T/script.sh"
		ask timeout -k 2 30 sh "$T/script.sh"
		code_is 0
		"$STAGE/cli/normalize.py" <"$T/.out" >"$T/by-script"
		# The number of the shell's process in a pid namespace that has others is another.
		diff <(grep -vE '"(parent|process_group|session)"' "$T/by-tare") \
			<(grep -vE '"(parent|process_group|session)"' "$T/by-script")
	done
	end_web
}

# pried FLAGS…: what one container reaches of those that enter its pid namespace meanwhile.
pried() {
	cp "$STAGE/bin/pry" "$T/pry"
	"$TARE" run --rm --name web --rootfs "$BASE:O" -v "$T/pry:/pry" "$@" /pry 6 \
		</dev/null >"$T/reached" 2>&1 &
	tare_of_web=$!
	until_true became $tare_of_web pry
	until_true recorded
	while [ -e /proc/$tare_of_web ]; do
		"$TARE" run --rm --pid container:web --rootfs "$BASE:O" true >"$T/joined" 2>&1 || true
	done
	wait $tare_of_web
	cat "$T/reached" "$T/joined"
	[ "$(sed -n 's/^seen //p' "$T/reached")" -gt 10 ]
	! grep -q reached "$T/reached"
}

@test "who enters a pid namespace can't be looked into by those who live there" {
	local before
	before=$(sha256sum "$TARE")
	pried
	# A user's container has it over its own user namespace only.
	[ "$TARE_AS" = root ] || pried --cap-add SYS_PTRACE
	[ "$(sha256sum "$TARE")" = "$before" ]
}

@test "a container's shared memory is its own unless it is shareable" {
	local mode
	for mode in '' '--ipc private'; do
		# shellcheck disable=SC2086 # words to be split
		web $mode
		box --ipc container:web true
		refused "container 'web' does not share" '--ipc shareable'
		end_web
	done
}
