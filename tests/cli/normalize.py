#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""normalize.py - take out of hello's report what differs between any two containers

    normalize.py <REPORT.json

Replaced are process ids, times, the numbers of namespaces, mounts and devices, and the container's
id wherever it is part of a name or path. A mount that lies under another at the same place is left
out: no path leads to it, so mount(8), which a script uses, can't change it. All else is printed as it is, sorted, one value a line.
"""

import json
import re
import sys

# Keys, wherever they stand, whose numbers name a thing of this very start.
NUMBERS = re.compile(r"(^|_)(pid|ppid|time|uptime|started|microseconds|inode|device|dev|mount_id|parent_id)$")
FIRST_TIME = 4026531834
HOST_NUMBERS = ("parent", "process_group", "session")
TEXTS = [
    (re.compile(r"\b[0-9a-f]{64}\b"), "ID"),
    (re.compile(r"\b[0-9a-f]{32}\b"), "KEY"),
    (re.compile(r"\b[0-9a-f]{12}\b"), "SHORT-ID"),
    (re.compile(r"\b(mnt|pid|net|ipc|uts|cgroup|user|time):\[\d+\]"), r"\1:[N]"),
    (re.compile(r"/proc/\d+\b"), "/proc/PID"),
    (re.compile(r"/proc/self/fd/\d+\b"), "/proc/self/fd/N"),
]


def renumbered(mounts):
    """Mounts are numbered over all namespaces: each gets the place it has in the list instead."""
    places = {mount["id"]: place for place, mount in enumerate(mounts)}
    for place, mount in enumerate(mounts):
        mount["id"] = place
        mount["parent"] = places.get(mount["parent"], "outside")
    return mounts


def in_reach(mounts):
    targets = {mount["id"]: mount["target"] for mount in mounts}
    covered = {mount["parent"] for mount in mounts if targets.get(mount["parent"]) == mount["target"]}
    return [mount for mount in mounts if mount["id"] not in covered]


def plain(key, value):
    if key == "mounts" and isinstance(value, list):
        value = renumbered(in_reach(value))
    if key == "read_only" and isinstance(value, list):
        value = list(dict.fromkeys(value))
    if key == "namespaces":
        # The host's time namespace has a fixed number; the others are numbered anew at each start.
        return {name: value[name] if value[name] == FIRST_TIME else 0 for name in sorted(value)}
    if key == "device":
        return "N:N"
    if isinstance(value, dict):
        return {name: plain(name, value[name]) for name in sorted(value)}
    if isinstance(value, list):
        return [plain(key, item) for item in value]
    if isinstance(value, str):
        for pattern, word in TEXTS:
            value = pattern.sub(word, value)
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool) and NUMBERS.search(key):
        return 0
    if key in HOST_NUMBERS and isinstance(value, int) and value > 200:
        return "of the host"  # with --pid host; in a pid namespace they are small
    return value


json.dump(plain("", json.load(sys.stdin)), sys.stdout, indent=1)
print()
