# SPDX-License-Identifier: Apache-2.0
# view.bats - a container from inside and from outside, held against /proc
load helpers

# start [FLAGS] COMMAND…: a container called one in the background; its process 1 is $first
start() {
	"$TARE" run --rm --name one --rootfs "$BASE:O" "$@" >/dev/null 2>err &
	tare_pid=$!
	until_true tare view one
	first=$(tare view --json one | python3 -c 'import json, sys; print(json.load(sys.stdin)["pid"])')
}

ended() {
	kill -KILL "$tare_pid"
	wait "$tare_pid" 2>/dev/null || true
	until_true test ! -e "/proc/$first"
	tare ps -a >/dev/null
}

# seen WHAT: looks, as JSON; is EXPRESSION WANTED asks Python about it, v being the view
seen() {
	ask tare view --json "$1"
	code_is 0
	cp .out v.json
}

is() {
	local got
	got=$(python3 -c '
import json, sys
v = json.load(open("v.json"))
def row(section, name):
    return [(r["inside"], r["outside"]) for r in v[section] if r["name"] == name]
print(eval(sys.argv[1]))' "$1")
	[ "$got" = "$2" ] || { echo "$1 is $got, not $2"; cat v.json; return 1; }
}

@test "processes, with both numbers" {
	start --init sh -c 'sleep 30 & sleep 31'
	until_true grep -q . "/proc/$first/task/$first/children"
	until_true eval 'tare view one | grep -q "sleep 31"'
	seen one
	is 'v["container"]["name"], v["pid"]' "('one', $first)"
	is 'v["processes"][0]["pid_inside"], v["processes"][0]["pid_outside"]' "(1, $first)"
	is 'all(open("/proc/%d/status" % p["pid_outside"]).read().count("NSpid:\t%d\t%d\n" % (p["pid_outside"], p["pid_inside"])) for p in v["processes"])' True
	is 'sorted(p["command"] for p in v["processes"] if p["command"].startswith("sleep"))' "['sleep 30', 'sleep 31']"
	is 'all(p["uid_inside"] == 0 and p["uid_outside"] == '"$(id -u)"' for p in v["processes"])' True
	ended
}

@test "namespaces: its own and the host's, by number" {
	start --network host sleep 30
	seen one
	for kind in pid mnt ipc uts cgroup; do
		is "row('namespaces', '$kind')" "[('its own, $(stat -Lc %i "/proc/$first/ns/$kind")', '$(stat -Lc %i "/proc/self/ns/$kind")')]"
	done
	is "row('namespaces', 'net')" "[(\"the host's\", '$(stat -Lc %i /proc/self/ns/net)')]"
	is "row('network', 'all')" "[(\"the host's\", None)]"
	is 'v["unseen"]' '[]'
	ended
}

@test "mounts: what each shows on the host" {
	mkdir data
	start -v "$T/data:/data:ro" --tmpfs /scratch sleep 30
	seen one
	is 'row("mounts", "/data")' "[('$(findmnt -no FSTYPE -T "$T/data"), read only', '$T/data')]"
	is 'row("mounts", "/scratch")[0][1]' "the kernel's, for this container"
	is 'row("mounts", "/")[0][0]' 'overlay, writable'
	is 'row("mounts", "/")[0][1].startswith("'"$BASE"'; changes in '"$TARE_ROOT"'/containers/")' True
	is 'row("mounts", "/etc/hosts")[0][1].endswith("/hosts")' True
	ended
}

@test "rights: capabilities, filters" {
	start --cap-drop ALL --cap-add CHOWN --security-opt no-new-privileges sleep 30
	seen one
	is 'row("rights", "effective")[0][0], row("rights", "bounding")[0][0]' "('CAP_CHOWN', 'CAP_CHOWN')"
	is 'row("rights", "system call filters")[0][0] != "none"' True
	is 'row("rights", "no new privileges")' "[('yes', None)]"
	ended
}

@test "ports, and limits of each process" {
	start --ulimit nofile=100:200 nc -l -p 8080
	until_true eval 'tare view one | grep -q 8080'
	seen one
	is 'row("limits", "ulimit open files")[0][0]' '100, up to 200 files'
	is '"8080" in row("network", "listens on")[0][0]' True
	is 'row("network", "interfaces")[0][0].split(", ")[0]' lo
	ended
}

@test "the process of a container that nobody told tare of" {
	unshare -Urmpf --mount-proc --kill-child sleep 30 &
	local outer=$!
	until_true grep -q . "/proc/$outer/task/$outer/children"
	first=$(cat "/proc/$outer/task/$outer/children")
	first=${first% }
	until_true grep -qx sleep "/proc/$first/comm"
	seen "$first"
	is 'v["container"], v["pid"]' "(None, $first)"
	is '[(p["command"], p["pid_inside"], p["uid_inside"]) for p in v["processes"]]' "[('sleep 30', 1, 0)]"
	is "row('namespaces', 'net')[0][0]" "the host's"
	is "row('users', 'users')" "[('0', '$(id -u)')]"
	is "row('rights', 'effective')[0][1]" "over what its user namespace owns"
	kill -KILL "$first"
	wait "$outer" 2>/dev/null || true
}

@test "bubblewrap's" {
	command -v bwrap >/dev/null || skip "there is no bwrap"
	bwrap --ro-bind / / --proc /proc --dev /dev --bind "$T" /mnt --unshare-all --die-with-parent sleep 30 &
	local outer=$!
	until_true eval 'pgrep -P $(pgrep -P '"$outer"') -x sleep'
	first=$(pgrep -P "$(pgrep -P "$outer")" -x sleep)
	seen "pid:$first"
	is '[p["pid_inside"] for p in v["processes"]]' '[1, 2]'
	is 'row("mounts", "/mnt")[0][1]' "$T"
	kill -KILL "$outer"
	wait "$outer" 2>/dev/null || true
	until_true test ! -e "/proc/$first"
}

@test "what is hostile in /proc is shown, not obeyed" {
	start sh -c 'sleep 30; true' $'\e[31mred\e]0;title\a'
	ask tare view one
	code_is 0
	out_has '\x1b[31mred'
	! grep -q $'\e' .out
	script -qec "stty cols 60 rows 20; '$TARE' view one" /dev/null </dev/null >tty
	! grep -q $'\e\\[31m' tty
	# No line is wider than the terminal, but for the first, which is no row.
	sed '1d; s/\x1b\[[0-9;]*m//g; s/\r$//' tty >plain
	[ "$(LC_ALL=C.UTF-8 awk '{ if (length($0) > most) most = length($0) } END { print most }' plain)" -le 60 ]
	ended
}

@test "what is not there, or has ended" {
	ask tare view nothing
	refused "container 'nothing'"
	ask tare view 2147483647
	refused "process 2147483647"
	ask tare view pid:x
	refused "pid:NUMBER"
	ask tare run --name over --rootfs "$BASE" true
	ask tare view over
	refused "'over' does not run"
	tare rm over >/dev/null
	ask tare view
	refused "an argument is missing"
}
