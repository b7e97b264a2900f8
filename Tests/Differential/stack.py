"""A stack: a few layers as lists of entries, which can be rendered below a directory of its own or at an image's root."""

import base64
import json

import tarlayers

KINDS = {"file": b"0", "hard link": b"1", "symlink": b"2", "character": b"3", "block": b"4", "directory": b"5", "pipe": b"6",
         "contiguous file": b"7"}


class Entry:
    """One entry of a layer. `name` and `link` are texts, with surrogates for bytes that aren't UTF-8.

    `form` says how the name is written: `plain` (in the header, PAX where it must), `pax` (in a record, over another one in the
    header), `gnu` (a long name of GNU tar), `twice` (two records, the last of which counts).
    """

    FIELDS = {"kind": "file", "name": "", "data": "", "link": "", "mode": 0o644, "uid": 0, "gid": 0,
              "device": [0, 0], "xattrs": {}, "form": "plain"}

    def __init__(self, kind, name, **fields):
        self.__dict__.update(json.loads(json.dumps(self.FIELDS)))
        self.kind, self.name = kind, name
        self.__dict__.update(fields)

    def value(self):
        """The members that differ from what is usual, for JSON."""
        return {key: member for key, member in self.__dict__.items() if key in ("kind", "name") or member != self.FIELDS[key]}

    def render(self, below):
        name, link = placed(self.name, below), self.link
        if self.kind == "hard link" or (self.kind == "symlink" and link.startswith("/")):
            absolute = link.startswith("/") and self.kind == "symlink"
            link = ("/" if absolute else "") + placed(link.lstrip("/") if absolute else link, below)
        if self.kind == "directory" and not name.endswith("/"):
            name += "/"
        pax = [("SCHILY.xattr." + key, base64.b64decode(value)) for key, value in sorted(self.xattrs.items())]
        fields = dict(mode=self.mode, uid=self.uid, gid=self.gid, device=tuple(self.device))
        arguments = (self.data.encode(), fields.pop("mode"), KINDS[self.kind], link)
        if self.form == "pax":
            return tarlayers.entry("elsewhere", *arguments, pax=pax + [("path", name)], **fields)
        if self.form == "twice":
            return tarlayers.entry("elsewhere", *arguments, pax=pax + [("path", placed("other", below)), ("path", name)], **fields)
        if self.form == "gnu":
            long_name = tarlayers.as_bytes(name) + b"\0"
            return tarlayers.entry("././@LongLink", long_name, 0o644, b"L") + tarlayers.entry("elsewhere", *arguments, pax=pax, **fields)
        return tarlayers.entry(name, *arguments, pax=pax, **fields)

    def __str__(self):
        words = [self.kind, ascii(self.name)]
        if self.link:
            words.append("to " + ascii(self.link))
        if self.data:
            words.append("with " + ascii(self.data[:8]))
        words.append("%04o" % self.mode)
        if self.uid or self.gid:
            words.append(f"of {self.uid}:{self.gid}")
        if self.kind in ("character", "block"):
            words.append(f"{self.device[0]}:{self.device[1]}")
        words += [f"{key}={base64.b64decode(value)!r}" for key, value in sorted(self.xattrs.items())]
        if self.form != "plain":
            words.append(f"(name by {self.form})")
        return " ".join(words)


def placed(name, below):
    """A name below a directory; what leads an absolute or dotted name stays in front."""
    if not below:
        return name
    for lead in ["./", "/"]:
        if name.startswith(lead):
            return lead + below + "/" + name[len(lead):]
    return below + "/" + name


class Stack:
    """Layers of entries, lowest first. `origin` says where it comes from, `wanted` what the audit must call it, if that is known."""

    def __init__(self, layers, origin="", wanted=None):
        self.layers, self.origin, self.wanted = layers, origin, wanted

    def parts(self, below=""):
        """Each layer's entries as bytes, without an archive's end; each layer names the directories that it stands in."""
        heads = b""
        if below:
            names = below.split("/")
            heads = b"".join(tarlayers.directory("/".join(names[:count + 1])) for count in range(len(names)))
        return [heads + b"".join(entry.render(below) for entry in layer) for layer in self.layers]

    def without(self, layer, entry):
        """The stack with one entry less; layers that are empty then stay, or the others would move."""
        layers = [list(entries) for entries in self.layers]
        del layers[layer][entry]
        return Stack(layers, self.origin)

    def json(self):
        """One line an entry."""
        layers = ["  [\n" + ",\n".join("    " + json.dumps(entry.value()) for entry in layer) + "\n  ]" for layer in self.layers]
        wanted = f'"verdict": {json.dumps(self.wanted)},\n ' if self.wanted else ""
        return "{" + wanted + '"layers": [\n' + ",\n".join(layers) + "\n]}\n"

    @classmethod
    def read(cls, text, origin=""):
        value = json.loads(text)
        return cls([[Entry(**entry) for entry in layer] for layer in value["layers"]], origin, value.get("verdict"))

    def __str__(self):
        lines = []
        for number, layer in enumerate(self.layers):
            lines.append(f"  layer {number}:")
            lines += [f"    {entry}" for entry in layer]
        return "\n".join(lines)


def archives(stacks, places):
    """The layers of one image of many stacks, each below its place."""
    count = max(len(stack.layers) for stack in stacks)
    layers = [[] for _ in range(count)]
    for stack, below in zip(stacks, places):
        for layer, part in zip(layers, stack.parts(below)):
            layer.append(part)
    return [tarlayers.archive(*layer) for layer in layers]
