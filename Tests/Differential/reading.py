"""What a directory tree shows: the oracle's side."""

import hashlib
import os
import stat

KINDS = {stat.S_IFREG: "file", stat.S_IFDIR: "directory", stat.S_IFLNK: "symbolic link", stat.S_IFCHR: "character device",
         stat.S_IFBLK: "block device", stat.S_IFIFO: "pipe", stat.S_IFSOCK: "socket"}


class Shown:
    """One name in a tree: what the audit says of it (`main`), and what else a process could see (`more`)."""

    __slots__ = ["main", "more"]

    def __init__(self, kind, mode, content, more=()):
        # A symbolic link's mode means nothing.
        self.main = (kind, None if kind == "symbolic link" else mode, content)
        self.more = more

    @property
    def kind(self):
        return self.main[0]

    def __str__(self):
        kind, mode, content = self.main
        words = [kind] + ([f"{mode:04o}"] if mode is not None else []) + ([str(content)[:15]] if content else [])
        return " ".join(words + [str(item) for item in self.more if item])


def tree(root):
    """Every name below a directory, as bytes, by its path."""
    found, root = {}, os.fsencode(root)

    def walk(directory, path):
        with os.scandir(directory) as entries:
            for entry in entries:
                below = path + b"/" + entry.name
                try:
                    found[below] = shown(entry)
                except FileNotFoundError:
                    # Overlayfs lists a whiteout in a directory that only one layer has, and nobody can open it.
                    continue
                if found[below].kind == "directory":
                    try:
                        walk(entry.path, below)
                    except OSError as error:
                        found[below] = Shown("broken", 0, error.strerror)

    walk(root, b"")
    return found


def shown(entry):
    try:
        return described(entry)
    except FileNotFoundError:
        raise
    except OSError as error:
        # A name that the kernel lists and can't open, as overlayfs does behind a redirect that leads astray.
        return Shown("broken", 0, error.strerror)


def described(entry):
    status = entry.stat(follow_symlinks=False)
    kind = KINDS[stat.S_IFMT(status.st_mode)]
    content = device = None
    if kind == "file":
        with open(entry.path, "rb") as file:
            content = "sha256:" + hashlib.sha256(file.read()).hexdigest()
    elif kind == "symbolic link":
        content = os.readlink(entry.path)
    elif kind.endswith("device"):
        device = (os.major(status.st_rdev), os.minor(status.st_rdev))
    attributes = []
    for name in os.listxattr(entry.path, follow_symlinks=False):
        if not name.startswith(("trusted.overlay.", "security.selinux")):
            attributes.append((name, os.getxattr(entry.path, name, follow_symlinks=False)))
    return Shown(kind, stat.S_IMODE(status.st_mode), content, (f"{status.st_uid}:{status.st_gid}", device, tuple(sorted(attributes))))
