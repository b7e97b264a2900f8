"""Prints what a container of an image would see, and how it would run: one line for each file, one for each setting.

usage: flatten.py docker-archive FILE [ARCHITECTURE] | oci DIRECTORY [ARCHITECTURE]

No code of Bindery's: the layers are unpacked by Python's tarfile, whiteouts applied here.
"""
import gzip, hashlib, io, json, sys, tarfile


class Archive:
    def __init__(self, path):
        self.tar = tarfile.open(path)

    def read(self, name):
        return self.tar.extractfile(name).read()


class Directory:
    def __init__(self, path):
        self.path = path

    def read(self, name):
        with open(self.path + "/" + name, "rb") as file:
            return file.read()


def blob(source, digest):
    return source.read("blobs/" + digest.replace(":", "/"))


def image(kind, path, architecture):
    if kind == "docker-archive":
        source = Archive(path)
        entry = json.loads(source.read("manifest.json"))[0]
        return json.loads(source.read(entry["Config"])), [source.read(name) for name in entry["Layers"]]
    source = Directory(path)
    document = json.loads(source.read("index.json"))
    while "manifests" in document:
        choices = document["manifests"]
        matching = [c for c in choices if c.get("platform", {}).get("architecture") == architecture]
        document = json.loads(blob(source, (matching or choices)[0]["digest"]))
    return json.loads(blob(source, document["config"]["digest"])), [blob(source, l["digest"]) for l in document["layers"] or []]


def flatten(layers):
    files = {}
    for layer in layers:
        if layer[:2] == b"\x1f\x8b":
            layer = gzip.decompress(layer)
        tar = tarfile.open(fileobj=io.BytesIO(layer))
        for entry in tar:
            path = entry.name.strip("/")
            if path in ("", "."):
                continue
            path = path[2:] if path.startswith("./") else path
            directory, _, name = path.rpartition("/")
            if name == ".wh..wh..opq":
                files = {p: f for p, f in files.items() if not p.startswith(directory + "/")}
                continue
            if name.startswith(".wh."):
                gone = (directory + "/" if directory else "") + name[4:]
                files = {p: f for p, f in files.items() if p != gone and not p.startswith(gone + "/")}
                continue
            if not entry.isdir():
                files = {p: f for p, f in files.items() if not p.startswith(path + "/")}
            if entry.isdir():
                what = "directory"
            elif entry.issym():
                what = "link to " + entry.linkname
            elif entry.islnk():
                what = files[entry.linkname.removeprefix("./").strip("/")][0]
            elif entry.ischr() or entry.isblk():
                what = f"{'character' if entry.ischr() else 'block'} device {entry.devmajor}:{entry.devminor}"
            elif entry.isfifo():
                what = "pipe"
            else:
                what = "file " + hashlib.sha256(tar.extractfile(entry).read()).hexdigest()[:16]
            files[path] = (what, entry.mode & 0o7777, entry.uid, entry.gid)
    return files


SETTINGS = ["Cmd", "Entrypoint", "Env", "ExposedPorts", "Healthcheck", "Labels", "Shell", "StopSignal", "User", "Volumes"]

config, layers = image(sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else "amd64")
for path, (what, mode, uid, gid) in sorted(flatten(layers).items()):
    print(f"/{path} {mode:04o} {uid}:{gid} {what}")
settings = config.get("config") or {}
# Buildah signs its work, and a context says what an engine ran.
for label in ("io.buildah.version", "dev.bindery.context.allow-run"):
    (settings.get("Labels") or {}).pop(label, None)
for name in SETTINGS:
    value = settings.get(name)
    if value:
        print(name, json.dumps(value, sort_keys=True))
# An engine takes a missing directory for the root.
print("WorkingDir", settings.get("WorkingDir") or "/")
print("Platform", config["os"], config["architecture"], "Author", config.get("author") or "")
