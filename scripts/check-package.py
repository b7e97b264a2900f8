#!/usr/bin/env python3
"""Compares Package.swift with what else says the same, and fails where they differ.

- Each package that SwiftPM resolves is declared with an exact version, and each declared one is resolved.
- The table of modules in docs/ARCHITECTURE.md names each of our targets, with what it depends on.

    scripts/check-package.py SWIFT [ARGUMENT of `swift package`]…
"""
import json
import re
import subprocess
import sys

ARCHITECTURE = "docs/ARCHITECTURE.md"


def output(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def declared_packages(package):
    for dependency in package["dependencies"]:
        [control] = dependency["sourceControl"]
        yield control["identity"], control["requirement"].get("exact", [None])[0]


def resolved_packages(swift, arguments):
    """Identity and version of each package below the root."""
    root = json.loads(output(swift, "package", *arguments, "show-dependencies", "--format", "json"))
    found, waiting = {}, list(root["dependencies"])
    while waiting:
        package = waiting.pop()
        found[package["identity"]] = package["version"]
        waiting += package["dependencies"]
    return found


def package_problems(declared, resolved):
    for identity, version in sorted(resolved.items()):
        if identity not in declared:
            yield f"Package.swift: {identity} is resolved at {version} and isn't declared; declare it with this version"
        elif declared[identity] is None:
            yield f"Package.swift: {identity} has a range of versions; declare it as exact: \"{version}\""
    for identity in sorted(declared.keys() - resolved.keys()):
        yield f"Package.swift: {identity} is declared and nothing needs it"


def target_dependencies(target):
    """Names of the targets, and identities of the packages, that a target depends on."""
    names = set()
    for dependency in target["dependencies"]:
        if "product" in dependency:
            _, package, _, condition = dependency["product"]
            # One with a condition only fixes a version (`indirectProducts`).
            names |= set() if condition else {package}
        else:
            [(_, [name, *_])] = dependency.items()
            names.add(name)
    return names


def documented_targets():
    """Rows of the table of modules: the first column's name, and the names in the last."""
    rows = {}
    with open(ARCHITECTURE, encoding="utf-8") as file:
        for line in file:
            cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
            name = re.fullmatch(r"`([A-Za-z]+)`", cells[0])
            if line.startswith("|") and len(cells) == 3 and name:
                dependencies = cells[2].replace("all of the above", ", ".join(rows))
                rows[name[1]] = set(re.findall(r"[A-Za-z][\w.-]*", dependencies))
    return rows


def target_problems(package):
    wanted = {
        target["name"]: target_dependencies(target)
        for target in package["targets"]
        if target["type"] in ("regular", "executable") and not (target.get("path") or "").startswith("Tests/")
    }
    # The targets of C are described below the table.
    is_c = re.compile(r"C[A-Z]").match
    wanted = {name: {each for each in names if not is_c(each)} for name, names in wanted.items() if not is_c(name)}
    rows = documented_targets()
    for name in sorted(wanted.keys() | rows.keys()):
        if name not in rows:
            yield f"{ARCHITECTURE}: the table of modules lacks {name}"
        elif name not in wanted:
            yield f"{ARCHITECTURE}: the table of modules has {name}, which isn't a target"
        else:
            for missing in sorted(wanted[name] - rows[name]):
                yield f"{ARCHITECTURE}: {name} depends on {missing}, which its row doesn't say"
            for extra in sorted(rows[name] - wanted[name]):
                yield f"{ARCHITECTURE}: the row of {name} names {extra}, on which it doesn't depend"


def main():
    swift, *arguments = sys.argv[1:]
    package = json.loads(output(swift, "package", *arguments, "dump-package"))
    problems = [
        *package_problems(dict(declared_packages(package)), resolved_packages(swift, arguments)),
        *target_problems(package),
    ]
    print("\n".join(problems), file=sys.stderr, end="\n" if problems else "")
    return 1 if problems else 0


sys.exit(main())
