# SPDX-License-Identifier: Apache-2.0
# etc.bats - /etc/hosts, resolv.conf, hostname and localtime
load helpers

@test "--add-host: lines of hosts, in all forms" {
	box --add-host db:10.0.0.5 --add-host 'six=[::2]' --add-host 'a;b:10.0.0.6' cat /etc/hosts
	code_is 0
	out_has "10.0.0.5	db"
	out_has "::2	six"
	out_has "10.0.0.6	a
10.0.0.6	b"
	out_has localhost
	box --network host --add-host db:10.0.0.5 cat /etc/hosts
	code_is 0
	[ "$out" = "$(cat /etc/hosts)
10.0.0.5	db" ] || shown
}

@test "--add-host: host-gateway is not yet, nonsense is refused" {
	box --add-host h:host-gateway true
	refused 'host-gateway' 'not yet'
	box --add-host 'x:1.2.3.4
6.6.6.6 y' true
	refused --add-host
	box --no-hosts --add-host x:1.2.3.4 true
	refused --no-hosts
}

@test "--dns, --dns-search, --dns-option take the place of the host's lines" {
	box --dns 192.0.2.1 --dns 2001:db8::1 --dns-search example.org --dns-search b.test \
		--dns-option ndots:3 cat /etc/resolv.conf
	code_is 0
	[ "$(printf '%s\n' "$out" | grep -v '^#')" = "nameserver 192.0.2.1
nameserver 2001:db8::1
search example.org b.test
options ndots:3" ] || shown
	box --dns-search . cat /etc/resolv.conf
	code_is 0
	out_lacks search
	box --dns 300.1.1.1 true
	refused 300.1.1.1
	box --dns-opt 'a b' true
	refused 'a b'
}

@test "--no-hosts, --no-hostname and --dns none leave the root's files alone" {
	rootfs
	local name
	for name in hosts hostname resolv.conf; do
		rm "$T/rootfs/etc/$name"
		echo "of the root" >"$T/rootfs/etc/$name"
	done
	ask tare run --rm --rootfs "$T/rootfs" --no-hosts --no-hostname --dns none \
		cat /etc/hosts /etc/hostname /etc/resolv.conf
	code_is 0
	out_is "of the root
of the root
of the root"
}

@test "--hosts-file: what /etc/hosts begins with" {
	printf '10.1.1.1\tone' >given
	box --hosts-file given --add-host two:10.1.1.2 cat /etc/hosts
	code_is 0
	out_is $'10.1.1.1\tone\n10.1.1.2\ttwo'
	box --hosts-file none --network host head -n 1 /etc/hosts
	out_is $'127.0.0.1\tlocalhost'
	rootfs
	rm -f "$T/rootfs/etc/hosts"
	echo "of the root" >"$T/rootfs/etc/hosts"
	ask tare run --rm --rootfs "$T/rootfs" --hosts-file image cat /etc/hosts
	out_is "of the root"
	box --hosts-file missing true
	refused "--hosts-file 'missing'"
	box --hosts-file /etc true
	refused 'not a regular file'
	box --hosts-file given --no-hosts true
	refused --no-hosts
}

@test "--tz: the zone's file, read only; what is no zone" {
	[ -e /usr/share/zoneinfo/Asia/Tokyo ] || skip "this host has no zones"
	box --tz Asia/Tokyo sh -c 'cat /etc/localtime; echo x >>/etc/localtime'
	cmp -s .out /usr/share/zoneinfo/Asia/Tokyo || shown
	err_has localtime
	local zone
	for zone in ../../../etc/passwd /etc/passwd Nowhere/City '' posix tzdata.zi; do
		box --tz "$zone" true
		refused --tz
	done
	box --tz UTC --tmpfs /etc/localtime true
	code_is 125
}
