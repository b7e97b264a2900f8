#!/usr/bin/env python3
"""coverage.py REPORT [TARGET]: how many lines of each source file the tests reached, the least covered first."""
import json
import pathlib
import sys

root = str(pathlib.Path(__file__).resolve().parent.parent) + "/"
target = sys.argv[2] if len(sys.argv) > 2 else ""
files = []
for file in json.loads(pathlib.Path(sys.argv[1]).read_text())["data"][0]["files"]:
    name = file["filename"].removeprefix(root)
    lines = file["summary"]["lines"]
    if name.startswith(f"Sources/{target}") and lines["count"]:
        files.append((lines["covered"] / lines["count"], lines["covered"], lines["count"], name))
for share, covered, count, name in sorted(files):
    print(f"{share:7.1%}  {covered:5}/{count:<5}  {name}")
covered, count = sum(file[1] for file in files), sum(file[2] for file in files)
print(f"{covered / max(count, 1):7.1%}  {covered:5}/{count:<5}  in all")
