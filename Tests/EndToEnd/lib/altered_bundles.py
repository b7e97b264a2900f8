"""Alterations of a bundle with proofs, each of which must be refused, with its own message and nothing imported.

    altered_bundles.py BINDERY BUNDLE OTHER STORE

BUNDLE and OTHER are layouts of one signed release each, with a signed mark and a log. STORE trusts the keys that signed. Every
alteration is made anew from BUNDLE, with all digests put right behind it, so that only what was altered is wrong; it is offered
to `verify-bundle` and to `import`.
"""
import base64
import copy
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile

BINDERY, BUNDLE, OTHER, STORE = sys.argv[1:5]
TYPES = {"statement": "application/vnd.dev.sigstore.bundle.v0.3+json", "mark": "application/vnd.dev.bindery.revocation.v1+json",
         "log": "application/vnd.dev.bindery.log.v1+json", "key": "application/x-pem-file"}
failures, messages = [], {}


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha256(data):
    return "sha256:" + hashlib.sha256(data).hexdigest()


class Layout:
    """A bundle in memory: the release's part as it is, and the proofs as a list of types and bytes."""

    def __init__(self, directory):
        self.blobs = {sha256(f.read_bytes()): f.read_bytes() for f in pathlib.Path(directory, "blobs/sha256").iterdir()}
        self.index = json.loads(pathlib.Path(directory, "index.json").read_text())
        self.entry = next(e for e in self.index["manifests"] if self.name(e).endswith("+proofs"))
        self.manifest = json.loads(self.blobs[self.entry["digest"]])
        self.proofs = [[layer["mediaType"], self.blobs[layer["digest"]]] for layer in self.manifest["layers"]]

    @staticmethod
    def name(entry):
        return entry["annotations"]["org.opencontainers.image.ref.name"]

    def get(self, kind):
        return next(proof for proof in self.proofs if proof[0] == TYPES[kind])

    def json(self, kind):
        return json.loads(self.get(kind)[1])

    def put(self, kind, value):
        self.get(kind)[1] = value if isinstance(value, bytes) else canonical(value)

    def write(self, directory):
        self.manifest["layers"] = []
        for kind, data in self.proofs:
            self.blobs[sha256(data)] = data
            self.manifest["layers"].append({"digest": sha256(data), "mediaType": kind, "size": len(data)})
        data = canonical(self.manifest)
        self.blobs[sha256(data)] = data
        self.entry.update(digest=sha256(data), size=len(data))
        os.makedirs(f"{directory}/blobs/sha256")
        for digest, blob in self.blobs.items():
            pathlib.Path(directory, "blobs/sha256", digest[7:]).write_bytes(blob)
        pathlib.Path(directory, "index.json").write_bytes(canonical(self.index))
        pathlib.Path(directory, "oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')


def flip(data, place):
    data = bytearray(data)
    data[place if place >= 0 else len(data) + place] ^= 1
    return bytes(data)


def flip64(text, place):
    return base64.b64encode(flip(base64.b64decode(text), place)).decode()


ALTERATIONS = {}


def alteration(words, name=None):
    def keep(function):
        ALTERATIONS[name or function.__name__.replace("_", " ")] = (function, words)
        return function
    return keep


def each(words, kind, name, change):
    """An alteration of the JSON of a proof."""
    def function(layout):
        value = layout.json(kind)
        changed = change(value)
        layout.put(kind, value if changed is None else changed)
    ALTERATIONS[f"{kind}: {name}"] = (function, words)


def at(path, change):
    """Changes the member at a path by a function of its value."""
    def function(value):
        for step in path[:-1]:
            value = value[step]
        value[path[-1]] = change(value[path[-1]])
    return function


def payload(change):
    """Changes the statement that a DSSE envelope has."""
    def function(envelope):
        statement = json.loads(base64.b64decode(envelope["payload"]))
        change(statement)
        envelope["payload"] = base64.b64encode(canonical(statement)).decode()
    return function


def inner(change):
    return lambda value: change(value["dsseEnvelope"])


other = Layout(OTHER)

# Statements: the bundle around the envelope.
each("mediaType", "statement", "another version of the bundle", at(["mediaType"], lambda t: t.replace("0.3", "0.2")))
each("hint", "statement", "no hint", lambda v: v["verificationMaterial"]["publicKey"].pop("hint") and None)
each("names no key", "statement", "a hint that is none", at(["verificationMaterial", "publicKey", "hint"], lambda h: "no key"))
each("unknown", "statement", "a certificate", lambda v: v["verificationMaterial"].update(certificate={"rawBytes": ""}))
each("entries of a log", "statement", "an entry of a log", lambda v: v["verificationMaterial"].update(tlogEntries=[{}]))
each("unknown", "statement", "a further member", lambda v: v.update(note=""))
each("'dsseEnvelope'", "statement", "no envelope", lambda v: v.pop("dsseEnvelope") and None)
each("has no signature", "statement", "no signature", inner(lambda e: e.update(signatures=[])))
each("2 signatures; one is expected", "statement", "two signatures", inner(lambda e: e.update(signatures=e["signatures"] * 2)))
each("keyid", "statement", "a keyid", inner(lambda e: e["signatures"][0].update(keyid="key")))
each("signature of the key", "statement", "the signature's first byte", at(["dsseEnvelope", "signatures", 0, "sig"], lambda s: flip64(s, 0)))
each("signature of the key", "statement", "the signature's middle", at(["dsseEnvelope", "signatures", 0, "sig"], lambda s: flip64(s, 20)))
each("signature of the key", "statement", "the signature's last byte", at(["dsseEnvelope", "signatures", 0, "sig"], lambda s: flip64(s, -1)))
# ECDSA as others write it: 64 bytes, a long length, a further byte.
raw = lambda change: at(["dsseEnvelope", "signatures", 0, "sig"], lambda s: base64.b64encode(change(base64.b64decode(s))).decode())
each("signature of the key", "statement", "a signature of 64 bytes", raw(lambda s: b"".join(n[-32:].rjust(32, b"\0") for n in (s[4:4 + s[3]], s[6 + s[3]:]))))
each("signature of the key", "statement", "a signature with a long length", raw(lambda s: s[:1] + b"\x81" + s[1:]))
each("signature of the key", "statement", "a signature with a leading zero", raw(lambda s: bytes([0x30, s[1] + 1, 2, s[3] + 1, 0]) + s[4:]))
each("signature of the key", "statement", "a signature with a byte behind it", raw(lambda s: s + b"\0"))
each("is about team/agent@1.0.0, not", "statement", "a subject by SHA-512 alone", inner(payload(lambda s: s["subject"][0].update(digest={"sha512": "0" * 128}))))
each("stands there twice", "statement", "a member twice, once escaped", lambda v: canonical(v).replace(b'"payload":', b'"pay\\u006coad":"e30=","payload":', 1))
each("signature of the key", "statement", "an empty signature", at(["dsseEnvelope", "signatures", 0, "sig"], lambda s: ""))
each("base64", "statement", "a signature that isn't base64", at(["dsseEnvelope", "signatures", 0, "sig"], lambda s: "*" + s))
each("signature of the key", "statement", "another statement's signature",
     at(["dsseEnvelope", "signatures"], lambda s: other.json("statement")["dsseEnvelope"]["signatures"]))
each("not a statement", "statement", "another payload type", at(["dsseEnvelope", "payloadType"], lambda t: "application/json"))
each("not about", "statement", "another release's statement", at(["dsseEnvelope", "payload"], lambda p: other.json("statement")["dsseEnvelope"]["payload"]))
each("base64", "statement", "a payload that isn't base64", at(["dsseEnvelope", "payload"], lambda p: p[:-1] + "*"))
each("expected a member's name", "statement", "a payload that isn't JSON", at(["dsseEnvelope", "payload"], lambda p: base64.b64encode(b"{").decode()))
each("x is not of the release", "statement", "another name of a file", inner(payload(lambda s: s["subject"][1].update(name="x"))))
each("is missing", "statement", "a file less", inner(payload(lambda s: s["subject"].pop())))
each("its predicate is another", "statement", "another purl", inner(payload(lambda s: s["predicate"].update(purl="pkg:generic/x@1"))))
each("is about sha256:000000000000, not about", "statement", "another subject", inner(payload(lambda s: s["subject"][0]["digest"].update(sha256="0" * 64))))
each("subjects", "statement", "no subject", inner(payload(lambda s: s.update(subject=[]))))
each("no digest", "statement", "a subject without a digest", inner(payload(lambda s: s["subject"][0].update(digest={}))))
each("_type", "statement", "another type of statement", inner(payload(lambda s: s.update(_type="https://in-toto.io/Statement/v0.1"))))
each("signature of the key", "statement", "another predicate type", inner(payload(lambda s: s.update(predicateType="https://example.com/v1"))))
each("unknown", "statement", "a further member of the statement", inner(payload(lambda s: s.update(more=1))))
each("twice", "statement", "a member twice", lambda v: canonical(v).replace(b'{"dsseEnvelope"', b'{"mediaType":"","dsseEnvelope"', 1))


@alteration("expected", "statement: cut")
def _(layout):
    layout.put("statement", layout.get("statement")[1][:-5])


@alteration("twice", "statement: a member of the statement twice")
def _(layout):
    value = layout.json("statement")
    data = base64.b64decode(value["dsseEnvelope"]["payload"]).replace(b'{"_type"', b'{"predicateType":"","_type"', 1)
    value["dsseEnvelope"]["payload"] = base64.b64encode(data).decode()
    layout.put("statement", value)


# Marks.
each("has no signature", "mark", "no signature", lambda v: v.update(signatures=[]))
each("not a statement", "mark", "another payload type", lambda v: v.update(payloadType="text/plain"))
each("which is something else", "mark", "another release's mark", lambda v: other.json("mark"))
each("on team/agent@9, which is something else", "mark", "another subject", payload(lambda s: s["predicate"].update(subject="team/agent@9")))
each("neither a release", "mark", "no subject", payload(lambda s: s["predicate"].update(subject="?")))
each("its predicateType is https://example.com/v1", "mark", "another predicate type", payload(lambda s: s.update(predicateType="https://example.com/v1")))
each("its level is fine", "mark", "another level", payload(lambda s: s["predicate"].update(level="fine")))
each("no reason", "mark", "no reason", payload(lambda s: s["predicate"].pop("reason") and None))
each("long advisory", "mark", "a long advisory", payload(lambda s: s["predicate"].update(advisory="a" * 5000)))
each("unknown", "mark", "a further member", lambda v: v.update(note=""))
each("twice", "mark", "a member twice", lambda v: canonical(v).replace(b'{"payload"', b'{"payloadType":"","payload"', 1))


# The log.
def note(change):
    return at(["checkpoint"], lambda text: "\n".join(change(text.split("\n"))))


def line(number, change):
    return note(lambda lines: lines[:number] + [change(lines[number])] + lines[number + 1:])


def signature(change):
    def changed(text):
        words = text.split(" ")
        return " ".join(words[:2] + [change(words[2])])
    return line(4, changed)


each("its path leads to another root", "log", "another root", line(2, lambda t: flip64(t, 3)))
each("its path leads to another root", "log", "another size", line(1, lambda t: str(int(t) * 2)))
each("is not the size of a log", "log", "a size with a zero before it", line(1, lambda t: "0" + t))
each("is not the size of a log", "log", "a negative size", line(1, lambda t: "-" + t))
each("a line each", "log", "no root", note(lambda lines: lines[:2] + lines[3:]))
each("is not that key's", "log", "the signature's last byte", signature(lambda s: flip64(s, -1)))
each("is not that key's", "log", "the signature's first byte", signature(lambda s: flip64(s, 4)))
each("not a signature's line", "log", "a signature that isn't base64", signature(lambda s: "*"))
each("no empty line", "log", "no signature", note(lambda lines: lines[:3] + [""]))
each("control characters", "log", "a control character", line(0, lambda t: t + "\x01"))
each("its path leads to another root", "log", "an event that was edited", at(["entries", 0, "leaf"], lambda t: t.replace("ci", "me").replace("root", "toor").replace('"what"', '"whet"')))
each("its path leads to another root", "log", "a path's first hash", at(["entries", 0, "path", 0], lambda h: "0" * 64))
each("its path leads to another root", "log", "a path's last hash", at(["entries", 0, "path", -1], lambda h: "f" * 64))
each("its path leads to another root", "log", "a path that is too short", at(["entries", 0, "path"], lambda p: p[:-1]))
each("its path leads to another root", "log", "a path that is too long", at(["entries", 0, "path"], lambda p: p + ["0" * 64]))
each("not a hash of 64 digits", "log", "a path with no hash in it", at(["entries", 0, "path", 0], lambda h: "0"))
each("no log has more than", "log", "a path without end", at(["entries", 0, "path"], lambda p: p * 100))
each("its path leads to another root", "log", "another leaf's proof", lambda v: v["entries"][0].update(path=v["entries"][1]["path"]))
each("its path leads to another root", "log", "another place", at(["entries", 0, "index"], lambda i: i + 1))
each("is not behind", "log", "an entry twice", at(["entries"], lambda e: [e[0]] + e))
each("is not behind", "log", "entries in another order", at(["entries"], lambda e: e[::-1]))
each("its path leads to another root", "log", "a place behind the end", at(["entries", -1, "index"], lambda i: 2**40))
each("is not behind", "log", "a negative place", at(["entries", 0, "index"], lambda i: -1))
each("doesn't begin with", "log", "another former root", at(["formerCheckpoints", 0, "root"], lambda r: "0" * 64))
each("doesn't begin with", "log", "another former size", at(["formerCheckpoints", -1, "size"], lambda s: s + 1))
each("doesn't begin with", "log", "another former path", at(["formerCheckpoints", 0, "path"], lambda p: p[1:]))
each("is not behind", "log", "a former checkpoint twice", at(["formerCheckpoints"], lambda f: [f[0]] + f))
each("docs/bundle-format.md", "log", "a further member", lambda v: v.update(note=""))
each("in one way", "log", "a member twice", lambda v: canonical(v).replace(b'{"binderyLog"', b'{"entries":[],"binderyLog"', 1))
each("docs/bundle-format.md", "log", "spaces", lambda v: json.dumps(v, sort_keys=True).encode())
each("its binderyLog is 2", "log", "another form", lambda v: v.update(binderyLog=2))
each("lacks one of", "log", "no entries", lambda v: v.pop("entries") and None)
each("its path leads to another root", "log", "the checkpoint of another time", lambda v: v.update(checkpoint=other.json("log")["checkpoint"]))


# Keys, and the part itself.
@alteration("PEM")
def a_key_that_is_none(layout):
    layout.put("key", b"no key")


@alteration("keys or certificates")
def two_keys_in_one(layout):
    layout.put("key", layout.get("key")[1] * 2)


@alteration("the second of its kind")
def two_logs(layout):
    layout.proofs.append(list(other.get("log")))


@alteration("isn't one that this version knows")
def a_proof_of_another_type(layout):
    layout.proofs.append(["application/x-other", b"x"])


@alteration("docs/bundle-format.md")
def proofs_in_another_order(layout):
    layout.proofs.reverse()


@alteration("docs/bundle-format.md")
def an_annotation_of_the_proofs(layout):
    layout.manifest["annotations"] = {"a": "b"}


@alteration("is not team/agent@1.0.0")
def proofs_of_another_digest(layout):
    layout.manifest["subject"]["digest"] = "sha256:" + "0" * 64


@alteration("isn't")
def proofs_of_another_size(layout):
    layout.manifest["subject"]["size"] += 1


@alteration("isn't")
def proofs_of_another_media_type(layout):
    layout.manifest["subject"]["mediaType"] = "application/vnd.oci.image.manifest.v1+json"


@alteration("stands there twice")
def a_proof_twice(layout):
    layout.proofs.insert(0, list(layout.get("statement")))


@alteration("no subject")
def no_subject(layout):
    del layout.manifest["subject"]


@alteration("not that of a part")
def proofs_of_another_name(layout):
    layout.entry["annotations"]["org.opencontainers.image.ref.name"] = "team/other@1+proofs"


@alteration("two different parts")
def proofs_twice(layout):
    entry = copy.deepcopy(layout.entry)
    entry["digest"] = next(e for e in layout.index["manifests"] if e is not layout.entry)["digest"]
    layout.index["manifests"].append(entry)


@alteration("artifactType")
def proofs_of_another_version(layout):
    layout.manifest["artifactType"] = layout.manifest["artifactType"].replace("v1", "v9")
    layout.entry["artifactType"] = layout.manifest["artifactType"]


@alteration("are read")
def a_proof_without_end(layout):
    layout.put("log", b" " * ((64 << 20) + 1))


def refuse(name, words, place):
    texts = []
    for call in (["verify-bundle", place, "--key", "release.key.pub", "--log-key", "log.key.pub"], ["import", place, "--store", STORE]):
        done = subprocess.run([BINDERY, *call], capture_output=True, text=True)
        texts.append(done.stderr)
        if done.returncode not in (4,):
            failures.append(f"{name}: {call[0]} ends with {done.returncode}: {done.stdout}{done.stderr}")
        elif words not in done.stderr:
            failures.append(f"{name}: {call[0]} doesn't say '{words}': {done.stderr}")
    messages[name] = texts[0]


def archives(work):
    """Archives whose entries are wrong: bytes, a path that leads out, a link, a file twice."""
    def write(name, change):
        path = f"{work}/{name}.tar"
        with tarfile.open(path, "w") as tar:
            for file in sorted(pathlib.Path(BUNDLE).rglob("*")):
                tar.add(file, arcname=str(file.relative_to(BUNDLE)), recursive=False)
            change(tar)
        return f"oci-archive:{path}"

    def entry(name, data=b"", **more):
        def change(tar):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            for key, value in more.items():
                setattr(info, key, value)
            tar.addfile(info, __import__("io").BytesIO(data))
        return change

    refuse("a path that leads out", "out", write("escape", entry("../escaped", b"x")))
    refuse("a link", "link", write("link", entry("blobs/sha256/" + "0" * 64, type=tarfile.SYMTYPE, linkname="/etc/passwd")))
    refuse("a file twice", "twice", write("twice", entry("index.json", b'{"manifests":[],"schemaVersion":2}')))
    for name in sorted(os.listdir(f"{BUNDLE}/blobs/sha256")):
        for place in (0, -1):
            target = f"{work}/flipped-{name}-{place}"
            shutil.copytree(BUNDLE, target)
            blob = pathlib.Path(target, "blobs/sha256", name)
            blob.chmod(0o644)
            blob.write_bytes(flip(blob.read_bytes(), place))
            refuse(f"byte {place} of the blob {name[:12]}", name[:12], f"oci:{target}")


with tempfile.TemporaryDirectory() as work:
    for number, (name, (change, words)) in enumerate(ALTERATIONS.items()):
        layout = Layout(BUNDLE)
        change(layout)
        layout.write(f"{work}/{number}")
        refuse(name, words, f"oci:{work}/{number}")
        shutil.rmtree(f"{work}/{number}")
    archives(work)
for failure in failures:
    print(failure)
print(f"{len(messages)} alterations, {len(set(messages.values()))} messages, {len(failures)} not refused as they should be")
sys.exit(1 if failures or len(messages) < 60 or len(set(messages.values())) < 90 else 0)
