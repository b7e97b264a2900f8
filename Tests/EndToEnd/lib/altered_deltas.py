"""Alterations of a delta, each of which must be refused with nothing imported.

    altered_deltas.py BINDERY DELTA STORE

DELTA is a layout with the part `+delta`; STORE has what it leaves out, and trusts the keys that signed. Every alteration is made
anew, with all digests put right behind it, and is offered to `verify-bundle` and to `import`.
"""
import copy
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "PythonSupport"))
from layouts import REF_NAME, sha256  # noqa: E402

BINDERY, DELTA, STORE = sys.argv[1:4]
ALTERATIONS = {}
# Those that leave contents out without saying so: an import that has these needs them from nobody.
UNSAID = "there is no blob"


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


class Delta:
    """A copy of the layout, and of its part the index's entry, the manifest and the document."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        shutil.copytree(DELTA, directory)
        self.index = json.loads((self.directory / "index.json").read_text())
        self.entry = next(e for e in self.index["manifests"] if e["annotations"][REF_NAME] == "+delta")
        self.manifest = json.loads(self.read(self.entry["digest"]))
        self.document = json.loads(self.read(self.manifest["layers"][0]["digest"]))

    def path(self, digest):
        return self.directory / "blobs/sha256" / digest[7:]

    def read(self, digest):
        return self.path(digest).read_bytes()

    def blob(self, data):
        self.path(sha256(data)).write_bytes(data)
        return {"digest": sha256(data), "size": len(data)}

    def write(self):
        document = self.document if isinstance(self.document, bytes) else canonical(self.document)
        for layer in self.manifest["layers"][:1]:
            layer.update(self.blob(document))
        self.entry.update(self.blob(canonical(self.manifest)))
        (self.directory / "index.json").write_bytes(canonical(self.index))


def alteration(words):
    def keep(function):
        ALTERATIONS[function.__name__.replace("_", " ")] = (function, words)
        return function
    return keep


FORM = "docs/bundle-format.md"


def document(name, change, words=FORM):
    def function(delta):
        changed = change(delta.document)
        if changed is not None:
            delta.document = changed
    ALTERATIONS["the document: " + name] = (function, words)


def absence(name, change, words=FORM):
    document(name, lambda d: change(d["leftOut"][0]) and None, words)


document("another form", lambda d: d.update(binderyDelta=2))
document("no form", lambda d: d.pop("binderyDelta") and None)
document("a further member", lambda d: d.update(note=""))
document("spaces", lambda d: json.dumps(d, sort_keys=True).encode())
document("a member twice", lambda d: canonical(d).replace(b'{"binderyDelta"', b'{"leftOut":[],"binderyDelta"', 1))
document("no JSON", lambda d: b"{")
document("another order", lambda d: d["leftOut"].reverse())
document("a content twice", lambda d: d["leftOut"].append(d["leftOut"][0]))
document("no list", lambda d: d.update(leftOut={}))
document("an empty list", lambda d: d.update(leftOut=[]), UNSAID)
document("a content less", lambda d: d["leftOut"].pop() and None, UNSAID)
absence("a negative size", lambda a: a.update(size=-1))
absence("another size", lambda a: a.update(size=a["size"] + 1), UNSAID)
absence("no size", lambda a: a.pop("size"))
absence("no digest", lambda a: a.update(digest="sha256:0"))
absence("a digest of another algorithm", lambda a: a.update(digest="sha512:" + "0" * 128))
absence("no part", lambda a: a.pop("part"))
document("another root", lambda d: d["since"].update(root="0" * 64), "was forked")
document("an earlier start", lambda d: d["since"].update(size=d["since"]["size"] - 1), "nothing shows")
document("a start behind the end", lambda d: d["since"].update(size=2**40), "was rolled back")
document("a negative start", lambda d: d["since"].update(size=-1))
document("no root", lambda d: d["since"].pop("root") and None)


@alteration(FORM)
def another_config(delta):
    delta.manifest["config"]["mediaType"] = "application/json"


@alteration(FORM)
def a_second_document(delta):
    delta.manifest["layers"].append(copy.deepcopy(delta.manifest["layers"][0]))


@alteration("no document")
def no_document(delta):
    delta.manifest["layers"] = []


@alteration(FORM)
def an_annotation(delta):
    delta.manifest["annotations"] = {"a": "b"}


@alteration("isn't one that this version knows")
def another_name(delta):
    delta.entry["annotations"][REF_NAME] = "delta:1"


@alteration("isn't written as")
def another_type(delta):
    delta.manifest["artifactType"] = delta.entry["artifactType"] = "application/vnd.dev.bindery.delta.v9"


@alteration("two different parts")
def two_deltas(delta):
    entry = copy.deepcopy(delta.entry)
    entry["digest"] = next(e for e in delta.index["manifests"] if e is not delta.entry)["digest"]
    delta.index["manifests"].append(entry)


@alteration(UNSAID)
def no_delta(delta):
    delta.index["manifests"].remove(delta.entry)


@alteration("its name is not that of a part")
def proofs_in_its_place(delta):
    other = next(e for e in delta.index["manifests"] if e["annotations"][REF_NAME].endswith("+proofs"))
    delta.index["manifests"].remove(delta.entry)
    other["annotations"][REF_NAME] = "+delta"


def main():
    failures = 0
    with tempfile.TemporaryDirectory() as work:
        for number, (name, (change, words)) in enumerate(ALTERATIONS.items()):
            delta = Delta(f"{work}/{number}")
            change(delta)
            delta.write()
            keys = ["--key", "release.key.pub", "--log-key", "log.key.pub"]
            calls = [["verify-bundle", f"oci:{work}/{number}", *keys], ["import", f"oci:{work}/{number}", "--store", STORE]]
            for call in calls[:1] if words == UNSAID else calls:
                done = subprocess.run([BINDERY, *call], capture_output=True, text=True)
                if done.returncode != 4 or words not in done.stderr:
                    failures += 1
                    print(f"{name}: {call[0]} ends with {done.returncode}, without '{words}': {done.stdout}{done.stderr}")
            shutil.rmtree(f"{work}/{number}")
    print(f"{len(ALTERATIONS)} alterations, {failures} answers that aren't as they should be")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
