"""What a Dockerfile asks for: its instructions, base images, and the names that it copies, for each platform."""

import json
import os
import re
import shlex

# Values that pipelines pass for each platform, under the names that they use.
PLATFORM_ARGUMENTS = {
    "arch": ["ARCH", "GOARCH", "TARGET_ARCH", "BUILD_ARCH", "ARCHITECTURE", "BIN_ARCH"],
    "os": ["OS", "GOOS", "TARGET_OS", "BUILD_OS"],
}
AUTOMATIC = {"TARGETPLATFORM", "TARGETOS", "TARGETARCH", "TARGETVARIANT", "BUILDPLATFORM", "BUILDOS", "BUILDARCH", "BUILDVARIANT"}
HEREDOC = re.compile(r"<<-?([\"']?)([A-Za-z_][A-Za-z0-9_]*)\1")
VARIABLE = re.compile(r"\$(?:\{([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-+?])([^}]*))?\}|([A-Za-z_][A-Za-z0-9_]*))")


def instructions(text):
    """(keyword, rest, first line, last line) of each instruction; here-documents belong to their instruction."""
    lines, found, at = text.splitlines(), [], 0
    while at < len(lines):
        first, line = at, lines[at]
        at += 1
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        logical = line.rstrip()
        while logical.endswith("\\") and at < len(lines):
            logical = logical[:-1]
            if lines[at].strip() and not lines[at].lstrip().startswith("#"):
                logical += lines[at].rstrip()
            elif not lines[at].strip() or lines[at].lstrip().startswith("#"):
                logical += "\\"
            at += 1
        keyword, _, rest = logical.strip().partition(" ")
        if keyword.upper() in ("RUN", "COPY", "ADD"):
            for _, word in HEREDOC.findall(rest):
                while at < len(lines) and lines[at].strip() != word:
                    at += 1
                at += 1
        found.append((keyword.upper(), rest.strip(), first, min(at, len(lines)) - 1))
    return found


def expand(word, values):
    def value(match):
        name, form, other = match.group(1) or match.group(4), match.group(2) or "", match.group(3) or ""
        known = values.get(name)
        there = known is not None and (known != "" or not form.startswith(":"))
        if form.endswith("-"):
            return known if there else expand(other, values)
        if form.endswith("+"):
            return expand(other, values) if there else ""
        return known or ""

    return VARIABLE.sub(value, word)


class Dockerfile:
    """One file, as a pipeline would build it: with a value for each ARG that needs one."""

    def __init__(self, text):
        # A stand-in can't have the digest of what it stands for.
        self.text = re.sub(r"(:[\w.-]+)?@sha256:[0-9a-f]{64}", lambda match: match.group(1) or "", text)
        self.instructions = instructions(self.text)
        self.given = {}
        for keyword, rest, _, _ in self.instructions:
            if keyword == "ARG":
                for word in rest.split():
                    name, assigned, default = word.partition("=")
                    self._give(name, default if assigned else None)

    def _give(self, name, default):
        for kind, names in PLATFORM_ARGUMENTS.items():
            if name in names:
                self.given[name] = kind
                return
        used = re.search(rf"^\s*(FROM|COPY|ADD)\s.*\$\{{?{name}\b", self.text, re.M | re.I)
        if default is None and used and name not in AUTOMATIC:
            self.given[name] = "debian:12" if re.search("base|image", name, re.I) else name.lower()

    def values(self, architecture):
        """The build arguments of a platform."""
        kinds = {"arch": architecture, "os": "linux"}
        return {name: kinds.get(value, value) for name, value in self.given.items()}

    def build_arguments(self, platforms):
        for name, value in self.given.items():
            if value in PLATFORM_ARGUMENTS:
                for platform in platforms:
                    yield f"{platform}:{name}={self.values(platform.split('/')[1])[name]}"
            else:
                yield f"{name}={value}"

    def resolved(self, architecture):
        """(keyword, options, words, variables) of FROM, COPY and ADD for a platform, in order."""
        automatic = {
            "TARGETPLATFORM": f"linux/{architecture}", "TARGETOS": "linux", "TARGETARCH": architecture,
            "TARGETVARIANT": "", "BUILDPLATFORM": "linux/amd64", "BUILDOS": "linux", "BUILDARCH": "amd64",
        }
        given, before, values = self.values(architecture), {}, dict(automatic)
        outside = True
        for keyword, rest, _, _ in self.instructions:
            if keyword == "ARG":
                for word in rest.split():
                    name, assigned, default = word.partition("=")
                    value = given.get(name, automatic.get(name))
                    if value is None:
                        value = expand(default.strip("\"'"), values) if assigned else before.get(name, "")
                    (before if outside else values)[name] = value
                    if outside:
                        values[name] = value
            elif keyword == "ENV":
                for name, value in re.findall(r"([A-Za-z_]\w*)[= ]\"?([^\s\"]*)", rest):
                    values[name] = expand(value, values)
            elif keyword in ("FROM", "COPY", "ADD"):
                if keyword == "FROM":
                    outside, values = False, {**automatic, **before}
                try:
                    words = json.loads(rest) if rest.startswith("[") else shlex.split(rest)
                except ValueError:
                    words = rest.split()
                options = {}
                while words and words[0].startswith("--"):
                    name, _, value = words.pop(0)[2:].partition("=")
                    options[name] = expand(value, values)
                yield keyword, options, [expand(word, values) for word in words]

    def bases(self, architecture):
        """Each image that is named, and the paths that are copied from it."""
        stages, images, number = {}, {}, 0
        for keyword, options, words in self.resolved(architecture):
            if keyword == "FROM" and words:
                if words[0] not in stages and words[0] != "scratch":
                    images.setdefault(words[0], set())
                stages[str(number)] = words[0]
                if len(words) > 2:
                    stages[words[2]] = words[0]
                number += 1
            elif keyword == "COPY" and "from" in options and words:
                image = options["from"]
                if image and image not in stages and image != "scratch":
                    images.setdefault(image, set()).update(words[:-1])
        return images

    def sources(self, architecture):
        """What is copied from the context."""
        for keyword, options, words in self.resolved(architecture):
            if keyword in ("COPY", "ADD") and "from" not in options:
                for word in words[:-1]:
                    if not word.startswith("<<") and "://" not in word:
                        # Nothing is above the context.
                        yield os.path.normpath("/" + word).lstrip("/") + ("/" if word.endswith("/") else "")
