#!/usr/bin/env python3
"""Draws which directory of Sources uses the types of which other, and refuses directories of one target that use each other.

    scripts/house.py           compares with ALLOWED, for `make lint`
    scripts/house.py --write   also draws the picture in docs/ARCHITECTURE.md again

A room is a target, or a directory in one. An arrow says that files of the first name types that the second declares;
the picture leaves out arrows of few names. Functions and methods aren't seen, nor types whose name several files declare.
"""
import collections
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCES = ROOT / "Sources"
PAGE = ROOT / "docs/ARCHITECTURE.md"
BEGIN, END = "<!-- house: made by `make house` -->", "<!-- end of house -->"

# Rooms that may use each other, with the reason, which docs/ARCHITECTURE.md gives as well.
ALLOWED: dict[tuple[str, str], str] = {}

# Arrows with fewer names aren't drawn: within a target, and from one target to another.
DRAWN_WITHIN, DRAWN_BETWEEN = 8, 40

TYPE = re.compile(r"\b(?:actor|class|enum|protocol|struct|typealias)\s+([A-Z]\w*)")
NO_CODE = re.compile(r'//.*|/\*[\s\S]*?\*/|"""[\s\S]*?"""|"(?:\\.|[^"\\\n])*"')


def room(path):
    """TARGET or TARGET/DIRECTORY of a source file."""
    return "/".join(path.relative_to(SOURCES).parts[:-1][:2])


def arrows():
    """How many names lead from one room to another, with the names that do."""
    code = {path: NO_CODE.sub(" ", path.read_text()) for path in sorted(SOURCES.rglob("*.swift"))}
    homes = collections.defaultdict(set)
    for path, text in code.items():
        for name in TYPE.findall(text):
            homes[name].add(path)
    found = collections.defaultdict(collections.Counter)
    for path, text in code.items():
        target = room(path).split("/")[0]
        imported = set(re.findall(r"^(?:@\w+ )?(?:package |private )?import (\w+)", text, re.MULTILINE))
        for name, count in collections.Counter(re.findall(r"\b[A-Z]\w*", text)).items():
            if path in homes[name]:
                continue
            own = {home for home in homes[name] if room(home).split("/")[0] == target}
            reached = own or {home for home in homes[name] if room(home).split("/")[0] in imported}
            if len(reached) == 1 and (to := room(next(iter(reached)))) != room(path):
                found[room(path), to][name] += count
    return found


def circles(found):
    """Pairs of rooms that use each other, the thinner arrow first."""
    for (one, other), names in sorted(found.items()):
        if (other, one) in found and one.split("/")[0] == other.split("/")[0]:
            back = found[other, one]
            if (names.total(), one) < (back.total(), other):
                yield one, other, names


def picture(found):
    """A Mermaid flow chart: a box for each target with its rooms."""
    identifier = lambda name: re.sub(r"\W", "_", name)
    rooms = collections.defaultdict(set)
    for pair in found:
        for name in pair:
            rooms[name.split("/")[0]].add(name)
    lines = ["```mermaid", "flowchart TB"]
    for target, inside in sorted(rooms.items()):
        if inside == {target}:
            lines.append(f"    {identifier(target)}[{target}]")
            continue
        lines.append(f"    subgraph {identifier(target)}_ [{target}]")
        for name in sorted(inside):
            lines.append(f"        {identifier(name)}[{name.split('/')[1] if '/' in name else 'the rest'}]")
        for (one, other), names in sorted(found.items()):
            if {one, other} <= inside and names.total() >= DRAWN_WITHIN:
                lines.append(f"        {identifier(one)} --> {identifier(other)}")
        lines.append("    end")
    between = collections.Counter()
    for (one, other), names in found.items():
        between[one.split("/")[0], other.split("/")[0]] += names.total()
    box = lambda target: identifier(target) + ("" if rooms[target] == {target} else "_")
    for (one, other), count in sorted(between.items()):
        if one != other and count >= DRAWN_BETWEEN:
            lines.append(f"    {box(one)} ==> {box(other)}")
    return "\n".join([*lines, "```"])


def main():
    found = arrows()
    bad = 0
    for thin, thick, names in circles(found):
        if (thin, thick) not in ALLOWED:
            bad += 1
            some = ", ".join(name for name, _ in names.most_common(6))
            print(f"{thin} and {thick} use each other: {thin} names {some}", file=sys.stderr)
    if "--write" in sys.argv[1:]:
        page = PAGE.read_text()
        before, _, rest = page.partition(BEGIN)
        _, _, after = rest.partition(END)
        if not after:
            sys.exit(f"{PAGE}: the lines '{BEGIN}' and '{END}' must be there")
        PAGE.write_text(f"{before}{BEGIN}\n{picture(found)}\n{END}{after}")
    if bad:
        sys.exit(f"house: {bad} pairs of directories use each other; move a file, or give a reason in scripts/house.py")


main()
