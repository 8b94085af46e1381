# SPDX-License-Identifier: Apache-2.0
# tare-oci's commands that look: list, ps, features; spec, which writes a document; kill --all.

load helpers
load bundle

@test "list: a table, ids, JSON; broken records are told and passed over" {
	ask oci list
	code_is 0
	out_has "ID          PID         STATUS      BUNDLE      CREATED     OWNER"
	ask oci list -f json
	out_is '[]'
	bundle -c 'c["annotations"] = {"a": "b"}' sleep 30
	make two
	make one
	oci start one
	mkdir oci/broken
	echo '{' >oci/broken/record
	ask oci list
	code_is 0
	err_has "container 'broken' is left out"
	[ "$(sed -n 's/ .*//p' .out | tr '\n' ' ')" = "ID one two " ]
	[[ $out == *running*$(realpath bundle)*created* ]]
	ask oci list -q
	out_is $'one\ntwo'
	oci list -f json 2>/dev/null | python3 -c '
import json, sys
one, two = json.load(sys.stdin)
assert one["status"] == "running" and two["status"] == "created", (one, two)
assert set(one) == {"ociVersion", "id", "pid", "status", "bundle", "rootfs", "created", "annotations", "owner"}
assert one["pid"] > 0 and one["annotations"] == {"a": "b"}'
	ask oci list -f yaml
	code_is 1
	err_has "table or json"
	oci delete -f one
	oci delete two
}

@test "spec writes a document that runs, and only one" {
	mkdir bundle
	cp -al "$BASE" bundle/rootfs
	rootless=$([ "$(id -u)" = 0 ] || echo --rootless)
	oci spec -b bundle $rootless
	sed -i 's/"terminal": true/"terminal": false/; s/"sh"/"hostname"/' bundle/config.json
	ask oci run -b bundle web
	code_is 0
	out_is tare
	ask oci spec -b bundle
	code_is 1
	err_has "its config.json is there already"
	ask oci spec -b nothing
	code_is 1
	err_has "bundle 'nothing'"
}

@test "features tells what there is" {
	oci features | python3 -c '
import json, sys
f = json.load(sys.stdin)
assert f["ociVersionMin"] == "1.0.0" and f["ociVersionMax"].startswith("1.3")
assert len(f["hooks"]) == 6
assert "rro" in f["mountOptions"] and "copyup" not in f["mountOptions"]
linux = f["linux"]
assert "time" in linux["namespaces"] and "CAP_BPF" in linux["capabilities"]
assert linux["seccomp"]["enabled"] and "SCMP_ARCH_X86_64" in linux["seccomp"]["archs"]
assert linux["cgroup"]["v1"] and linux["cgroup"]["v2"] and linux["cgroup"]["systemd"]
assert not linux["intelRdt"]["enabled"] and linux["mountExtensions"]["idmap"]["enabled"]'
}

@test "ps shows a container's processes and no others" {
	bundle sh -c 'sleep 31 & sleep 32 & wait'
	make web
	oci start web
	until_true sh -c '[ "$('"$(dirname "$TARE")/tare-oci"' --root oci ps -f json web | tr , "\n" | wc -l)" = 3 ]'
	ask oci ps web
	code_is 0
	out_has 'sleep 31'
	out_has 'sleep 32'
	out_lacks bats
	ask oci ps web -o pid,args
	out_lacks UID
	ask oci ps web -o args
	code_is 1
	err_has "it shows no column PID"
	oci kill --all web KILL
	until_true status_is web stopped
	oci delete web
}

@test "checkpoint, restore and kill --regex are refused by name" {
	for command in checkpoint restore; do
		ask oci "$command" web
		code_is 1
		err_has "$command: "
		err_has "CRIU"
	done
	ask oci kill --regex '.*' TERM
	code_is 1
	err_has "--regex: never"
}

@test "delete --regex takes all that match, and tells of each that stays" {
	bundle sleep 30
	make web1
	make web2
	make other
	oci start web1
	ask oci delete --regex '^web[0-9]$'
	code_is 1
	err_has "container 'web1' is running"
	ask oci list -q
	out_is $'other\nweb1'
	ask oci delete --regex 'w('
	code_is 1
	err_has "--regex 'w(': "
	ask oci delete -f --regex 'none|^web'
	code_is 0
	ask oci delete -f --regex o.h
	code_is 0
	[ -z "$(ls oci)" ]
}

@test "tare oci is tare-oci" {
	ask tare oci --root "$T/oci" run -b nothing web
	code_is 1
	err_has "tare-oci: bundle 'nothing'"
	ask tare oci --version
	out_has "tare-oci version"
}
