"""What is broken: commands that change a store, with the state before and after each."""

import os
import pathlib
import shutil
import subprocess


class Operation:
    """One command on the prepared store.

    `arguments` follow the program's name, `stdin` is what it reads. `added` and `removed` say how the set of artifacts,
    as (name, version, digest's digits), differs afterwards. `images` are the names of images that are there afterwards.
    Of one that repeats itself a thousand times, each `thin`-th point is taken, others with another seed.
    `makes_index` is set for one whose store has no index before. `after` are a command and what it prints once the operation
    is done.
    """

    def __init__(self, name, arguments, stdin=None, added=(), removed=(), needs=None, images=(), makes_index=False, after=None,
                 thin=1):
        self.name = name
        self.arguments = arguments
        self.stdin = stdin
        self.added = set(added)
        self.removed = set(removed)
        self.needs = needs or arguments[0]
        self.images = set(images)
        self.makes_index = makes_index
        self.after = after
        self.thin = thin
        self.pristine = None


def digits(path):
    """The SHA-256 of a file, by OpenSSL and not by us."""
    return digits_of_all([path])[0]


def digits_of_all(paths):
    """The SHA-256 of files, in their order; one process for all of them."""
    if not paths:
        return []
    command = ["openssl", "dgst", "-sha256", "-r", *paths]
    out = subprocess.run(command, check=True, capture_output=True, text=True)
    return [line[:64] for line in out.stdout.splitlines()]


def prepare(work, bindery):
    """Makes the files and the prepared store; returns the operations.

    The store has two releases that must stay, one that was removed and whose bytes wait for collection, one that the
    operation `rm` removes, and an orphan: a blob that a killed command left.
    """
    work = pathlib.Path(work)
    files = work / "files"
    files.mkdir()
    store = work / "pristine"

    def make(name, size):
        path = files / name
        path.write_bytes(os.urandom(size))
        return str(path)

    def run(*arguments):
        subprocess.run([bindery, *arguments, "--store", str(store)], check=True, capture_output=True)

    for name, size in [("kept", 5000), ("wide", 300_000), ("gone", 9000), ("leaving", 7000)]:
        run("put", make(name, size), "--name", name, "--version", "1", "--platform", "any")
    run("rm", "gone@1")
    orphan = pathlib.Path(make("orphan", 6000))
    shutil.copyfile(orphan, store / "blobs/sha256" / digits(orphan))

    # Above a mebibyte: space is reserved for it, and a second thread hashes.
    one = make("one", 1_200_000)
    many = [make(f"many{number}", 2000 + number) for number in range(12)]
    operations = [
        Operation(
            "put, one file",
            ["put", one, "--name", "one", "--version", "1", "--platform", "any"],
            added=[("one", "1", digits(one))],
        ),
        Operation(
            "put, 12 files",
            ["put", *many, "--name-pattern", "{name}", "--version", "1", "--platform", "any"],
            added=[(os.path.basename(path), "1", digits(path)) for path in many],
        ),
        Operation(
            "put, standard input",
            ["put", "-", "--name", "stdin", "--version", "1", "--platform", "any"],
            stdin=one,
            added=[("stdin", "1", digits(one))],
        ),
        Operation(
            "rm", ["rm", "leaving@1"], removed=[("leaving", "1", digits(files / "leaving"))]
        ),
        Operation("gc", ["gc", "--grace", "0"]),
    ]
    operations += image_operations(work, bindery, store, run)
    operations += log_operations(work, bindery, run)
    operations = [operation for operation in operations if knows(bindery, operation.needs)]
    indexless = work / "indexless"
    for operation in operations:
        operation.pristine = str(indexless if operation.makes_index else store)
    if any(operation.makes_index for operation in operations):
        shutil.copytree(store, indexless, symlinks=True)
        for end in ("", "-journal", "-wal", "-shm"):
            (indexless / f"bindery.db{end}").unlink(missing_ok=True)
    return operations


def log_operations(work, bindery, run):
    """What signs, names and makes again: a seal, a checkpoint, a log that begins again, the index from its entries."""
    if not knows(bindery, "reindex"):
        return []
    keys = {}
    for role in ("release", "log"):
        keys[role] = str(work / "files" / f"{role}.key")
        subprocess.run([bindery, "key", "generate", keys[role], "--role", role], check=True, capture_output=True)
    run("log", "checkpoint", "--key", keys["log"])
    return [
        Operation("seal", ["seal", "kept@1", "--key", keys["release"]], after=(["attestations", "kept@1", "--json"], "predicateType")),
        Operation("log checkpoint", ["log", "checkpoint", "--key", keys["log"]]),
        Operation(
            "log restart",
            ["log", "restart", "--reason", "a test", "--key", keys["log"]],
            after=(["log", "--limit", "1", "--json"], '"restart"'),
        ),
        Operation("reindex", ["reindex"], makes_index=True, thin=10),
    ]


def image_operations(work, bindery, store, run):
    """build and tag, of an image that holds a released file."""
    if not knows(bindery, "build"):
        return []
    recipe = work / "files/Dockerfile.release"
    recipe.write_text('FROM scratch\nCOPY kept /kept\nENTRYPOINT ["/kept"]\n')
    run("build", "kept@1", "-f", str(recipe), "-t", "first:1", "--platform", "linux/amd64")
    other = work / "files/Other.release"
    other.write_text("FROM scratch\nCOPY --chmod=755 wide /wide\n")
    operations = [
        Operation(
            "build",
            ["build", "wide@1", "-f", str(other), "-t", "second:1", "--platform", "linux/amd64"],
            images=["second:1"],
        ),
        Operation("tag", ["tag", "first:1", "first:2"], images=["first:2"]),
    ]
    if knows(bindery, "import"):
        archive, bundle, added = foreign(work, bindery)
        operations.append(Operation("import, an image", ["import", archive, "-t", "third:1"], images=["third:1"]))
        if bundle:
            operations.append(Operation("import, a bundle", ["import", bundle], added=added, images=["third:1"]))
    return operations


def foreign(work, bindery):
    """An archive of an image of two layers that the prepared store has no blob of, a bundle of that image and of the
    two files in it, and these as artifacts; made in a store of their own."""
    store = work / "foreign"

    def run(*arguments):
        subprocess.run([bindery, *arguments, "--store", str(store)], check=True, capture_output=True)

    files = []
    for name in ("base", "top"):
        path = work / "files" / name
        path.write_bytes(os.urandom(40_000))
        files.append(str(path))
    recipe = work / "files/Foreign.release"
    recipe.write_text("FROM scratch\nCOPY base /base\nCOPY top /top\n")
    run("put", *files, "--name-pattern", "{name}", "--version", "1", "--platform", "any")
    run("build", "base@1", "top@1", "-f", str(recipe), "-t", "third:1", "--platform", "linux/amd64")
    archive, bundle = f"oci-archive:{work}/files/foreign.oci", None
    run("copy", "third:1", archive)
    if knows(bindery, "export"):
        bundle = f"oci-archive:{work}/files/foreign.bundle"
        run("export", "base@1", "top@1", "third:1", "-o", bundle)
    shutil.rmtree(store)
    return archive, bundle, [(name, "1", digest) for name, digest in zip(("base", "top"), digits_of_all(files), strict=True)]


def knows(bindery, command):
    """Whether the program has a command."""
    help_text = subprocess.run([bindery, command, "--help"], capture_output=True, text=True)
    return help_text.returncode == 0 and f"bindery {command}" in help_text.stdout
