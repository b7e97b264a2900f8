"""Stacks that no builder makes, but an attacker does: ordinary ones with odd entries in them, and entries at random."""

from ordinary import CAPABILITY, CONTENTS, Ordinary
from stack import Entry, Stack

PARTS = ["a", "b", "c", "d"]
ODD_NAMES = ["e\u0301", "n\udcff", "tab\there", "back\\slash", "sp ace", ".wh", "..x", "...", "l" * 120, "m" * 240,
             "A", "*", "-", "\x7f"]
OVERLAY = ["trusted.overlay.opaque", "trusted.overlay.redirect", "trusted.overlay.metacopy", "trusted.overlay.origin",
           "trusted.overlay.whiteout", "user.overlay.opaque", "user.overlay.redirect", "trusted.overlay.nlink",
           "trusted.overlay.xattrs", "trusted.overlay.overlay.opaque", "trusted.note", "user.fuseoverlayfs.opaque",
           "user.fuseoverlayfs.override_stat", "user.containers.override_stat"]
VALUES = ["eQ==", "L2I=", "Yg==", "eA==", ""]  # y, /b, b, x, nothing


class Wild:
    CLEAN = ["ordinary", "mild"]
    ALL = ["spiced", "spiced", "random", "pointed", *CLEAN]

    def __init__(self, random, at_root=False):
        self.random, self.at_root = random, at_root
        self.used = []

    def stack(self, kinds=ALL):
        kind = self.random.choice(kinds)
        if kind in ("ordinary", "mild"):
            stack = Ordinary(self.random).stack()
            if kind == "mild":
                self.season(stack)
                stack.origin = kind
            return stack
        if kind == "spiced":
            stack = Ordinary(self.random).stack()
            self.used = [entry.name for layer in stack.layers for entry in layer if ".wh." not in entry.name]
            for _ in range(self.random.choice([1, 1, 2])):
                layer = self.random.choice(stack.layers)
                layer.insert(self.random.randint(0, len(layer)), self.entry())
        elif kind == "pointed":
            stack = Stack(self.pointed())
        else:
            stack = Stack([[self.entry() for _ in range(self.random.randint(1, 5))] for _ in range(self.random.randint(1, 4))])
        stack.origin = kind
        return stack

    def season(self, stack):
        """Makes an ordinary stack odd in ways that mean the same to every reader."""
        random = self.random
        for layer in stack.layers:
            for entry in layer:
                choice = random.random()
                if choice < 0.08:
                    entry.name = "./" + entry.name
                elif choice < 0.12:
                    entry.name = entry.name.replace("/", "//")
                elif choice < 0.2:
                    entry.form = random.choice(["pax", "gnu"])
                elif choice < 0.24 and entry.kind == "file" and ".wh." not in entry.name:
                    entry.xattrs = {random.choice(["user.note", "user.overlay", "security.capability"]): CAPABILITY}
            if random.random() < 0.3:
                # A further file whose name or kind is odd, in a directory that the layer names.
                heads = [entry.name.lstrip("./") for entry in layer if entry.kind == "directory"] or [""]
                above = random.choice(heads)
                name = (above + "/" if above else "") + random.choice(ODD_NAMES)
                layer.append(Entry(random.choice(["file", "file", "symlink", "pipe", "block"]), name, data="", link="", device=[7, 1]))
                if layer[-1].kind == "symlink":
                    layer[-1].link = random.choice(["/nowhere", "../..", "x" * 200, "\udcff"])
                    layer[-1].mode = 0o777

    # ---- names ----

    def name(self):
        random = self.random
        if self.used and random.random() < 0.6:
            path = random.choice(self.used)
            shape = random.random()
            if shape < 0.25:
                path += "/" + random.choice(PARTS)
            elif shape < 0.35:
                path = path.rpartition("/")[0] or path
        else:
            path = "/".join(random.choice(PARTS) for _ in range(random.choice([1, 1, 2, 2, 3])))
            if random.random() < 0.06:
                path = path.rpartition("/")[0] + "/" * ("/" in path) + random.choice(ODD_NAMES)
        self.used.append(path)
        return path

    def spelt(self, path):
        """Another spelling of a name, now and then."""
        random = self.random
        if random.random() > 0.06:
            return path
        first, _, rest = path.partition("/")
        spellings = ["./" + path, path.replace("/", "//"), f"{first}/../{path}", f"{path}/.", f"{path}/../{path.rpartition('/')[2]}", f"{first}/./{rest or first}"]
        if self.at_root:
            spellings += ["/" + path, "../" + path, "../../" + path, f"{first}/../../{path}"]
        return random.choice(spellings)

    # ---- entries ----

    def entry(self):
        random = self.random
        make = random.choices(
            [self.file, self.directory, self.symlink, self.hard_link, self.whiteout, self.opaque, self.odd_whiteout, self.device],
            [28, 16, 14, 12, 12, 5, 6, 5])[0]
        entry = make(self.name())
        entry.name = self.spelt(entry.name)
        if random.random() < 0.04:
            entry.xattrs = {random.choice(OVERLAY): random.choice(VALUES)}
        elif random.random() < 0.03:
            entry.xattrs = {random.choice(["security.capability", "user.note"]): CAPABILITY}
        if random.random() < 0.06:
            entry.uid, entry.gid = random.choice([(1000, 1000), (0, 5), (65534, 0)])
        if random.random() < 0.03:
            entry.form = random.choice(["pax", "gnu", "twice"])
        return entry

    def file(self, path):
        return Entry("file", path, data=self.random.choice(CONTENTS), mode=self.random.choice([0o644, 0o755, 0o755, 0o4755, 0o600]))

    def directory(self, path):
        return Entry("directory", path, mode=self.random.choice([0o755, 0o755, 0o700, 0o1777]))

    def symlink(self, path):
        random = self.random
        target = random.choice([self.name(), random.choice(PARTS), "../" + random.choice(PARTS), "/" + random.choice(PARTS), ".", "..", "../..",
                                "nowhere", "./a/../b"])
        return Entry("symlink", path, link=target, mode=0o777)

    def hard_link(self, path):
        target = self.name()
        # Not 0644: a link with fewer permissions than its file isn't compared.
        mode = self.random.choice([0o777, 0o755, 0o4755])
        return Entry("hard link", path, link=self.spelt(target), mode=mode)

    def whiteout(self, path):
        above, _, last = path.rpartition("/")
        return Entry("file", (above + "/" if above else "") + ".wh." + last)

    def opaque(self, path):
        return Entry("file", path + "/.wh..wh..opq")

    def odd_whiteout(self, path):
        random = self.random
        above, _, last = path.rpartition("/")
        lead = above + "/" if above else ""
        name = lead + random.choice([".wh." + last, ".wh." + last, path[len(lead):] + "/.wh..wh..opq", ".wh.", ".wh..", ".wh...", ".wh..wh.x",
                                     ".wh..wh.aufs", ".wh..wh..opq", ".wh." + last + "/x", ".wh..wh.plnk"])
        kind = random.choice(["file", "directory", "symlink", "character", "hard link", "pipe"])
        fields = {"file": {"data": random.choice(CONTENTS)}, "symlink": {"link": random.choice(PARTS)},
                  "hard link": {"link": self.name()}}.get(kind, {})
        return Entry(kind, name, **fields)

    def device(self, path):
        kind = self.random.choice(["character", "character", "block", "pipe"])
        return Entry(kind, path, device=self.random.choice([[0, 0], [0, 0], [1, 3]]) if kind != "pipe" else [0, 0])

    # ---- the six breaks, and what is like them ----

    def pointed(self):
        """Layers in which one known way of going wrong is likely, with names at random."""
        random = self.random
        first, second, third = random.sample(PARTS, 3)
        good, evil = random.sample(CONTENTS, 2)
        below = [Entry("directory", first, mode=0o755), Entry("file", f"{first}/agent", data=good, mode=0o755),
                 Entry("file", third, data=evil, mode=0o755)]
        tricks = [
            # A path through a link of a lower layer, which goes later.
            lambda: [below + [Entry("symlink", second, link=first, mode=0o777)], [Entry("file", f"{second}/agent", data=evil, mode=0o755)],
                     [self.whiteout(second)]],
            # A directory whose place a file has.
            lambda: [below, [Entry("file", f"{third}/agent", data=evil, mode=0o755)]],
            # A name with dots.
            lambda: [below, [Entry("file", random.choice([f"../{first}/agent", f"{first}/../{first}/agent", f"{second}/../{first}/agent"]),
                                   data=evil, mode=0o755)]],
            # A whiteout that is not a file.
            lambda: [below, [Entry(random.choice(["directory", "symlink", "character", "pipe"]), f"{first}/.wh.agent", link=first)]],
            # What the overlay file system obeys.
            lambda: [below + [Entry("directory", second, mode=0o755), Entry("file", f"{second}/agent", data=evil, mode=0o755)],
                     [Entry("directory", first, mode=0o755, xattrs={random.choice(OVERLAY[:7]): random.choice(["L2I=", "eQ==", "Yg=="])})]],
            # A hard link that brings a mode.
            lambda: [below + [Entry("hard link", second, link=f"{first}/agent", mode=random.choice([0o4755, 0o777]),
                                    xattrs=random.choice([{}, {"security.capability": CAPABILITY}]))], [self.whiteout(second)]],
            # A directory that goes and comes back.
            lambda: [below, [self.whiteout(first), Entry("directory", first, mode=0o755), Entry("file", f"{first}/new", data=evil)]],
            # A hard link to what a lower layer has.
            lambda: [below, [Entry("hard link", second, link=f"{first}/agent", mode=0o755)], [Entry("file", f"{first}/agent", data=evil, mode=0o755)]],
            # A hard link whose target goes through a symbolic link and back, or ends behind one.
            lambda: [below + [Entry("directory", f"{first}/{first}", mode=0o755), Entry("file", f"{first}/{third}", data=good, mode=0o755),
                              Entry("symlink", second, link=random.choice([f"{first}/{first}", f"{first}/agent"]), mode=0o777),
                              Entry("hard link", f"{first}/{second}", link=f"{second}/{random.choice(['../' + third, ''])}", mode=0o755)]],
            # An opaque mark behind or before what its layer brings.
            lambda: [below, random.sample([Entry("file", f"{first}/.wh..wh..opq"), Entry("file", f"{first}/new", data=evil),
                                           Entry("directory", first, mode=0o755)], 3)],
            # A whiteout below a link or a file.
            lambda: [below + [Entry("symlink", second, link=first, mode=0o777)], [Entry("file", f"{second}/.wh.agent")],
                     [Entry("file", f"{third}/.wh.x")]],
            # A whiteout and a file of one name.
            lambda: [below, random.sample([self.whiteout(third), Entry("file", third, data=good, mode=0o755)], 2)],
        ]
        layers = random.choice(tricks)()
        if random.random() < 0.3:
            random.choice(layers).append(self.entry())
        return [list(layer) for layer in layers]
