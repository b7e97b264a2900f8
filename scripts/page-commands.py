#!/usr/bin/env python3
"""Prints the commands of a page as a shell script that stops at the first failure.

They are those in blocks that begin with ```sh, and in blocks that begin with ```yaml the commands that a workflow runs:
`run:` of GitHub Actions, `script:` of GitLab CI. A block that begins with a language and a file name, ```dockerfile NAME,
makes the file.
"""
import sys

import yaml


def commands(document):
    """The commands of a workflow, in its order."""
    if isinstance(document, list):
        for item in document:
            yield from commands(item)
    elif isinstance(document, dict):
        for key, value in document.items():
            if key == "run" and isinstance(value, str):
                yield value
            elif key == "script":
                yield from [value] if isinstance(value, str) else value
            else:
                yield from commands(value)


def blocks(lines):
    """The blocks of a page: the number of the first line, the words behind the fence, the text."""
    start, info, text = 0, None, []
    for number, line in enumerate(lines, 1):
        if not line.startswith("```"):
            text.append(line)
        elif info is None:
            start, info, text = number + 1, line[3:].split(), []
        else:
            yield start, info, text
            info = None


page = sys.argv[1]
print("set -euo pipefail")
for number, info, text in blocks(open(page, encoding="utf-8").read().splitlines()):
    language = info[0] if info else ""
    if len(info) > 1:
        print(f"cat >'{info[1]}' <<'END OF THE FILE'\n" + "\n".join(text) + "\nEND OF THE FILE")
    if language == "sh":
        goes_on = False
        for offset, line in enumerate(text):
            if line.strip():
                place = "" if goes_on else f"echo '{page}:{number + offset}'\n"
                print(place + line.rstrip())
                goes_on = line.endswith("\\")
    elif language == "yaml":
        for command in commands(yaml.safe_load("\n".join(text))):
            print(f"echo '{page}:{number}'\n{command.rstrip()}")
