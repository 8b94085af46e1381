# SPDX-License-Identifier: Apache-2.0
# doctor.bats - what the doctor says of the host it is on
load helpers

state_of() {
	ask tare doctor --format '{{.Name}} {{.State}} {{.Found}}'
	grep "^$1 " .out
}

@test "containers run here, and it says so" {
	ask tare doctor
	code_is 0
	err_is ""
	out_has "Containers run for "
	for subject in Host Users Limits Walls "File systems"; do
		out_has "$subject"
	done
}

@test "nothing is made, and nothing left" {
	ask tare doctor
	code_is 0
	[ ! -e "$TARE_ROOT" ] && [ ! -e "$TARE_RUNROOT" ]
}

@test "--json: each check with its state, and a line to type where one helps" {
	ask tare doctor --json
	code_is 0
	python3 - <<-'EOF'
		import json
		report = json.load(open(".out"))
		assert report["able"] is True
		for check in report["checks"]:
		    assert list(check) == ["name", "state", "fatal", "found", "use", "lost", "mend"], check
		    assert check["state"] in ("ok", "limited", "missing"), check
		    assert check["found"] and check["use"], check
		    assert check["state"] == "ok" or check["lost"], check
		    assert not check["fatal"], check
		assert len(report["checks"]) > 25
	EOF
}

@test "what it says is so" {
	[[ $(state_of kernel) == "kernel ok Linux $(uname -r | cut -d. -f1,2) "* ]]
	[[ $(state_of user-namespaces) == "user-namespaces ok "* ]]
	[[ $(state_of root) == "root ok $T: $(findmnt -no FSTYPE -T "$T"), "* ]]
	if [ "$TARE_AS" = single ]; then
		[[ $(state_of subordinate-ids) == "subordinate-ids missing "* ]]
	elif [ "$TARE_AS" = user ]; then
		[[ $(state_of subordinate-ids) == "subordinate-ids ok 65536 users from "* ]]
		[[ $(state_of overlay) == "overlay ok "* ]]
	fi
}

@test "a place that can't be written to: no container can run, exit 1" {
	[ "$TARE_AS" != root ] || skip "root may write everywhere"
	mkdir -m 555 closed
	ask tare --root "$T/closed/r" doctor
	code_is 1
	out_has "No container can run for this user"
	out_has "$T/closed: may not be written to"
	ask tare --root "$T/closed/r" run --rm --rootfs "$BASE:O" true
	code_is 125
}

@test "its options" {
	ask tare doctor --format '{{.Name}} {{.State}}' --json
	refused "--format" "--json"
	ask tare doctor --format '{{.Nmae}}'
	refused "Nmae" "did you mean .Name?"
	ask tare doctor x
	refused "one argument too many"
	ask tare doctor --format json
	code_is 0
	python3 -c 'import json; [json.loads(line) for line in open(".out")]'
}
