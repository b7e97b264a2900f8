"""The known ways in which one reading goes wrong, by what a stack has in it."""


def clean(name):
    return [part for part in name.split("/") if part not in ("", ".")]


def kind(stack):
    """The name of the first way that a stack shows; for reports, and for the proof that each way is found."""
    lower = {}
    kinds = []
    for layer in stack.layers:
        own = {}
        for entry in layer:
            parts = clean(entry.name)
            if ".." in parts:
                kinds.append("dots")
            if any(key.startswith(("trusted.", "user.overlay.", "user.fuseoverlayfs.", "user.containers.")) for key in entry.xattrs):
                kinds.append("overlay attribute")
            for count in range(1, len(parts)):
                above = "/".join(parts[:count])
                if above in own:
                    continue
                below = lower.get(above)
                if below == "symlink":
                    kinds.append("link of a lower layer")
                elif below not in (None, "directory"):
                    kinds.append("parent is a file")
            last = parts[-1] if parts else ""
            if last.startswith(".wh.") and (entry.kind != "file" or entry.data or last in (".wh.", ".wh..", ".wh...")
                                            or (last.startswith(".wh..wh.") and last != ".wh..wh..opq")):
                kinds.append("odd whiteout")
            if entry.kind == "character" and entry.device == [0, 0]:
                kinds.append("whiteout device")
            if entry.kind == "hard link":
                kinds.append("hard link")
            if last.startswith(".wh."):
                target = "/".join(parts[:-1] + [last[4:]])
                if target in own or any(path.startswith(target + "/") for path in own):
                    kinds.append("whiteout of its own layer's")
                if last == ".wh..wh..opq":
                    kinds.append("opaque")
            own["/".join(parts)] = entry.kind
        lower.update(own)
    order = ["overlay attribute", "odd whiteout", "dots", "link of a lower layer", "parent is a file", "whiteout device", "hard link",
             "whiteout of its own layer's", "opaque"]
    return next((name for name in order if name in kinds), "other")
