"""Stand-ins for base images: the names, accounts and programs that Bindery looks at, without their content."""

import pathlib
import re
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent.parent / "PythonSupport")]
import layouts  # noqa: E402
import tarlayers  # noqa: E402

APPLETS = "sh mkdir chmod chown chgrp ln touch rm rmdir cat echo true install".split()
ACCOUNTS = "adduser addgroup".split()
DEBIAN = "bash dash mkdir chmod chown chgrp ln touch rm rmdir cat echo true install".split()
CERTIFICATES = "etc/ssl/certs/ca-certificates.crt"


def family(image):
    """Which distribution's layout an image has, by its name."""
    for kind, pattern in [
        ("distroless", r"distroless|/static\b|/static-|chainguard/(static|busybox)"),
        ("alpine", r"alpine|busybox|wolfi|chainguard|docker|syft|cosign|minio"),
    ]:
        if re.search(pattern, image):
            return kind
    return "debian"


def _alpine(add):
    # The texts by which the program of Alpine's package is known.
    add("bin/busybox", b"busybox\0Linux User,,,\0/sbin/nologin\0", 0o755)
    for name in APPLETS:
        add(f"bin/{name}", link="/bin/busybox")
    for name in ACCOUNTS:
        add(f"usr/sbin/{name}", link="/bin/busybox")
    add("sbin/setcap", b"setcap", 0o755)
    add("etc/passwd", b"root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n")
    add("etc/group", b"root:x:0:root\nusers:x:100:games\nnobody:x:65534:\nnogroup:x:65533:\n")
    add("etc/shadow", b"root:*::0:::::\nnobody:!::0:::::\n", 0o640)


def _debian(add):
    add("bin", link="usr/bin")
    add("sbin", link="usr/sbin")
    for name in DEBIAN:
        add(f"usr/bin/{name}", name.encode(), 0o755)
    add("usr/bin/sh", link="dash")
    for name in ["useradd", "groupadd", "setcap"]:
        add(f"usr/sbin/{name}", name.encode(), 0o755)
    for name in ACCOUNTS:
        add(f"usr/sbin/{name}", b"#!/usr/bin/perl\n", 0o755)
    defaults = pathlib.Path("/etc/login.defs")
    add("etc/login.defs", defaults.read_bytes() if defaults.exists() else b"")
    add("etc/passwd", b"root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n")
    add("etc/group", b"root:x:0:\nusers:x:100:\nnogroup:x:65534:\n")
    for name in ["shadow", "gshadow"]:
        add(f"etc/{name}", b"root:*:19000:0:99999:7:::\n" if name == "shadow" else b"root:*::\nusers:*::\nnogroup:*::\n", 0o640)
    for name in ["subuid", "subgid"]:
        add(f"etc/{name}", b"")


def _distroless(add):
    accounts = [("root", 0, "/root"), ("nobody", 65534, "/nonexistent"), ("nonroot", 65532, "/home/nonroot")]
    lines = [f"{name}:x:{number}:{number}:{name}:{home}:/sbin/nologin\n" for name, number, home in accounts]
    add("etc/passwd", "".join(lines).encode())
    add("etc/group", b"root:x:0:\nnobody:x:65534:\ntty:x:5:\nstaff:x:50:\nnonroot:x:65532:\n")


def layer(image, copied):
    """The one layer: the family's files, and whatever is copied out of the image."""
    entries, names = [], {"."}

    def add(name, data=b"", mode=0o644, link=None):
        parts = name.split("/")
        for end in range(1, len(parts)):
            parent = "/".join(parts[:end])
            if parent not in names:
                names.add(parent)
                entries.append(tarlayers.directory(parent))
        if name not in names:
            names.add(name)
            entries.append(tarlayers.symlink(name, link) if link else tarlayers.file(name, data, mode))

    {"alpine": _alpine, "debian": _debian, "distroless": _distroless}[family(image)](add)
    add(CERTIFICATES, b"certificates\n")
    for name in ["home", "root", "tmp", "usr/share/zoneinfo", "var/lib", "usr/local/bin", "opt"]:
        add(name + "/.keep")
    for path in sorted(copied):
        path = path.strip("/")
        if path and not any(character in path for character in "*?[") and path not in names:
            last = path.rsplit("/", 1)[-1]
            add(path if "." in last or "bin/" in path else path + "/file", b"copied\n", 0o755)
    return tarlayers.archive(*entries)


def stand_in(directory, image, copied):
    """A layout with the image for both platforms; what `bindery import` takes."""
    layout = layouts.Layout(directory)
    content, execution = layer(image, copied), {"Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]}
    manifests = []
    for architecture in ["amd64", "arm64"]:
        conf = layouts.config([content], execution, architecture)
        manifests.append(layout.image([content], conf, platform=layouts.platform(architecture)))
    return layout.publish(layout.index(manifests))
