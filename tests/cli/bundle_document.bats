# SPDX-License-Identifier: Apache-2.0
# What a bundle's document says, as the container's program finds it.

load helpers
load bundle

# runs: the bundle's container to its end; what it said is in $T/page.out.
runs() {
	make page
	oci start page
	until_true status_is page stopped
	oci delete page
}

@test "a filter that denies what the start itself calls comes last, and leaves no rights behind" {
	for strict in True False; do
		bundle -c "c['process']['noNewPrivileges'] = $strict" \
			-c 'c["linux"]["seccomp"] = {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{
				"names": ["openat2", "close_range", "accept4", "setresuid", "mkdir"],
				"action": "SCMP_ACT_ERRNO"}]}' \
			sh -c 'grep -E "Seccomp:|CapPrm:|CapEff:" /proc/self/status; mkdir /tmp/a'
		runs
		[ "$(sed -n 's/^Seccomp:\s*//p' page.out)" = 2 ]
		[ "$(grep -c '^Cap...:.*0000000020000420' page.out)" = 2 ]
		grep -q 'mkdir.*not permitted' page.out
	done
}

@test "a mount is known by the source that the document names" {
	bundle -c 'c["mounts"].append({"destination": "/tmp", "type": "tmpfs", "source": "a,b", "options": ["size=64k"]})' \
		grep ' /tmp ' /proc/self/mountinfo
	runs
	grep -q ' - tmpfs a,b .*size=64k' page.out
}

@test "mounts come in the document's order, those too that events of the host's reach" {
	printf '%s\n' 6.15 "$(uname -r)" | sort -CV || skip "of Linux 6.15"
	mkdir one
	mount --bind one one 2>/dev/null && mount --make-shared one || skip "an ordinary user's mounts are not shared"
	bundle -c "c['mounts'] += [
		{'destination': '/tmp/a', 'type': 'tmpfs', 'source': 'tmpfs'},
		{'destination': '/tmp/b', 'source': '$T/one', 'options': ['bind', 'slave']},
		{'destination': '/tmp/c', 'type': 'tmpfs', 'source': 'tmpfs'}]" \
		sh -c 'grep -o " /tmp/[abc] " /proc/self/mountinfo; grep " /tmp/b .*master:" /proc/self/mountinfo | wc -l'
	runs
	umount one
	[ "$(tr -d ' \n' <page.out)" = "/tmp/a/tmp/b/tmp/c1" ]
}

@test "a label for mounts says nothing where SELinux is off, and that is told" {
	[ ! -e /sys/fs/selinux/enforce ] || skip "SELinux is on"
	bundle -c 'c["linux"]["mountLabel"] = "system_u:object_r:container_file_t:s0"' true
	ask oci create -b bundle page
	code_is 0
	err_has "warning: linux.mountLabel: SELinux is off on this host"
	oci delete page
}

@test "one domain name with two values is refused" {
	bundle -c 'c["domainname"] = "here"' -c 'c["linux"]["sysctl"] = {"kernel.domainname": "there"}' true
	ask oci create -b bundle page
	code_is 1
	err_has "sysctl 'kernel.domainname=there': the domainname of the container is 'here'"
}

@test "what waits for its start holds nothing of its maker's open" {
	[ "$(id -u)" = 0 ] || skip "an ordinary user may not look into it then"
	bundle sleep 30
	read -r started < <(
		exec 7>&1
		oci create -b "$T/bundle" --pid-file pid page >page.out 2>&1 </dev/null
		echo made
	)
	[ "$started" = made ]
	for fd in /proc/"$(<pid)"/fd/*; do
		case $(readlink "$fd") in
		socket:* | /dev/null | */page.out) ;;
		*) echo "$fd: $(readlink "$fd")"; false ;;
		esac
	done
	oci delete page
}

@test "what is bound may be named as seen from the bundle" {
	mkdir -p bundle/given && echo inside >bundle/given/file
	bundle -c 'c["mounts"].append({"destination": "/tmp", "source": "given", "options": ["bind"]})' cat /tmp/file
	runs
	[ "$(<page.out)" = inside ]
}

@test "of a variable that is given twice the last counts, and an empty HOME is the user's" {
	bundle -c 'c["process"]["env"] += ["HOME=/first", "A=1", "A B=x", "HOME=", "A=2"]' env
	runs
	[ "$(grep -v '^PATH=' page.out | sort)" = "$(printf '%s\n' 'A B=x' A=2 HOME=/root)" ]
}

@test "what is masked twice is covered once; a /dev that is only read is filled before" {
	bundle -c 'c["linux"]["maskedPaths"] = ["/proc/keys", "/proc/fs", "/proc/keys", "/proc/fs"]' \
		-c 'm = next(m for m in c["mounts"] if m["destination"] == "/dev"); m["options"].append("ro")' \
		sh -c 'grep -c " /proc/keys " /proc/self/mountinfo; grep -c " /proc/fs " /proc/self/mountinfo
			echo x >/dev/null && ls -d /dev/pts; touch /dev/new'
	runs
	[ "$(head -3 page.out | tr '\n' ' ')" = "1 1 /dev/pts " ]
	grep -q 'Read-only file system' page.out
}
