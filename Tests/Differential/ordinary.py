"""Stacks as builders make them: a tree is changed as commands change it, and each layer is the difference.

Such a stack must never cost a verdict. Written as Docker's, buildah's, containerd's and kaniko's differs were seen to write:
every parent named, real paths, an opaque mark or single whiteouts where a directory was made again.
"""

from stack import Entry, Stack

NAMES = ["a", "b", "c", "lib", "usr", "x.conf", "..data", "é"]
CONTENTS = ["one", "two", "three", "four", "five"]
MODES = [0o644, 0o644, 0o755, 0o600, 0o4755]
CAPABILITY = "AQAAAgAgAAAAAAAAAAAAAAAAAAA="


class Ordinary:
    def __init__(self, random):
        self.random = random
        # A path's entry; hard links share one by `inode`.
        self.tree = {}
        self.count = 0
        self.differ = random.choice(["overlay", "walking", "kaniko"])

    def stack(self):
        layers = [self.layer(is_base=number == 0) for number in range(self.random.choice([1, 2, 2, 3, 3, 4]))]
        return Stack(layers, f"ordinary, {self.differ}")

    def directories(self):
        return [""] + [path for path, entry in self.tree.items() if entry.kind == "directory"]

    def layer(self, is_base):
        before = dict(self.tree)
        renewed = set()
        for _ in range(self.random.randint(3, 8) if is_base else self.random.randint(1, 4)):
            self.change(renewed)
        return self.difference(before, renewed)

    def change(self, renewed):
        random = self.random
        above = random.choice(self.directories())
        path = (above + "/" if above else "") + random.choice(NAMES)
        paths = [path for path, entry in self.tree.items()]
        what = random.choices(["file", "directory", "symlink", "hard link", "remove", "renew", "mode", "device", "pipe"],
                              [10, 6, 3, 2, 4, 2, 2, 1, 1])[0]
        owner = random.choice([(0, 0), (0, 0), (1000, 1000)])
        if what in ("file", "symlink", "device", "pipe", "directory"):
            if what == "directory" and path in self.tree and self.tree[path].kind == "directory":
                return
            self.remove(path)
            fields = dict(uid=owner[0], gid=owner[1])
            if what == "file":
                xattrs = {"security.capability": CAPABILITY} if random.random() < 0.05 else {}
                if random.random() < 0.05:
                    xattrs["user.note"] = "MQ=="
                self.tree[path] = Entry("file", path, data=random.choice(CONTENTS), mode=random.choice(MODES), xattrs=xattrs, **fields)
            elif what == "directory":
                self.tree[path] = Entry("directory", path, mode=random.choice([0o755, 0o755, 0o1777, 0o700]), **fields)
            elif what == "symlink":
                target = random.choice(paths or ["a"])
                self.tree[path] = Entry("symlink", path, link=random.choice(["/" + target, target.rpartition("/")[2]]), mode=0o777, **fields)
            elif what == "device":
                self.tree[path] = Entry("character", path, device=[1, 3], mode=0o666)
            else:
                self.tree[path] = Entry("pipe", path, mode=0o600)
        elif what == "hard link":
            files = [name for name, entry in self.tree.items() if entry.kind == "file"]
            if files:
                source = random.choice(files)
                if source != path and not source.startswith(path + "/"):
                    entry = self.tree[source]
                    self.remove(path)
                    self.tree[path] = entry
        elif not paths:
            return
        elif what == "remove":
            self.remove(random.choice(paths))
        elif what == "renew":
            path = random.choice(self.directories()[1:] or [""])
            if path:
                self.remove(path)
                self.tree[path] = Entry("directory", path, mode=0o755)
                renewed.add(path)
        elif what == "mode":
            path = random.choice(paths)
            old = self.tree[path]
            if old.kind in ("file", "directory"):
                new = Entry(**{**old.value(), "mode": old.mode ^ 0o011})
                # A change of one name is one of all.
                for name, entry in list(self.tree.items()):
                    if entry is old:
                        self.tree[name] = new

    def remove(self, path):
        for name in [name for name in self.tree if name == path or name.startswith(path + "/")]:
            del self.tree[name]

    def difference(self, before, renewed):
        """The entries of a layer, sorted by path; a name that changed brings the directories above it."""
        tree = self.tree
        renewed = {path for path in renewed if path in tree and tree[path].kind == "directory"
                   and path in before and before[path].kind == "directory"}

        def is_new(path):
            return before.get(path) is not tree[path] or any(path.startswith(above + "/") for above in renewed)

        changed = {path for path in tree if is_new(path)} | renewed
        gone = set()
        for path in before:
            above = path.rpartition("/")[0]
            if path in tree or (above and above not in tree) or any(path.startswith(top + "/") for top in renewed
                                                                   if self.differ == "overlay"):
                continue
            # What stood below something that is not a directory now went with it.
            if above and (tree[above].kind != "directory" or before[above].kind != "directory"):
                continue
            gone.add(path)
        named = set()
        for path in changed | gone:
            parts = path.split("/")[:-1]
            named |= {"/".join(parts[:count + 1]) for count in range(len(parts))}
        entries, written = {}, {}
        for path in sorted(changed | named):
            entry = tree[path]
            fields = entry.value()
            fields.pop("kind")
            fields.pop("name")
            if entry.kind == "file" and id(entry) in written and path in changed:
                meta = {key: fields[key] for key in ("mode", "uid", "gid") if key in fields}
                entries[path] = Entry("hard link", path, link=written[id(entry)], xattrs=entry.xattrs, **meta)
            else:
                entries[path] = Entry(entry.kind, path, **fields)
                written[id(entry)] = path
        whiteouts = {}
        for path in gone:
            above, _, last = path.rpartition("/")
            whiteouts[path] = Entry("file", (above + "/" if above else "") + ".wh." + last)
        if self.differ == "overlay":
            for path in renewed:
                whiteouts[path + "/"] = Entry("file", path + "/.wh..wh..opq")
        ordered = sorted([(path.split("/"), 0, entry) for path, entry in entries.items()]
                         + [(path.split("/"), 1, entry) for path, entry in whiteouts.items()], key=lambda item: (item[0], item[1]))
        result = [entry for _, _, entry in ordered]
        if self.differ == "kaniko":
            # Whiteouts first, each behind the directories that it stands in.
            marks = [entry for entry in whiteouts.values()]
            heads = [entry for entry in result if entry.kind == "directory"]
            rest = [entry for entry in result if entry not in marks and entry not in heads]
            result = heads + marks + rest
        return result
