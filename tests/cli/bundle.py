# SPDX-License-Identifier: Apache-2.0
# bundle.py - write the config.json of a test's bundle
#
#   bundle.py [-c CHANGE]… PROGRAM [ARG…] >config.json
#
# A CHANGE is a line of Python about the document `c`: 'c["hostname"] = "web"'. As an ordinary user
# the document has a user namespace in which the user is root.
import json
import os
import sys

CAPABILITIES = ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"]
QUIET = ["nosuid", "noexec", "nodev"]

changes, args = [], sys.argv[1:]
while args[0] == "-c":
    changes.append(args[1])
    args = args[2:]

c = {
    "ociVersion": "1.2.1",
    "process": {
        "user": {"uid": 0, "gid": 0},
        "args": args,
        "env": ["PATH=/bin:/usr/bin"],
        "cwd": "/",
        "capabilities": {
            kind: CAPABILITIES for kind in ("bounding", "effective", "permitted")
        },
        "noNewPrivileges": True,
    },
    "root": {"path": "rootfs"},
    "hostname": "bundle",
    "mounts": [
        {"destination": "/proc", "type": "proc", "source": "proc"},
        {"destination": "/dev", "type": "tmpfs", "source": "tmpfs",
         "options": ["nosuid", "strictatime", "mode=755", "size=65536k"]},
        {"destination": "/dev/pts", "type": "devpts", "source": "devpts",
         "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"]},
        {"destination": "/sys", "type": "sysfs", "source": "sysfs", "options": QUIET + ["ro"]},
    ],
    "linux": {
        "namespaces": [
            {"type": kind} for kind in ("pid", "network", "ipc", "uts", "mount")
        ],
        "maskedPaths": ["/proc/kcore"],
        "readonlyPaths": ["/proc/sys"],
    },
}
if os.geteuid():
    c["linux"]["namespaces"].append({"type": "user"})
    for key, number in (("uidMappings", os.geteuid()), ("gidMappings", os.getegid())):
        c["linux"][key] = [{"containerID": 0, "hostID": number, "size": 1}]
for change in changes:
    exec(change)
json.dump(c, sys.stdout)
