"""Breaking one system call at a time, by strace."""

import collections
import os
import re
import shutil

import inspection

# Errors that each call can really end with.
DISK = ["EIO", "ENOSPC", "EDQUOT"]
CALLS = {
    "write": DISK + ["EINTR"],
    "pwrite64": DISK + ["EINTR"],
    "fsync": DISK,
    "fdatasync": DISK,
    "syncfs": DISK,
    "openat": ["EIO", "ENOSPC", "EMFILE", "EINTR"],
    "linkat": DISK,
    "link": DISK,
    "rename": DISK,
    "renameat2": DISK,
    "unlink": ["EIO", "EROFS"],
    "unlinkat": ["EIO", "EROFS"],
    "ftruncate": DISK + ["EINTR"],
    "fallocate": DISK + ["EINTR"],
    "copy_file_range": DISK,
    "mkdir": DISK,
    "fchmod": ["EIO", "EROFS"],
    "sync_file_range": DISK,
    "close": ["EIO"],
    "flock": ["EINTR", "ENOLCK"],
    "read": ["EIO", "EINTR"],
    "pread64": ["EIO", "EINTR"],
    "getdents64": ["EIO"],
}

# Calls that change nothing: a kill at one of them leaves what a kill at the next that does leaves.
HARMLESS = {"read", "pread64", "getdents64", "flock", "close"}


def breaks(call, number):
    """What is done to the call that is the `number`-th of its name: errors, and for calls that change something a kill.

    SQLite reads pages by one line of its code, and writes them by another. Each of those many calls fails with EIO, and
    each that writes with ENOSPC and EDQUOT; of the interrupted ones, which it repeats, each fourth is taken.
    """
    errors = [error for error in CALLS[call] if error != "EINTR" or not call.startswith("p") or number % 4 == 0]
    return [f"error={error}" for error in errors] + ([] if call in HARMLESS else ["signal=KILL"])


class Points:
    """The calls of an operation that touch its store or its files: for each, their places among calls of that name.

    A place is counted in the call's own thread, as strace does when it breaks the N-th.
    """

    def __init__(self, work, bindery, pristine, operation):
        store = os.path.join(work, "traced")
        copy(pristine, store)
        trace = os.path.join(work, "trace")
        prefix = ["strace", "-f", "-y", "-s", "0", "-o", trace, "-e", "trace=" + ",".join(CALLS)]
        result = inspection.run(bindery, store, operation, prefix)
        if result.returncode != 0:
            raise SystemExit(f"{operation.name} fails undisturbed: {result.stderr}")
        self.places = collections.defaultdict(set)
        seen = collections.Counter()
        with open(trace, encoding="utf-8", errors="replace") as lines:
            for line in lines:
                # A call that another thread interrupted has two lines; the second is not a call of its own.
                found = re.match(r"(\d+) +(\w+)\(", line)
                if not found:
                    continue
                call = found.group(2)
                seen[found.groups()] += 1
                if work in line:
                    self.places[call].add(seen[found.groups()])
        shutil.rmtree(store)

    def all(self):
        """Pairs of call and place."""
        return [(call, place) for call in CALLS for place in sorted(self.places[call])]


def copy(source, target):
    """A copy of a store, with modes and times."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, symlinks=True)


def disturb(work, bindery, store, operation, call, place, how):
    """Runs an operation with one call broken; returns its status (-9 when killed), messages, and whether it was hit."""
    trace = os.path.join(work, f"trace-{os.path.basename(store)}")
    inject = f"{call}:{how}:when={place}"
    prefix = ["strace", "-f", "-s", "0", "-o", trace, "-e", f"trace={call}", "-e", f"inject={inject}"]
    result = inspection.run(bindery, store, operation, prefix)
    with open(trace, encoding="utf-8", errors="replace") as lines:
        text = lines.read()
    hit = "(INJECTED)" in text or "killed by SIGKILL" in text
    return result.returncode, result.stderr, hit
