"""What must hold of a store after it was broken, looked at without our own code where that can be done."""

import json
import os
import pathlib
import sqlite3
import subprocess

from operations import digits_of_all


class Broken(Exception):
    """Something that must hold doesn't."""


def artifacts(store):
    """The artifacts of a store, read by SQLite itself, after a process of ours has opened it once."""
    connection = sqlite3.connect(f"file:{store}/bindery.db?mode=ro", uri=True)
    try:
        rows = connection.execute("SELECT name, version, lower(hex(digest)) FROM artifact").fetchall()
    finally:
        connection.close()
    return {tuple(row) for row in rows}


def tags(store):
    """The names of images, without the registry that is meant when none is written."""
    connection = sqlite3.connect(f"file:{store}/bindery.db?mode=ro", uri=True)
    try:
        rows = connection.execute("SELECT reference FROM image_tag").fetchall()
    except sqlite3.OperationalError:
        return set()
    finally:
        connection.close()
    return {row[0].split("/")[-1] for row in rows}


def inspect(bindery, store, before, operation, status, errors, tags_before):
    """Raises Broken unless the store is as one of the two states says, and whole; then repeats the operation."""
    if status > 0 and not errors.strip():
        raise Broken(f"status {status} without a message")
    if status > 0 and status not in (4, 6):
        raise Broken(f"status {status}: {errors.strip()[:300]}")
    if operation.makes_index and not os.path.exists(f"{store}/bindery.db"):
        if status == 0:
            raise Broken("it said that the index was made, and there is none")
        repeat = run(bindery, store, operation)
        if repeat.returncode != 0:
            raise Broken(f"the same command, undisturbed, fails: {repeat.stderr.strip()[:300]}")
    verify(bindery, store)
    now = artifacts(store)
    after = (before | operation.added) - operation.removed
    if now not in (before, after):
        raise Broken(f"neither the state before nor the one after: {sorted(now ^ before)}")
    if status == 0 and now != after:
        raise Broken("it said that it was done, and it is not")
    if status == 0 and not operation.images <= tags(store):
        raise Broken("it said that the image was there, and it is not")
    if status == 0 and operation.after:
        command, wanted = operation.after
        shown = subprocess.run([bindery, *command, "--store", store], capture_output=True, text=True)
        if wanted not in shown.stdout:
            raise Broken(f"it said that it was done, and `{' '.join(command)}` says {shown.stdout[:300]}{shown.stderr[:300]}")
    if not tags_before <= tags(store):
        raise Broken("an image that was there has lost its name")
    blobs(store, now)
    # Nothing is left that stands in the way of the same command, undisturbed.
    repeats = now == before or operation.images or not (operation.added or operation.removed)
    # An index that is there is never made again.
    if repeats and not operation.makes_index:
        repeat = run(bindery, store, operation)
        if repeat.returncode != 0:
            raise Broken(f"the same command, undisturbed, fails: {repeat.stderr.strip()[:300]}")
        if artifacts(store) != after:
            raise Broken("the same command, undisturbed, does something else")
    collected = subprocess.run([bindery, "gc", "--grace", "0", "--store", store], capture_output=True, text=True)
    if collected.returncode != 0:
        raise Broken(f"gc fails: {collected.stderr.strip()[:300]}")
    blobs(store, after)
    verify(bindery, store)


def run(bindery, store, operation, prefix=()):
    """Runs an operation on a store, perhaps under another program."""
    stdin = open(operation.stdin, "rb") if operation.stdin else subprocess.DEVNULL
    try:
        return subprocess.run(
            [*prefix, bindery, *operation.arguments, "--store", store],
            stdin=stdin,
            capture_output=True,
            text=True,
            timeout=120,
        )
    finally:
        if operation.stdin:
            stdin.close()


def verify(bindery, store):
    """`bindery verify` finds nothing wrong."""
    result = subprocess.run([bindery, "verify", "--json", "--store", store], capture_output=True, text=True)
    if result.returncode != 0:
        faults = json.loads(result.stdout).get("faults") if result.stdout.strip() else None
        raise Broken(f"verify ends with {result.returncode}: {faults or result.stderr.strip()[:300]}")


def blobs(store, named):
    """Every blob that is visible is what its name says, and every artifact has one."""
    directory = pathlib.Path(store) / "blobs/sha256"
    names = sorted(os.listdir(directory))
    present = set(names)
    for name, found in zip(names, digits_of_all([str(directory / name) for name in names]), strict=True):
        if found != name:
            raise Broken(f"a partial blob is visible: {name}")
    missing = {digest for _, _, digest in named} - present
    if missing:
        raise Broken(f"blobs of artifacts are missing: {sorted(missing)}")
