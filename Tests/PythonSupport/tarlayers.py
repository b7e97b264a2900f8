"""Tar entries from raw parts, so that a layer can have any form, also one that no tool would write."""


def as_bytes(text):
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")


def number(value, width):
    """A number of a header: octal digits and a NUL, or base 256 where it doesn't fit."""
    digits = b"%0*o" % (width - 1, value) if value >= 0 else b""
    if digits and len(digits) < width:
        return digits + b"\0"
    return (value % (1 << (8 * width)) | 0x80 << (8 * (width - 1))).to_bytes(width, "big")


def header(name, size=0, mode=0o644, flag=b"0", link=b"", uid=0, gid=0, mtime=0, device=(0, 0), prefix=b""):
    """One block. `prefix` is ustar's."""
    block = bytearray(512)
    parts = [
        (0, as_bytes(name)[:100]), (100, number(mode, 8)), (108, number(uid, 8)), (116, number(gid, 8)),
        (124, number(size, 12)), (136, number(mtime, 12)), (148, b" " * 8), (156, flag),
        (157, as_bytes(link)[:100]), (257, b"ustar\x0000"), (329, number(device[0], 8)), (337, number(device[1], 8)),
        (345, as_bytes(prefix)[:155]),
    ]
    for at, value in parts:
        block[at : at + len(value)] = value
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def padded(data):
    return data + bytes(-len(data) % 512)


def records(pairs):
    """PAX records in the order given; a key may come twice."""
    out = b""
    for key, value in pairs:
        body = b" " + as_bytes(key) + b"=" + as_bytes(value) + b"\n"
        size = len(body)
        while len(str(size)) + len(body) != size:
            size = len(str(size)) + len(body)
        out += str(size).encode() + body
    return out


def entry(name, data=b"", mode=0o644, flag=b"0", link=b"", pax=(), **fields):
    """A header and content, behind a PAX header where records are given, or a name or link needs one."""
    name, link, pairs = as_bytes(name), as_bytes(link), list(pax)
    given = {key for key, _ in pairs}
    for key, value in [("path", name), ("linkpath", link)]:
        if key not in given and (len(value) > 100 or any(byte > 126 for byte in value)):
            pairs.append((key, value))
    out = b""
    if pairs:
        body = records(pairs)
        out = header("PaxHeaders/entry", size=len(body), flag=b"x") + padded(body)
    return out + header(name, len(data), mode, flag, link, **fields) + padded(data)


def file(name, data=b"", mode=0o644, **fields):
    return entry(name, data, mode, **fields)


def directory(name, mode=0o755, **fields):
    return entry(as_bytes(name).rstrip(b"/") + b"/", b"", mode, b"5", **fields)


def symlink(name, target, **fields):
    return entry(name, b"", 0o777, b"2", target, **fields)


def hard_link(name, target, mode=0o644, **fields):
    return entry(name, b"", mode, b"1", target, **fields)


def character_device(name, device, mode=0o644, **fields):
    return entry(name, b"", mode, b"3", device=device, **fields)


def whiteout(name, **fields):
    above, _, last = as_bytes(name).rpartition(b"/")
    return entry((above + b"/" if above else b"") + b".wh." + last, **fields)


def opaque(name, **fields):
    """Takes away what lower layers have in a directory; the root's name is empty."""
    return entry((as_bytes(name) + b"/" if name else b"") + b".wh..wh..opq", **fields)


def xattr(name, value=b"1"):
    """The PAX record of an extended attribute."""
    return ("SCHILY.xattr." + name, value)


END = bytes(1024)


def archive(*entries):
    return b"".join(entries) + END
