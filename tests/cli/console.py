# SPDX-License-Identifier: Apache-2.0
# console.py - take one terminal at a console socket, and print what it shows
#
#   console.py SOCKET
import array
import os
import socket
import sys

listener = socket.socket(socket.AF_UNIX)
listener.settimeout(20)
listener.bind(sys.argv[1])
listener.listen(1)
connection, _ = listener.accept()
_, ancillary, _, _ = connection.recvmsg(4096, socket.CMSG_SPACE(4))
master = array.array("i", ancillary[0][2])[0]
try:
    while data := os.read(master, 4096):
        sys.stdout.buffer.write(data)
except OSError:
    pass  # the container's end was closed
