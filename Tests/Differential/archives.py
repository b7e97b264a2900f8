"""Docker archives that readers take in different ways, and others that only look odd."""

import json
import os

import layouts
import tarlayers
from layouts import sha256


class Image:
    """An archive in a directory of its own."""

    def __init__(self, path, tag, items, layers, conf, words):
        os.makedirs(path)
        self.path, self.tag, self.words = path, tag, words
        self.archive = path + "/image.tar"
        self.reference = f"docker-archive:{self.archive}"
        self.layers, self.conf = layers, conf
        self.texts = [b", ".join(name.encode() for name, _ in items)]
        with open(self.archive, "wb") as file:
            file.write(tarlayers.archive(*[part for _, part in items]))


def archive(trial, random):
    """An odd archive; its name among the images of the run."""
    name = f"a{next(trial.numbers)}"
    tag = f"demo/{name}:1"
    layers = {which: tarlayers.archive(tarlayers.file(which, which.encode(), 0o755), tarlayers.file("same", which.encode()))
              for which in ["good", "evil"]}
    confs = {which: layouts.document(layouts.config([layer], {"Entrypoint": ["/" + which]})) for which, layer in layers.items()}
    names = {which: sha256(layer)[7:] + "/layer.tar" for which, layer in layers.items()}
    conf_names = {which: sha256(conf)[7:] + ".json" for which, conf in confs.items()}

    def listing(which, tags=(tag,)):
        return {"Config": conf_names[which], "RepoTags": list(tags), "Layers": [names[which]]}

    def file(path, data):
        return path, tarlayers.file(path, data)

    parts = [file(conf_names["good"], confs["good"]), file(names["good"], layers["good"]), file(conf_names["evil"], confs["evil"]),
             file(names["evil"], layers["evil"])]
    manifest = [file("manifest.json", layouts.document([listing("good")]))]
    layer, conf = names["good"], conf_names["good"]
    place = random.choice([0, 1, 2, 3, 4])

    def spelt(path):
        return random.choice([path, "./" + path, path.replace("/", "//"), "x/../" + path, "/" + path])

    def twice():
        target, data = random.choice([(layer, layers["evil"]), (conf, confs["evil"]), ("manifest.json", layouts.document([listing("evil")]))])
        both = parts + manifest
        both.insert(random.choice([0, len(both)]), file(spelt(target), data))
        return f"{target} twice", both

    def link():
        # The layer's name is a link to another layer, which stands before or behind it.
        kind = random.choice([tarlayers.symlink, tarlayers.hard_link])
        target = random.choice(["good.tar", "evil.tar"])
        up = "../" if kind is tarlayers.symlink else ""
        rest = [part for part in parts if part[0] != layer] + [file("good.tar", layers["good"]), file("evil.tar", layers["evil"])]
        both = rest + manifest
        both.insert(random.randint(0, len(both)), (layer, kind(layer, up + target)))
        return f"{layer} is a {kind.__name__} to {target}", both

    def replaced():
        both = [part for part in parts if part[0] != layer] + [file("other.tar", layers["good"]),
                (layer, tarlayers.symlink(layer, "../other.tar")), file("other.tar", layers["evil"])]
        return "a link's target is replaced behind it", both + manifest

    def linked_directory():
        above = layer.partition("/")[0]
        both = [part for part in parts if part[0] != layer] + [file("real/layer.tar", layers["good"]), (above, tarlayers.symlink(above, "real"))]
        return "a linked directory", both + manifest

    def member():
        value = json.dumps(listing("good"))
        key = random.choice(["Layers", "Config", "RepoTags"])
        spelling = random.choice([key, key.lower(), key.upper(), key.replace("s", "\u017f")])
        text = json.dumps(spelling, ensure_ascii=False) + ": " + json.dumps(listing("evil")[key])
        value = value[:-1] + ", " + text + "}" if random.random() < 0.5 else "{" + text + ", " + value[1:]
        return f"manifest.json: {key} as {ascii(spelling)}", parts + [file("manifest.json", f"[{value}]".encode())]

    def two():
        both = [listing("good"), listing("evil", random.choice([(tag,), ("demo/other:1",), ()]))]
        random.shuffle(both)
        return "two images", parts + [file("manifest.json", layouts.document(both))]

    def layout():
        which = random.choice(["good", "evil"])
        inner = {"schemaVersion": 2, "mediaType": layouts.MANIFEST,
                 "config": {"mediaType": layouts.CONFIG, "digest": sha256(confs[which]), "size": len(confs[which])},
                 "layers": [{"mediaType": layouts.LAYER, "digest": sha256(layers[which]), "size": len(layers[which])}]}
        text = layouts.document(inner)
        index = {"schemaVersion": 2, "manifests": [{"mediaType": layouts.MANIFEST, "digest": sha256(text), "size": len(text), "annotations": {
            "io.containerd.image.name": "docker.io/" + tag, layouts.REF_NAME: "1"}}]}
        blobs = [file("blobs/sha256/" + sha256(data)[7:], data) for data in [text, confs[which], layers[which]]]
        return f"a layout of {which} in it", blobs + parts + manifest + [file("index.json", layouts.document(index)),
                                                                         file("oci-layout", b'{"imageLayoutVersion":"1.0.0"}')]

    def odd_bytes():
        text = layouts.document([listing("good")])
        text = random.choice([b"\xef\xbb\xbf" + text, text + b"[]", text + b"\n", b" " + text, text.replace(b"]", b",]", 1)])
        return "manifest.json's bytes", parts + [file("manifest.json", text)]

    def plain():
        both = parts + manifest
        random.shuffle(both)
        return "nothing", both

    words, items = random.choice([twice, twice, link, replaced, linked_directory, member, member, two, layout, odd_bytes, plain])()
    if place == 0:
        items = [("dir", tarlayers.directory(layer.partition("/")[0]))] + items
    return name, Image(f"{trial.work}/{name}", tag, items, [layers["good"]], confs["good"], "archive: " + words)
