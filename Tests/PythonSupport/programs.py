"""Small ELF programs, made byte by byte, so that tests need no compiler and get the same bytes everywhere."""

import hashlib
import json
import struct
import zlib

AMD64, ARM64 = 62, 183


def _amd64(text):
    # write(1, text, size); exit(0)
    return (
        b"\xb8\x01\0\0\0\xbf\x01\0\0\0\x48\x8d\x35\x10\0\0\0\xba" + struct.pack("<I", len(text)) + b"\x0f\x05"
        b"\xb8\x3c\0\0\0\x31\xff\x0f\x05" + text
    )


def _arm64(text):
    # mov x0, 1; adr x1, text; mov x2, size; mov x8, 64; svc; mov x0, 0; mov x8, 93; svc
    words = [0xD2800020, 0x100000E1, 0xD2800002 | len(text) << 5, 0xD2800808, 0xD4000001, 0xD2800000, 0xD2800BA8]
    return struct.pack("<8I", *words, 0xD4000001) + text


def _crates(packages):
    """What cargo-auditable writes into a program: zlib of JSON; stored, so that it is the same everywhere."""
    text = json.dumps({"packages": packages}, separators=(",", ":")).encode()
    return b"\x78\x01\x01" + struct.pack("<HH", len(text), len(text) ^ 0xFFFF) + text + struct.pack(">I", zlib.adler32(text))


def program(word, machine=AMD64, build_id=None, crates=None):
    """A static program that prints a word, with the sections that an audit compares: .text and a build-id.

    `crates` are the packages of a `.dep-v0` section.
    """
    code = (_amd64 if machine == AMD64 else _arm64)(word.encode() + b"\n")
    # Start-up code alone isn't compared, so there is more than that of it.
    code += (hashlib.sha256(code).digest() * 160)[: 5120 - len(code) % 16]
    build_id = build_id or hashlib.sha1(code).digest()
    note = struct.pack("<III", 4, len(build_id), 3) + b"GNU\0" + build_id
    names = b"\0.text\0.note.gnu.build-id\0.shstrtab\0" + (b".dep-v0\0" if crates else b"")
    listed = _crates(crates) if crates else b""
    base, at = 0x400000, 64 + 2 * 56
    text_at = at + -at % 16
    note_at = text_at + len(code) + -len(code) % 16
    names_at = note_at + len(note)
    listed_at = names_at + len(names)
    table_at = listed_at + len(listed) + -(listed_at + len(listed)) % 8

    def section(name, kind, flags, offset, size):
        address = base + offset if flags else 0
        return struct.pack("<IIQQQQIIQQ", names.index(name), kind, flags, address, offset, size, 0, 0, 4, 0)

    def segment(kind, flags, offset, size):
        return struct.pack("<IIQQQQQQ", kind, flags, offset, base + offset, base + offset, size, size, 4)

    head = b"\x7fELF\x02\x01\x01" + bytes(9)
    head += struct.pack("<HHIQQQIHHHHHH", 2, machine, 1, base + text_at, 64, table_at, 0, 64, 56, 2, 64, 4 + bool(crates), 3)
    body = bytearray(table_at)
    body[: len(head)] = head
    segments = segment(1, 5, 0, table_at) + segment(4, 4, note_at, len(note))
    body[64 : 64 + len(segments)] = segments
    for offset, part in [(text_at, code), (note_at, note), (names_at, names), (listed_at, listed)]:
        body[offset : offset + len(part)] = part
    return bytes(body) + bytes(64) + (
        section(b".text\0", 1, 6, text_at, len(code))
        + section(b".note.gnu.build-id\0", 7, 2, note_at, len(note))
        + section(b".shstrtab\0", 3, 0, names_at, len(names))
        + (section(b".dep-v0\0", 1, 0, listed_at, len(listed)) if crates else b"")
    )
