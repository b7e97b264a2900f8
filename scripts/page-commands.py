#!/usr/bin/env python3
"""Prints the commands of a page, those in its blocks that begin with ```sh, as a shell script that stops at the first failure."""
import sys

print("set -euo pipefail")
inside = False
for number, line in enumerate(open(sys.argv[1], encoding="utf-8"), 1):
    if line.startswith("```"):
        inside = line.strip() == "```sh"
    elif inside and line.strip():
        print(f"echo '{sys.argv[1]}:{number}'\n{line.rstrip()}")
