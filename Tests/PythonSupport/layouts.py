"""OCI layouts and Docker archives from raw parts: each document may be given as bytes."""

import gzip
import hashlib
import json
import os

import tarlayers

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar"
REF_NAME = "org.opencontainers.image.ref.name"


def sha256(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


def document(value):
    return value if isinstance(value, bytes) else json.dumps(value, separators=(",", ":")).encode()


def platform(architecture="amd64"):
    return {"architecture": architecture, "os": "linux"}


def config(layers, execution=None, architecture="amd64", **more):
    """The config of uncompressed layers."""
    return {
        **platform(architecture),
        "config": {"Entrypoint": ["/agent"]} if execution is None else execution,
        "rootfs": {"type": "layers", "diff_ids": [sha256(layer) for layer in layers]},
        **more,
    }


class Layout:
    """A layout in a directory."""

    def __init__(self, path):
        self.path = str(path)
        os.makedirs(self.path + "/blobs/sha256", exist_ok=True)
        self.write("oci-layout", b'{"imageLayoutVersion":"1.0.0"}')

    def write(self, name, data):
        with open(f"{self.path}/{name}", "wb") as out:
            out.write(data)

    def blob(self, data, media_type, **more):
        """Stores a blob; its descriptor."""
        data, digest = document(data), None
        digest = sha256(data)
        self.write("blobs/sha256/" + digest[7:], data)
        return {"mediaType": media_type, "digest": digest, "size": len(data), **more}

    def layer(self, data, compressed=False):
        if compressed:
            return self.blob(gzip.compress(data, 6, mtime=0), LAYER + "+gzip")
        return self.blob(data, LAYER)

    def image(self, layers, conf=None, compressed=False, manifest=None, **more):
        """The descriptor of an image's manifest. `conf` and `manifest` are whole documents; `more` goes to the descriptor."""
        conf = self.blob(config(layers) if conf is None else conf, CONFIG)
        if manifest is None:
            layers = [self.layer(layer, compressed) for layer in layers]
            manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": conf, "layers": layers}
        return self.blob(manifest, MANIFEST, **more)

    def index(self, manifests, **more):
        return self.blob({"schemaVersion": 2, "mediaType": INDEX, "manifests": manifests}, INDEX, **more)

    def publish(self, descriptor, tag="1"):
        """Names a descriptor in index.json; the image's reference."""
        named = {**descriptor, "annotations": {**descriptor.get("annotations", {}), REF_NAME: tag}}
        self.write("index.json", document({"schemaVersion": 2, "manifests": [named]}))
        return f"oci:{self.path}:{tag}"


def docker_archive(path, layers, conf=None, tag="demo/agent:1"):
    """An archive as `docker save` writes it."""
    conf = document(config(layers) if conf is None else conf)
    name = hashlib.sha256(conf).hexdigest() + ".json"
    names = [f"{hashlib.sha256(layer).hexdigest()}/layer.tar" for layer in layers]
    parts = [tarlayers.file(name, conf)]
    parts += [tarlayers.file(place, layer) for place, layer in zip(names, layers)]
    listing = document([{"Config": name, "RepoTags": [tag], "Layers": names}])
    parts.append(tarlayers.file("manifest.json", listing))
    with open(path, "wb") as out:
        out.write(tarlayers.archive(*parts))
    return f"docker-archive:{path}"
