#!/usr/bin/env python3
"""Lists the packages of Package.swift that have a newer stable version, by the tags of their repositories."""
import json
import re
import subprocess
import sys


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def newest(url):
    tags = re.findall(r"refs/tags/v?(\d+)\.(\d+)\.(\d+)$", output("git", "ls-remote", "--tags", "--refs", url), re.MULTILINE)
    return max((tuple(map(int, tag)) for tag in tags), default=None)


def main():
    package = json.loads(output(*sys.argv[1:], "package", "dump-package"))
    status = 0
    for dependency in package["dependencies"]:
        [control] = dependency["sourceControl"]
        [version] = control["requirement"]["exact"]
        [remote] = control["location"]["remote"]
        try:
            found = newest(remote["urlString"])
        except subprocess.CalledProcessError as error:
            print(f"{control['identity']}: {error.stderr.strip()}", file=sys.stderr)
            status = 1
            continue
        if found and found > tuple(map(int, version.split("."))):
            print(f"{control['identity']:32} {version:10} -> {'.'.join(map(str, found))}")
    return status


sys.exit(main())
