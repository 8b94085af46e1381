#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""layout.py - OCI image layouts for the tests, good ones and such that lie

    layout.py DIR KIND [KEY=VALUE…]

Makes the layout DIR with an image of the root file system in $BASE, called "web". KIND is "good" or
one of the functions below that spoil something. KEY=VALUE sets a key of the image's config, its
value JSON. With DIR ending in .tar it is an archive.
"""

import gzip
import hashlib
import io
import json
import os
import shutil
import sys
import tarfile

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar"
ZEROS = "sha256:" + "0" * 64


class Layout:
    def __init__(self, directory):
        self.directory = directory
        self.blobs = os.path.join(directory, "blobs/sha256")
        os.makedirs(self.blobs)
        self.write("oci-layout", b'{"imageLayoutVersion":"1.0.0"}')

    def write(self, name, content):
        with open(os.path.join(self.directory, name), "wb") as file:
            file.write(content)

    def blob(self, content, media_type, **more):
        if not isinstance(content, bytes):
            content = json.dumps(content).encode()
        digest = hashlib.sha256(content).hexdigest()
        with open(os.path.join(self.blobs, digest), "wb") as file:
            file.write(content)
        return {"mediaType": media_type, "digest": "sha256:" + digest, "size": len(content), **more}

    def path(self, descriptor):
        return os.path.join(self.blobs, descriptor["digest"][7:])

    def index(self, *entries, **more):
        text = {"schemaVersion": 2, "manifests": list(entries), **more}
        self.write("index.json", json.dumps(text).encode())


def tar_of(add):
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w", format=tarfile.PAX_FORMAT) as tar:
        add(tar)
    return content.getvalue()


def base_tar():
    def add(tar):
        def root(entry):
            entry.uid = entry.gid = 0
            entry.uname = entry.gname = ""
            return entry
        tar.add(os.environ["BASE"], arcname=".", filter=root)
    return tar_of(add)


def file_tar(name, text):
    def add(tar):
        entry = tarfile.TarInfo(name)
        entry.size = len(text)
        entry.mode = 0o644
        entry.mtime = 1000000000
        tar.addfile(entry, io.BytesIO(text.encode()))
    return tar_of(add)


def diff_id(tar):
    return "sha256:" + hashlib.sha256(tar).hexdigest()


class Image:
    """The parts of an image, spoilt before they are put together."""

    def __init__(self, layout, keys, tars=None):
        self.layout = layout
        self.tars = tars or [base_tar()]
        self.layers = [layout.blob(tar, LAYER) for tar in self.tars]
        self.config = {
            "architecture": "amd64" if os.uname().machine == "x86_64" else "arm64", "os": "linux",
            "config": {"Cmd": ["/bin/sh", "-c", "echo it runs"], **keys},
            "rootfs": {"type": "layers", "diff_ids": [diff_id(tar) for tar in self.tars]},
        }
        self.config_type = CONFIG
        self.manifest = {"schemaVersion": 2, "mediaType": MANIFEST}
        self.entry = {"annotations": {"org.opencontainers.image.ref.name": "web"}}

    def put_manifest(self):
        config = self.layout.blob(self.config, self.config_type)
        manifest = {"config": config, "layers": self.layers, **self.manifest}
        entry = self.layout.blob(manifest, manifest.get("mediaType") or MANIFEST)
        return config, entry

    def put(self):
        config, entry = self.put_manifest()
        self.layout.index({**entry, **self.entry})
        return config, entry


def change_byte(path):
    """One in the middle: of a layer, in a file's content."""
    with open(path, "r+b") as file:
        middle = os.path.getsize(path) // 2
        file.seek(middle)
        byte = file.read(1)
        file.seek(middle)
        file.write(bytes([byte[0] ^ 1]))


def good(image):
    image.put()


def compressed(image):
    image.layers = [image.layout.blob(gzip.compress(tar), LAYER + "+gzip") for tar in image.tars]
    image.put()


def docker(image):
    image.config_type = "application/vnd.docker.container.image.v1+json"
    image.manifest["mediaType"] = "application/vnd.docker.distribution.manifest.v2+json"
    image.layers = [image.layout.blob(gzip.compress(tar),
                                      "application/vnd.docker.image.rootfs.diff.tar.gzip")
                    for tar in image.tars]
    image.put()


def platforms(image):
    """An index in the index: one image for this machine, one for another, an attestation."""
    mine = image.config["architecture"]
    entries = []
    for architecture in ("s390x", mine):
        image.config["architecture"] = architecture
        _, entry = image.put_manifest()
        entries.append({**entry, "platform": {"os": "linux", "architecture": architecture}})
    entries.append({**entries[0], "platform": {"os": "unknown", "architecture": "unknown"}})
    inner = image.layout.blob({"schemaVersion": 2, "mediaType": INDEX, "manifests": entries}, INDEX)
    image.layout.index({**inner, **image.entry})


def foreign(image):
    image.config["architecture"] = "s390x"
    image.put()


def two(image):
    _, one = image.put()
    image.config["config"]["Cmd"] = ["/bin/echo", "the other"]
    _, other = image.put_manifest()
    image.layout.index({**one, **image.entry}, {
        **other, "annotations": {"org.opencontainers.image.ref.name": "docker.io/library/db:2"}})


def wrong_layer(image):
    image.put()
    change_byte(image.layout.path(image.layers[0]))


def wrong_config(image):
    config, _ = image.put()
    change_byte(image.layout.path(config))


def wrong_manifest(image):
    _, entry = image.put()
    change_byte(image.layout.path(entry))


def wrong_index(image):
    platforms(image)
    with open(os.path.join(image.layout.directory, "index.json"), encoding="utf-8") as file:
        change_byte(image.layout.path(json.load(file)["manifests"][0]))


def wrong_diff_id(image):
    image.config["rootfs"]["diff_ids"] = [ZEROS]
    image.put()


def wrong_size(image):
    image.layers[0]["size"] += 1
    image.put()


def missing_layer(image):
    image.put()
    os.unlink(image.layout.path(image.layers[0]))


def cut_layer(image):
    tar = image.tars[0][:-12000]
    image.layers = [image.layout.blob(tar, LAYER)]
    image.config["rootfs"]["diff_ids"] = [diff_id(tar)]
    image.put()


def both(image):
    image.manifest["manifests"] = []
    image.put()


def both_index(image):
    _, entry = image.put()
    image.layout.index({**entry, **image.entry}, layers=[], config=entry)


def itself(image):
    """An index that lists a blob which, were its digest believed, is that index."""
    text = json.dumps({"schemaVersion": 2, "manifests": [
        {"mediaType": INDEX, "digest": ZEROS, "size": 200}]}).ljust(200)
    with open(os.path.join(image.layout.blobs, "0" * 64), "w", encoding="utf-8") as file:
        file.write(text)
    image.layout.write("index.json", text.encode())


def deep(image):
    _, entry = image.put_manifest()
    for _ in range(30):
        entry = image.layout.blob({"schemaVersion": 2, "manifests": [entry]}, INDEX)
    image.layout.index({**entry, **image.entry})


def schema1(image):
    text = {"schemaVersion": 1, "name": "web", "tag": "latest", "fsLayers": [], "history": []}
    entry = image.layout.blob(text, "application/vnd.docker.distribution.manifest.v1+prettyjws")
    image.layout.index({**entry, **image.entry})


def null_config(image):
    image.manifest["config"] = None
    image.put()


def no_run_config(image):
    image.config["config"] = None
    image.put()


def short_history(image):
    image.config["history"] = []
    image.put()


def artifact(image):
    image.config_type = "application/vnd.cncf.helm.config.v1+json"
    image.put()


def bad_digest(image):
    image.layers[0]["digest"] = "sha256:../../../../etc/passwd"
    image.put()


def no_layout(image):
    image.put()
    os.unlink(os.path.join(image.layout.directory, "oci-layout"))


def layers(image):
    """As many layers as $LAYERS says, each with a file, and one that they all write."""
    tars = [base_tar()]
    for i in range(1, int(os.environ["LAYERS"])):
        def add(tar, i=i):
            for name, text in ((f"layer{i}", f"{i}\n"), ("top", f"{i}\n")):
                entry = tarfile.TarInfo(name)
                entry.size = len(text)
                entry.mtime = 1000000000
                tar.addfile(entry, io.BytesIO(text.encode()))
        tars.append(tar_of(add))
    good(Image(image.layout, image.config["config"], tars))


def main():
    target, kind = sys.argv[1:3]
    keys = {}
    for pair in sys.argv[3:]:
        key, _, value = pair.partition("=")
        keys[key] = json.loads(value)
    directory = target + ".d" if target.endswith(".tar") else target
    image = Image(Layout(directory), keys)
    globals()[kind.replace("-", "_")](image)
    if directory != target:
        with tarfile.open(target, "w", format=tarfile.USTAR_FORMAT) as tar:
            tar.add(directory, arcname=".")
        shutil.rmtree(directory)


main()
