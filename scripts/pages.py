#!/usr/bin/env python3
"""Holds the pages' prose to 120 columns, which is what a terminal and a review show without folding.

    scripts/pages.py            names the lines that are longer
    scripts/pages.py --write    wraps the paragraphs that have one

Tables, code, headings and words that are longer by themselves, such as addresses, are left as they are.
"""
import re
import subprocess
import sys
import textwrap

WIDTH = 120
ITEM = re.compile(r"^( *)([-*] |\d+\. )")


def blocks(lines):
    """Yields (first, last + 1) of each paragraph and list item, by the places of their lines."""
    fenced = False
    start = None
    for place, line in enumerate(lines + [""]):
        fence = line.lstrip().startswith("```")
        other = fence or fenced or not line.strip() or re.match(r"^(\||#|<|!\[|\[[^]]*\]: )", line.lstrip())
        # Four more than what it belongs to: code.
        other = other or (start is None and line.startswith("    ") and not ITEM.match(line))
        if start is not None and (other or ITEM.match(line)):
            yield start, place
            start = None
        if start is None and not other:
            start = place
        fenced ^= fence


def is_long(lines):
    return any(len(line) > WIDTH and len(line.split()) > 1 for line in lines)


def wrapped(lines):
    item = ITEM.match(lines[0])
    first = item.group(0) if item else re.match(" *", lines[0]).group(0)
    text = " ".join([lines[0][len(first) :].strip()] + [line.strip() for line in lines[1:]])
    # Code stays in one line where it can.
    text = re.sub(r"`[^`]{1,60}`", lambda code: code.group(0).replace(" ", "\0"), text)
    made = textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=" " * len(first),
        break_long_words=False,
        break_on_hyphens=False,
    )
    made = [line.replace("\0", " ") for line in made]
    # A line must not begin with what Markdown takes for a list item, a heading or a table.
    if any(ITEM.match(line) or re.match(r" *(#|\||\+ )", line) for line in made[1:]):
        return lines
    return made


def main():
    files = subprocess.run(["git", "ls-files", "-z", "*.md"], check=True, capture_output=True, text=True).stdout
    bad = 0
    for name in filter(None, files.split("\0")):
        with open(name, encoding="utf-8") as file:
            lines = file.read().split("\n")
        result, done = [], 0
        for first, last in blocks(lines):
            result += lines[done:first]
            block = lines[first:last]
            if is_long(block):
                if sys.argv[1:] == ["--write"]:
                    block = wrapped(block)
                if is_long(block):
                    place = first + next(i for i, line in enumerate(lines[first:last]) if len(line) > WIDTH) + 1
                    print(f"{name}:{place}: longer than {WIDTH} columns: scripts/pages.py --write wraps it", file=sys.stderr)
                    bad += 1
            result += block
            done = last
        result += lines[done:]
        if result != lines:
            with open(name, "w", encoding="utf-8") as file:
                file.write("\n".join(result))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
