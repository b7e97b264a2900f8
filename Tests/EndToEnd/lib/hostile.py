"""hostile.py PROGRAM OUT: an image layout of PROGRAM and of files whose names, links, config and annotations try to make
lines, columns and commands of their own; OUT.docker.tar is the same for docker-archive:."""
import hashlib
import io
import json
import os
import sys
import tarfile

program, out = sys.argv[1:]
NAMES = [
    b"y\nFORGED line", b"x\n::stop-commands::FORGED", b"z\r\n::error::FORGED", b"w\n##[error]FORGED", b"::error::FORGED",
    b" ::error::FORGED", b"a ##[error]FORGED", b"##vso[task.x]FORGED", "v\u2028::warning::FORGED".encode(),
    "p\u2029FORGED".encode(), "r\u202egpj.exe".encode(), "i\u2066x\u2069\u061c\u200e".encode(), "c\u0085\u009b2J".encode(),
    b"t\tFORGED", b"e\x1b[2J\x07\x7f", b"n\xff\xfe\nFORGED", b"b\\nFORGED", b"<a href=x>|`[x](y)$z$@everyone", "f\ufeffx".encode(),
]
with open(program, "rb") as file:
    agent = file.read()
layer = io.BytesIO()
with tarfile.open(fileobj=layer, mode="w", encoding="utf-8", errors="surrogateescape") as tar:
    def add(name, data, mode=0o755, link=None):
        item = tarfile.TarInfo(name.decode("utf-8", "surrogateescape"))
        item.mode = mode
        if link is None:
            item.size = len(data)
            tar.addfile(item, io.BytesIO(data))
        else:
            item.type = tarfile.SYMTYPE
            item.linkname = link.decode("utf-8", "surrogateescape")
            tar.addfile(item)
    add(b"agent", agent)
    for number, name in enumerate(NAMES):
        add(b"opt/" + name, b"#!/bin/sh\n%d" % number, 0o4755)
        add(b"%d" % number, b"", link=name)
        add(name, agent[:-1] + bytes([number]))
layer = layer.getvalue()


def blob(data):
    digest = hashlib.sha256(data).hexdigest()
    os.makedirs(out + "/blobs/sha256", exist_ok=True)
    with open(out + "/blobs/sha256/" + digest, "wb") as file:
        file.write(data)
    return {"digest": "sha256:" + digest, "size": len(data)}


text = "\n::error::FORGED\u2028\u202e\x1b[2J"
config = {
    "architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(layer).hexdigest()]},
    "config": {"Entrypoint": ["/agent" + text], "Env": ["PATH=/x" + text], "Labels": {"a" + text: text}, "User": text},
    "history": [{"created_by": text, "comment": text}],
}
annotations = {"org.opencontainers.image.base.name": text, "x" + text: text, "org.opencontainers.image.version": text}
config = json.dumps(config).encode()
manifest = {
    "schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
    "config": {"mediaType": "application/vnd.oci.image.config.v1+json", **blob(config)},
    "layers": [{"mediaType": "application/vnd.oci.image.layer.v1.tar", **blob(layer), "annotations": annotations}],
    "annotations": annotations,
}
entry = {"mediaType": manifest["mediaType"], **blob(json.dumps(manifest).encode()), "annotations": annotations}
for path, data in [("index.json", {"schemaVersion": 2, "manifests": [entry]}), ("oci-layout", {"imageLayoutVersion": "1.0.0"})]:
    with open(out + "/" + path, "w", encoding="utf-8") as file:
        json.dump(data, file)
with tarfile.open(out + ".docker.tar", "w") as tar:
    for name, data in [("c.json", config), ("l.tar", layer),
                       ("manifest.json", json.dumps([{"Config": "c.json", "RepoTags": [text], "Layers": ["l.tar"]}]).encode())]:
        item = tarfile.TarInfo(name)
        item.size = len(data)
        tar.addfile(item, io.BytesIO(data))
os.mkdir(out + ".files")
for number, name in enumerate(NAMES):
    with open(os.fsencode(out + ".files/") + name, "wb") as file:
        file.write(agent[:-1] + bytes([number]))
