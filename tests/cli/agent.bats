# SPDX-License-Identifier: Apache-2.0
# Bundles whose seccomp profile leaves the answer to an agent outside.

load helpers
load bundle

# A profile that leaves mkdir to an agent.
ask_agent='c["linux"]["seccomp"] = {
	"defaultAction": "SCMP_ACT_ALLOW",
	"listenerPath": "agent",
	"listenerMetadata": "hello",
	"flags": ["SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_TSYNC"],
	"syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_NOTIFY"}]}'

@test "a seccomp agent gets the listener, and answers" {
	bundle -c "${ask_agent/\"agent\"/\"$T/agent\"}" -c 'c["annotations"] = {"a": "b"}' \
		sh -c 'mkdir /tmp/x; echo ok'
	python3 "$STAGE/cli/agent.py" agent 122 >heard &
	until_true test -S agent
	make --pid-file pid web
	until_true grep -q hello heard
	pid=$(<pid)
	for part in '"fds": ["seccompFd"]' '"metadata": "hello"' '"id": "web"' '"a": "b"' \
		'"status": "creating"' "\"pid\": $pid, \"state\"" \
		"\"bundle\": \"$(realpath bundle)\""; do
		grep -qF "$part" heard
	done
	oci start web
	until_true status_is web stopped
	wait
	grep -q "mkdir.*quota exceeded" web.out
	grep -qx ok web.out
	grep -q '^call' heard
	oci delete web
}

@test "a seccomp agent that is not there, or not named" {
	bundle -c "${ask_agent/\"agent\"/\"$T/agent\"}" true
	ask oci create -b bundle web
	code_is 1
	err_has "seccomp agent at '$T/agent': No such file"
	bundle -c "$ask_agent" -c 'del c["linux"]["seccomp"]["listenerPath"]' \
		-c 'del c["linux"]["seccomp"]["listenerMetadata"]' true
	ask oci create -b bundle web
	code_is 1
	err_has "SCMP_ACT_NOTIFY without a listenerPath"
	bundle -c "$ask_agent" -c 'c["linux"]["seccomp"]["syscalls"][0]["names"] = ["sendmsg"]' true
	ask oci create -b bundle web
	code_is 1
	err_has "SCMP_ACT_NOTIFY can't be the answer to sendmsg"
	[ -z "$(ls oci)" ]
}
