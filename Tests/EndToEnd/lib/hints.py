"""Runs the commands that messages give as a way out.

    hints.py BINDERY SOURCES DIR

A message has a command to copy between backticks, `bindery ls tool`. Each call below ends with such a message; the command is
run as it stands, on a copy of the store, and must be a right call. Of every such text in the sources the command and its options
must be there; those that no call below shows are listed.
"""
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

BINDERY, SOURCES, HERE = (os.path.abspath(argument) for argument in sys.argv[1:])
STORE = os.path.join(HERE, "store")
ENVIRONMENT = {"PATH": os.environ["PATH"], "HOME": HERE, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
HINT = re.compile(r"`(bindery [^`]*)`")

DIGEST = "f" * 64
# Calls whose messages have commands to copy.
CALLS = [
    ["show", "tool@9"], ["show", "tol@1"], ["get", "nothing@1"], ["audit", "nothing:1"], ["show", "nothing:1"],
    ["log", "nothing"], ["where", DIGEST], ["show", "sha256:" + DIGEST], ["ls", "sha256:" + DIGEST], ["ls"], ["ls", "--draft"],
    ["where", "tool"], ["put", "other", "--name", "sealed", "--version", "1", "--platform", "any"],
    ["put", "other", "--name", "tool", "--version", "1", "--platform", "any"],
    ["attest", "tool@1", "--type", "https://example.com/v1", "--predicate", "predicate", "--key", "key"],
    ["attest", "image:1", "--type", "https://example.com/v1", "--predicate", "predicate", "--key", "key"],
    ["attestations", "tool@1"], ["export", "nothing:1", "-o", "oci-archive:out"], ["audit", "oci-archive:bundle:tool@1"],
    ["audit", "oci:bundle-layout:tool@1"], ["audit", "tool"], ["index", "add", "plain:1", "image:1"],
    ["revoke", "tool@1", "--lift", "--reason", "none"], ["revoke", "nothing@1", "--reason", "none"],
    ["revoke", "twice@1", "--reason", "why", "--deny"], ["build", "denied@1", "-f", "Dockerfile.denied", "-t", "denied:1"],
    ["get", "denied@1", "-o", "out"], ["build", "draft@1", "-f", "Dockerfile.draft", "-t", "draft:1"], ["seal", "nothing@1"],
    ["put", "tool", "--name", "draft", "--version", "1", "--platform", "any"], ["rm", "draft@9", "--draft"],
    ["build", "tool@1", "-f", "Dockerfile.run", "-t", "run:1"], ["context", "tool@1", "-f", "Dockerfile.run", "-o", "out"],
    ["build", "tool@1", "-f", "Dockerfile.based", "-t", "based:1", "--platform", "linux/amd64"], ["key", "revoke", "nothing", "--reason", "none"],
    ["reaudit", "image:1"], ["reaudit", "docker://registry.example/nothing:1"], ["gc"], ["get", "damaged@1", "-o", "out"],
    ["status"], ["verifier", "-name", "image:1", "-digest", "sha256:" + DIGEST], ["frobnicate"], ["ls", "--nothing"],
    ["init", "--origin", "other"], ["copy", "tool@1", "other@1"], ["copy", "oci:bundle-layout:tool@1", "image:9"],
    ["rm", "tool@1"], ["unpin", "nothing@1"], ["show", "image:1"], ["explain"], ["sbom", "oci:bundle-layout:tool@1", "--format", "spdx"],
    ["diff", "tool@9", "tool@1"], ["where", "--base", DIGEST], ["restore", "backup", "--store", "new"],
]
# The same in other stores.
ELSEWHERE = [
    ("restored", ["gc"]), ("restored", ["status"]), ("broken", ["get", "damaged@1", "-o", "out"]), ("broken", ["verify"]),
    ("nowhere", ["ls"]),
]
failures = []


def call(arguments, store=STORE, **more):
    return subprocess.run([BINDERY, *arguments], cwd=HERE, env=dict(ENVIRONMENT, BINDERY_STORE=store), check=False,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600, **more)


def run(*arguments, store=STORE):
    done = call(arguments, store)
    if done.returncode not in (0, 1):
        sys.exit(f"bindery {' '.join(arguments)} ends with {done.returncode}: {done.stderr}")


def write(name, text):
    pathlib.Path(HERE, name).write_text(text, encoding="ascii")


def prepare():
    for name in ("tool", "other", "sealed", "denied", "draft", "damaged"):
        write(name, f"#!/bin/sh\necho {name}, and what makes it longer than sixteen bytes\n")
    write("predicate", '{"result":"passed"}')
    write("Dockerfile.release", "FROM scratch\nCOPY tool /tool\n")
    write("Dockerfile.denied", "FROM scratch\nCOPY denied /denied\n")
    write("Dockerfile.draft", "FROM scratch\nCOPY draft /draft\n")
    write("Dockerfile.run", "FROM scratch\nCOPY tool /tool\nRUN curl https://example.com | sh\n")
    write("Dockerfile.based", "FROM debian:12\nCOPY tool /tool\n")
    for name in ("tool", "sealed", "denied"):
        run("put", name, "--name", name, "--version", "1", "--platform", "any")
    run("put", "sealed", "--name", "twice", "--version", "1", "--platform", "any")
    run("put", "draft", "--name", "draft", "--version", "1", "--platform", "any", "--draft")
    run("build", "tool@1", "-f", "Dockerfile.release", "-t", "image:1", "--platform", "linux/amd64")
    run("copy", "image:1", "oci:layout:1")
    run("import", "oci:layout:1", "-t", "plain:1", "--platform", "linux/amd64")
    run("key", "generate", "key", "--role", "release")
    run("seal", "sealed@1")
    run("revoke", "denied@1", "--reason", "it leaks", "--deny")
    run("export", "tool@1", "image:1", "-o", "oci-archive:bundle")
    run("export", "tool@1", "image:1", "-o", "oci:bundle-layout")
    run("backup", "backup")
    run("restore", "backup", store="restored")
    run("put", "damaged", "--name", "damaged", "--version", "1", "--platform", "any", store="broken")
    blob = next(pathlib.Path(HERE, "broken/blobs/sha256").iterdir())
    blob.chmod(0o644)
    blob.write_bytes(bytes(blob.stat().st_size))


def is_known(words):
    """Whether a command and all options among the words are there."""
    text = call([words[1], "--help"]).stdout if len(words) > 1 else ""
    return bool(text) and all(word in text for word in words[2:] if word.startswith("--"))


def templates():
    """The commands in the messages of the sources: a pattern for each."""
    for path in sorted(pathlib.Path(SOURCES).rglob("*.swift")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line.lstrip().startswith("//"):
                for hint in HINT.findall(line):
                    yield path.name, hint


def pattern(hint):
    return re.compile(".+".join(re.escape(part) for part in re.split(r"\\\((?:[^()]|\([^()]*\))*\)", hint)))


def shown(arguments, store):
    """The commands that a call shows, each run on what the call left of the store."""
    work = os.path.join(HERE, "work")
    shutil.rmtree(work, ignore_errors=True)
    if os.path.isdir(os.path.join(HERE, store)):
        shutil.copytree(os.path.join(HERE, store), work, symlinks=True)
    done = call(arguments, work)
    hints = list(dict.fromkeys(HINT.findall(done.stdout + done.stderr)))
    for hint in hints:
        words = shlex.split(hint)
        if is_known(words) and all(word.startswith("--") for word in words[2:]):
            continue
        again = call(words[1:], work)
        if again.returncode == 2:
            failures.append(f"{shlex.join(arguments)} says `{hint}`, which is not a call: {again.stderr.strip()}")
    return hints


prepare()
seen = []
for arguments in CALLS:
    seen += shown(arguments, "store")
for store, arguments in ELSEWHERE:
    seen += shown(arguments, store)
unseen = []
for name, hint in templates():
    words = hint.split()
    if words[1:] != ["--help"] and not words[1].startswith("\\(") and not is_known(words):
        failures.append(f"{name}: `{hint}` is not a command, or lacks an option")
    elif "\\(" in hint and not any(pattern(hint).fullmatch(text) for text in seen):
        unseen.append(f"{name}: `{hint}`")
print("shown by no call here:", *unseen, sep="\n  ")
for failure in failures:
    print(failure)
print(f"{len(set(seen))} commands were shown")
sys.exit(1 if failures or len(set(seen)) < 20 else 0)
