#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""layers.py - an OCI image layout, or one tar, of layers written down line by line

    layers.py DIR <RECIPE         a layout: the root file system in $BASE, and layers over it
    layers.py FILE.tar <RECIPE    the first layer alone, as a tar

A line of the recipe is an entry, in order; "L1:" before it begins the first layer, and so on:

    TYPE MODE UID:GID NAME [-> TARGET] [key=value…] ["CONTENT"]

TYPE is F (file), D (directory), S (symbolic link), H (hard link), C and B (devices, TARGET being
MAJOR:MINOR), P (FIFO). key=value is a pax record. Nothing is checked: names may be as bad as the
test wants them. The time of every entry is 1000000000.
"""

import gzip
import hashlib
import json
import os
import re
import sys
import tarfile

TYPES = {"F": b"0", "H": b"1", "S": b"2", "C": b"3", "B": b"4", "D": b"5", "P": b"6"}
MEDIA = "application/vnd.oci.image."


def block(content):
    return content + b"\0" * (-len(content) % 512)


def record(key, value):
    rest = f" {key}={value}\n".encode()
    size = len(rest)
    while len(str(size)) + len(rest) != size:
        size = len(str(size)) + len(rest)
    return str(size).encode() + rest


def header(name, kind, size, **more):
    entry = tarfile.TarInfo("x")
    entry.type = kind
    entry.size = size
    entry.mtime = 1000000000
    for key, value in more.items():
        setattr(entry, key, value)
    made = bytearray(entry.tobuf(tarfile.USTAR_FORMAT))
    made[0:100] = name.encode()[:100].ljust(100, b"\0")  # as it is, and not as Python wants it
    made[148:156] = b" " * 8
    made[148:156] = b"%06o\0 " % sum(made)
    return bytes(made)


def entry(line):
    words = re.findall(r'"(?:[^"\\]|\\.)*"|\S+', line)
    kind, mode, owner, name = words[:4]
    name = name[1:-1] if name.startswith('"') else name
    words = words[4:]
    more = {"mode": int(mode, 8)}
    more["uid"], more["gid"] = (int(part) for part in owner.split(":"))
    content, records = b"", b""
    while words:
        word = words.pop(0)
        if word == "->":
            target = words.pop(0)
            if kind in "CB":
                more["devmajor"], more["devminor"] = (int(part) for part in target.split(":"))
            elif len(target) > 100:
                records += record("linkpath", target)
            else:
                more["linkname"] = target
        elif word.startswith('"'):
            content = word[1:-1].encode().decode("unicode_escape").encode("latin-1")
        else:
            records += record(*word.split("=", 1))
    if len(name) > 100:
        records += record("path", name)
    for key in ("uid", "gid"):
        if more[key] > 0o7777777:
            records += record(key, more[key])
            more[key] = 0
    made = b""
    if records:
        made = header("pax", b"x", len(records)) + block(records)
    return made + header(name, TYPES[kind], len(content), **more) + block(content)


def layers(recipe):
    made = []
    for line in recipe:
        line = line.strip()
        match = re.match(r"L\d+: *", line)
        if match:
            made.append(b"")
            line = line[match.end():]
        elif not made:
            made.append(b"")
        if line:
            made[-1] += entry(line)
    return [layer + b"\0" * 1024 for layer in made]


def base():
    import io
    content = io.BytesIO()

    def root(entry):
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = ""
        return entry
    with tarfile.open(fileobj=content, mode="w") as tar:
        tar.add(os.environ["BASE"], arcname=".", filter=root)
    return content.getvalue()


def blob(directory, content, kind):
    if not isinstance(content, bytes):
        content = json.dumps(content).encode()
    digest = hashlib.sha256(content).hexdigest()
    with open(os.path.join(directory, "blobs/sha256", digest), "wb") as file:
        file.write(content)
    return {"mediaType": MEDIA + kind, "digest": "sha256:" + digest, "size": len(content)}


def layout(directory, tars):
    os.makedirs(os.path.join(directory, "blobs/sha256"))
    ids = ["sha256:" + hashlib.sha256(tar).hexdigest() for tar in tars]
    config = {
        "architecture": "amd64" if os.uname().machine == "x86_64" else "arm64", "os": "linux",
        "config": {"Cmd": ["/bin/sh"]}, "rootfs": {"type": "layers", "diff_ids": ids},
    }
    manifest = {
        "schemaVersion": 2, "config": blob(directory, config, "config.v1+json"),
        "layers": [blob(directory, gzip.compress(tar, 1, mtime=0), "layer.v1.tar+gzip")
                   for tar in tars],
    }
    index = {"schemaVersion": 2, "manifests": [blob(directory, manifest, "manifest.v1+json")]}
    for name, text in (("oci-layout", {"imageLayoutVersion": "1.0.0"}), ("index.json", index)):
        with open(os.path.join(directory, name), "w", encoding="utf-8") as file:
            json.dump(text, file)


def main():
    tars = layers(sys.stdin)
    if sys.argv[1].endswith(".tar"):
        with open(sys.argv[1], "wb") as file:
            file.write(tars[0])
    else:
        layout(sys.argv[1], [base()] + tars)


main()
