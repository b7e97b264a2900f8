"""lines.py [--json] FILE…: complains about lines that a name from outside may have made, or that play with a terminal.

Names in the scenario say FORGED where they would begin a line, a workflow command or a verdict.
"""
import sys
import unicodedata

arguments = sys.argv[1:]
found = 0
for path in arguments:
    with open(path, "rb") as file:
        data = file.read()
    text = data.decode("utf-8")  # what isn't UTF-8 ends here
    for number, line in enumerate(text.split("\n"), 1):
        odd = {f"U+{ord(x):04X}" for x in line if unicodedata.category(x) in ("Cc", "Cf", "Zl", "Zp", "Cs")}
        start = line.strip()
        if odd or start.startswith(("::", "FORGED", "exact  FORGED")) or "##[" in line or "##vso[" in line:
            print(f"{path}, line {number}: {line!r} {' '.join(sorted(odd))}")
            found += 1
sys.exit(1 if found else 0)
