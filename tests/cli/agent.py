# SPDX-License-Identifier: Apache-2.0
# agent.py - a seccomp agent: takes one listener at a socket, refuses what it hears of
#
#   agent.py SOCKET ERRNO
#
# Prints the document that came with the listener, then a line for each call that it answers with
# ERRNO, until nobody is left who could make one.
import array
import fcntl
import json
import select
import socket
import struct
import sys

RECEIVE, SEND = 0xC0502100, 0xC0182101  # of struct seccomp_notif, struct seccomp_notif_resp

at = socket.socket(socket.AF_UNIX)
at.settimeout(20)
at.bind(sys.argv[1])
at.listen(1)
connection, _ = at.accept()
text, ancillary, _, _ = connection.recvmsg(65536, socket.CMSG_SPACE(4))
listener = array.array("i", ancillary[0][2])[0]
while more := connection.recv(65536):
    text += more
print(json.dumps(json.loads(text), sort_keys=True), flush=True)
poll = select.poll()
poll.register(listener, select.POLLIN)
while poll.poll(20000) and poll.poll(0)[0][1] & select.POLLIN:
    heard = fcntl.ioctl(listener, RECEIVE, bytes(80))
    ident, _, _, number = struct.unpack_from("QIIi", heard)
    print("call", number, flush=True)
    fcntl.ioctl(listener, SEND, struct.pack("Qqii", ident, 0, -int(sys.argv[2]), 0))
