"""Directories, archives, layouts and stores as texts."""

import hashlib
import json
import os
import sqlite3
import tarfile

from recorder import pretty, steady


def listing(directory):
    """Every file with mode, size and digest."""
    lines = []
    for path in sorted(directory.rglob("*")):
        kind = "directory" if path.is_dir() else hashlib.sha256(path.read_bytes()).hexdigest()
        lines.append(f"{path.stat().st_mode & 0o7777:04o} {path.relative_to(directory)} {kind}")
    return "\n".join(lines) + "\n"


def members(archive):
    """The entries of an archive, and its own digest."""
    lines = ["sha256:" + hashlib.sha256(archive.read_bytes()).hexdigest()]
    with tarfile.open(archive) as tar:
        lines += [f"{entry.mode:04o} {entry.mtime} {entry.name} {entry.size} {entry.linkname}".rstrip() for entry in tar]
    return "\n".join(lines) + "\n"


def layout(directory):
    """A layout's documents, and the digests of what is in its layers once they are unpacked."""
    blobs = {}
    for path in sorted((directory / "blobs/sha256").iterdir()):
        data = path.read_bytes()
        try:
            blobs[path.name] = json.loads(data) if data[:1] == b"{" else len(data)
        except ValueError:
            blobs[path.name] = len(data)
    return pretty({
        "oci-layout": json.loads((directory / "oci-layout").read_text()),
        "index.json": json.loads((directory / "index.json").read_text()),
        "blobs": blobs,
    })


# Tables whose rows the machine decides: processes, inodes, hashes over times. Their schema is held all the same.
UNSTEADY = {"blob_file", "lease", "lease_blob", "log_hash", "log_tree", "scrub", "upkeep"}


def record(recorder):
    """The index of the store: its schema, its rows, its events."""
    index = sqlite3.connect(f"file:{recorder.path('store/bindery.db')}?mode=ro", uri=True)
    schema = [f"PRAGMA {name} = {index.execute('PRAGMA ' + name).fetchone()[0]};" for name in
              ["application_id", "user_version", "encoding"]]
    tables = index.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type DESC, name").fetchall()
    recorder.keep("store/schema.sql", "\n".join(schema + [sql + ";" for _, sql in tables]) + "\n")
    names = [row[0] for row in index.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    for name in names:
        if name.startswith("sqlite_") or name in UNSTEADY or name == "event":
            continue
        cursor = index.execute(f"SELECT * FROM {name}")
        columns = [column[0] for column in cursor.description]
        rows = [{column: value(column, cell) for column, cell in zip(columns, row)} for row in cursor]
        if name != "grdb_migrations":
            # Files of one call are stored side by side, so their numbers aren't steady; nothing reads an order from them.
            rows.sort(key=lambda row: json.dumps({k: v for k, v in row.items() if k != "id"}, sort_keys=True))
        recorder.keep(f"store/rows/{name}.json", pretty(rows))
    events = [json.loads(row[0]) for row in index.execute("SELECT body FROM event ORDER BY sequence")]
    recorder.keep("store/events.json", pretty(steady(events)))
    recorder.keep("store/files.txt", "\n".join(sorted(
        f"{entry.stat().st_mode & 0o7777:04o} {entry.name}" for entry in os.scandir(recorder.path("store"))
        if not entry.name.endswith(("-wal", "-shm"))
    )) + "\n")


def value(column, cell):
    if cell is not None and column.endswith("_at"):
        return "<time>"
    if isinstance(cell, bytes):
        return cell.hex() if column != "path" else cell.decode("utf-8", "backslashreplace")
    if isinstance(cell, str) and cell[:1] in "{[":
        return steady(json.loads(cell))
    return cell
