# SPDX-License-Identifier: Apache-2.0
# What a service manager gives to a service reaches the program in a bundle's container.

load helpers
load bundle

@test "sockets that were opened for a service go along, and the one it says 'ready' to" {
	bundle -c 'c["process"]["env"].append("LISTEN_PID=77")' \
		sh -c 'env | grep -E "^(LISTEN|NOTIFY)" | sort; cat <&3; cat <&4; test -S "$NOTIFY_SOCKET" && echo socket'
	python3 -c 'import socket, sys; s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.bind(sys.argv[1])' "$T/ready"
	echo one >one
	echo two >two
	LISTEN_FDS=1 LISTEN_PID=5 LISTEN_FDNAMES=web NOTIFY_SOCKET="$T/ready" \
		make --preserve-fds 1 act1 3<one 4<two
	oci start act1
	until_true status_is act1 stopped
	oci delete act1
	[ "$(<act1.out)" = "LISTEN_FDNAMES=web
LISTEN_FDS=1
LISTEN_PID=1
NOTIFY_SOCKET=/run/notify/notify.sock
one
two
socket" ]
}

@test "what can't be passed on is told" {
	bundle sh -c 'env | grep -c NOTIFY'
	NOTIFY_SOCKET=@abstract ask oci create -b bundle act2
	code_is 0
	err_has "NOTIFY_SOCKET '@abstract': not passed on"
	oci delete act2
	LISTEN_FDS=many ask oci create -b bundle act2
	code_is 1
	err_has "LISTEN_FDS 'many'"
}
