"""Where the audit and an engine, or two engines, differ."""


class Difference:
    """One path at which two readers of an image differ; `one` is the audit or an engine."""

    def __init__(self, path, one, other, of_one, of_other):
        self.path, self.one, self.other, self.of_one, self.of_other = path, one, other, of_one, of_other

    def __str__(self):
        return f"{self.path!r}: {self.one}: {self.of_one or 'nothing'}; {self.other}: {self.of_other or 'nothing'}"


def same_text(one, other):
    """Whether two contents are the same; a link's target that isn't UTF-8 stands in JSON with replaced bytes."""
    if isinstance(one, bytes) and isinstance(other, bytes):
        return one.decode("utf-8", "replace") == other.decode("utf-8", "replace")
    return one == other


def same_main(one, other, with_mode=True):
    is_same = one.kind == other.kind and same_text(one.main[2], other.main[2])
    return is_same and (not with_mode or one.main[1] == other.main[1])


def audit_differs(files, tree, engine, with_mode=True):
    """The audit lists no directories; whatever else a tree has must be there, and be the same."""
    found = []
    for path in sorted(files.keys() | tree.keys()):
        said, seen = files.get(path), tree.get(path)
        if seen is not None and seen.kind == "directory":
            seen = None if said is None else seen
        if said is None and seen is None:
            continue
        if said is None or seen is None or not same_main(said, seen, with_mode):
            found.append(Difference(path, "audit", engine, said, seen))
    return found


def engines_differ(trees, named, with_mode=True):
    """What a process could see: owners, attributes, devices, and directories, whose own metadata only where layers name
    them."""
    found = []
    engines = list(trees)
    for other in engines[1:]:
        one = engines[0]
        for path in sorted(trees[one].keys() | trees[other].keys()):
            first, second = trees[one].get(path), trees[other].get(path)
            if first is None or second is None:
                found.append(Difference(path, one, other, first, second))
            elif first.kind == second.kind == "directory" and path not in named:
                continue
            elif not same_main(first, second, with_mode) or first.more[0 if with_mode else 1:] != second.more[0 if with_mode else 1:]:
                found.append(Difference(path, one, other, first, second))
    return found


def named_directories(stack, below):
    """The directories that each layer names which has something in them, as paths.

    Where a layer doesn't, Docker gives a directory that is there already new metadata, and containerd keeps the old.
    """
    named, unnamed = set(), set()
    for layer in stack.layers:
        own, needed = set(), set()
        for entry in layer:
            parts = [part for part in f"{below}/{entry.name}".split("/") if part not in ("", ".")]
            needed |= {"/".join(parts[:count]) for count in range(1, len(parts))}
            if entry.kind == "directory":
                own.add("/".join(parts))
        if below:
            own |= {below.partition("/")[0], below}
        named |= own
        unnamed |= needed - own
    return {b"/" + path.encode("utf-8", "surrogateescape") for path in named - unnamed}
