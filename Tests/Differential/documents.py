"""Index, manifest and config documents that readers take in different ways, and others that only look odd."""

import json
import shutil

import archives
import comparing
import layouts
import tarlayers
from engines import Refusal
from layouts import CONFIG, MANIFEST, REF_NAME, sha256

# Letters that Go's encoding/json takes for ASCII ones: the long s, and the Kelvin sign.
FOLDED = {"s": "\u017f", "k": "\u212a"}


class Image:
    """A layout whose documents are given as bytes."""

    archive = None

    def __init__(self, path, parts, words):
        self.path, self.words = path, words
        self.reference = f"oci:{path}:1"
        layout = layouts.Layout(path)
        for data in parts.layers:
            layout.blob(data, "")
        for data in [parts.conf, parts.manifest]:
            layout.blob(data, "")
        layout.write("index.json", parts.index)
        self.layers, self.conf = parts.layers, parts.conf


class Parts:
    """The documents of an image of one layer, with another layer beside it that a trick may bring in."""

    def __init__(self, random):
        self.random = random
        good = tarlayers.archive(tarlayers.file("good", b"good", 0o755), tarlayers.file("same", b"good"))
        evil = tarlayers.archive(tarlayers.file("evil", b"evil", 0o755), tarlayers.file("same", b"evil"))
        self.layers = [good, evil]
        self.values = {name: self.documents([layer]) for name, layer in [("good", good), ("evil", evil)]}
        self.conf, self.manifest, self.index = (None, None, None)

    @staticmethod
    def documents(layers):
        conf = {"architecture": "amd64", "os": "linux", "config": {"Entrypoint": ["/good"], "Env": ["PATH=/"], "Labels": {"a": "b"}},
                "rootfs": {"type": "layers", "diff_ids": [sha256(layer) for layer in layers]}, "history": []}
        return {"config": conf, "layers": [{"mediaType": layouts.LAYER, "digest": sha256(layer), "size": len(layer)} for layer in layers]}

    def write(self, edit):
        """The documents, with `edit` called on the one that is to be odd: it gets a list of members and gives bytes."""
        which = self.random.choice(["config", "manifest", "index"])
        conf = self.values["good"]["config"]
        self.conf = self.encode(conf, "config", which, edit)
        manifest = {"schemaVersion": 2, "mediaType": MANIFEST,
                    "config": {"mediaType": CONFIG, "digest": sha256(self.conf), "size": len(self.conf)}, "layers": self.values["good"]["layers"]}
        self.manifest = self.encode(manifest, "manifest", which, edit)
        index = {"schemaVersion": 2, "manifests": [{"mediaType": MANIFEST, "digest": sha256(self.manifest), "size": len(self.manifest),
                                                    "annotations": {REF_NAME: "1"}}]}
        self.index = self.encode(index, "index", which, edit)
        return which

    def encode(self, value, name, which, edit):
        return edit(value, name) if name == which else layouts.document(value)

    def other(self, document, path, value):
        """Another value for a member, which would show in what runs."""
        last = path[-1]
        if last == "layers":
            return self.values["evil"]["layers"]
        if last == "diff_ids":
            return self.values["evil"]["config"]["rootfs"]["diff_ids"]
        if last == "rootfs":
            return self.values["evil"]["config"]["rootfs"]
        if last == "config" and document == "config":
            return {"Entrypoint": ["/evil"]}
        if last == "Entrypoint":
            return ["/evil"]
        if last == "digest":
            return self.values["evil"]["layers"][0]["digest"] if value == self.values["good"]["layers"][0]["digest"] else value
        return value


def members(value, path=()):
    """The paths of all members."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield (*path, key)
            yield from members(member, (*path, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from members(item, (*path, number))


class Twice:
    """Encodes with one member standing twice: `name` is how the second is spelt, `first` whether it stands in front."""

    def __init__(self, path, name, other, first):
        self.path, self.name, self.other, self.first = path, name, other, first

    def encode(self, value, path=()):
        if isinstance(value, dict):
            parts = []
            for key, member in value.items():
                own = [json.dumps(key) + ":" + self.encode(member, (*path, key))]
                if (*path, key) == self.path:
                    own.insert(0 if self.first else 1, self.name + ":" + json.dumps(self.other))
                parts += own
            return "{" + ",".join(parts) + "}"
        if isinstance(value, list):
            return "[" + ",".join(self.encode(item, (*path, number)) for number, item in enumerate(value)) + "]"
        return json.dumps(value)


def spellings(key):
    """A name as it is, in other letters, folded, and escaped; as JSON texts."""
    folded = "".join(FOLDED.get(letter, letter) for letter in key.lower())
    escaped = '"' + "".join(f"\\u{ord(letter):04x}" for letter in key) + '"'
    return [json.dumps(key), json.dumps(key.upper()), json.dumps(key[:1].swapcase() + key[1:]), json.dumps(folded, ensure_ascii=False), escaped]


def odd(random, parts):
    """Makes one document odd; what was done, in words."""
    words = []

    def edit(value, name):
        how = random.choice(["twice", "twice", "twice", "renamed", "bytes", "harmless"])
        paths = [path for path in members(value) if isinstance(path[-1], str)]
        path = random.choice(paths)
        at = value
        for part in path[:-1]:
            at = at[part]
        other = parts.other(name, path, at[path[-1]])
        spelling = random.choice(spellings(path[-1]))
        words.append(f"{name}: {how}")
        if how == "twice":
            words.append(f"{'.'.join(map(str, path))} as {ascii(spelling)}")
            return Twice(path, spelling, other, random.random() < 0.5).encode(value).encode()
        if how == "renamed":
            words.append(f"{'.'.join(map(str, path))} to {ascii(spelling)}")
            text = json.dumps(value)
            return text.replace(json.dumps(path[-1]) + ":", spelling + ":", 1).encode()
        text = json.dumps(value).encode()
        if how == "bytes":
            change = random.choice([lambda x: b"\xef\xbb\xbf" + x, lambda x: x + b"{}", lambda x: x + b"\0", lambda x: x + b"\n\n",
                                    lambda x: x.replace(b'"size": ', b'"size": 0'), lambda x: x.replace(b"}", b",}", 1),
                                    lambda x: b"//\n" + x, lambda x: x.replace(b'"2"', b'"\xff"'), lambda x: b"[" + x + b"]",
                                    lambda x: x.replace(b'": 2', b'": 2.0')])
            return change(text)
        return json.dumps({"x-extra": {"Layers": [], "layers": 1}, **value, "X": None}, indent=random.choice([None, 1])).encode()

    parts.write(edit)
    return ", ".join(words)


class Example:
    def __init__(self, words, image, answer, differences):
        self.words, self.answer, self.differences = words, answer, differences
        self.texts = [ascii(text.decode("utf-8", "replace"))[:600] for text in image.texts]

    def __str__(self):
        lines = [f"{self.words}; the audit says {self.answer.word} {' '.join(self.answer.codes)}"]
        return "\n".join(lines + [f"  {text}" for text in self.texts] + [f"  {difference}" for difference in self.differences[:4]])


def layout(trial, random):
    """A layout with an odd document; its name among the images of the run."""
    parts = Parts(random)
    words = odd(random, parts)
    name = f"d{next(trial.numbers)}"
    image = Image(f"{trial.work}/{name}", parts, words)
    image.texts = [parts.index, parts.manifest, parts.conf]
    return name, image


def round(trial, random, count, kind="documents"):
    """The counter-examples among so many layouts with odd documents, or odd archives."""
    found = []
    for _ in range(count):
        name, image = layout(trial, random) if kind == "documents" else archives.archive(trial, random)
        words = image.words
        try:
            answer = trial.auditor.audit(image.reference)
            trial.verdicts[kind, answer.word] += 1
            if answer.is_sure:
                differences = []
                for engine, seen in zip(trial.engines, trial.pool.map(lambda engine: show(engine, name, image), trial.engines)):
                    if seen is None:
                        trial.refusals[engine.name] += engine.reads_archives if image.archive else engine.reads_layouts
                        continue
                    tree, command = seen
                    trial.counts[engine.name, "images"] += 1
                    trial.counts[engine.name, "names"] += len(tree)
                    differences += comparing.audit_differs(answer.files, tree, engine.name)
                    if command is not None and command != (answer.entrypoint or ""):
                        differences.append(comparing.Difference(b"entrypoint", "audit", engine.name, answer.entrypoint, command))
                if differences:
                    found.append(Example(words, image, answer, differences))
        finally:
            shutil.rmtree(image.path, ignore_errors=True)
    return found


def show(engine, name, image):
    """A tree and, where the engine says it, the first word that a container starts with; None where it refuses."""
    if not (engine.reads_archives if image.archive else engine.reads_layouts):
        return None
    try:
        return engine.one(name, image, with_command=True)
    except Refusal:
        return None
