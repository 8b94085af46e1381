# SPDX-License-Identifier: Apache-2.0
# traits.bats - what a process is given beside its program: umask, oom score, personality, sysctls
load helpers

@test "--umask is that of the program, and of nothing tare makes" {
	box --umask 0077 -w /made sh -c 'umask; stat -c %a /made /etc/hosts; touch /f; stat -c %a /f'
	code_is 0
	out_is "0077
755
644
600"
	box --umask 8 true
	refused "--umask '8'"
}

@test "--oom-score-adj: raised by anybody" {
	box --oom-score-adj 700 cat /proc/self/oom_score_adj
	code_is 0
	out_is 700
}

@test "--oom-score-adj: lowered, or refused with what it takes" {
	box --oom-score-adj -900 cat /proc/self/oom_score_adj
	if [ "$code" = 0 ]; then
		out_is -900
	else
		refused "-900" CAP_SYS_RESOURCE
	fi
	box --oom-score-adj 1001 true
	refused 1001
}

@test "--personality LINUX32 is seen by uname, and flags are there" {
	[ "$(uname -m)" = x86_64 ] || skip "another machine's names"
	box --personality linux32 uname -m
	code_is 0
	out_is i686
	box --personality ADDR_NO_RANDOMIZE sh -c 'uname -m; cat /proc/self/personality'
	code_is 0
	out_is "x86_64
00040000"
	box --personality BSD true
	refused BSD
}

@test "--domainname" {
	box --domainname example.org cat /proc/sys/kernel/domainname
	code_is 0
	out_is example.org
	box --domainname 'a
b' true
	code_is 125
}

@test "--sysctl: settings of the container's namespaces, not of the host" {
	local before=$(cat /proc/sys/net/ipv4/ip_unprivileged_port_start)
	box --sysctl net.ipv4.ip_unprivileged_port_start=77 --sysctl kernel.domainname=inside \
		cat /proc/sys/net/ipv4/ip_unprivileged_port_start /proc/sys/kernel/domainname
	code_is 0
	out_is "77
inside"
	[ "$(cat /proc/sys/net/ipv4/ip_unprivileged_port_start)" = "$before" ]
}

@test "--sysctl: what is the host's, smuggled or not there is refused" {
	local setting
	for setting in vm.swappiness=1 kernel.core_pattern=x kernel.hostname=x nonsense= =1 x \
		net.ipv4.ip_forward=1+kernel.core_pattern=x 'net.ipv4.ip_forward=1
2' net.ipv4.ip_forward=/x net/../vm/swappiness=1 net.ipv4..x=1; do
		box --sysctl "$setting" true
		refused sysctl
	done
	box --sysctl net.no.such.thing=1 true
	refused 'net/no/such/thing' 'has no such setting'
	box --sysctl net.ipv4.ip_forward=nonsense true
	refused 'does not take'
	box --network host --sysctl net.ipv4.ip_forward=1 true
	refused 'network namespace'
}
