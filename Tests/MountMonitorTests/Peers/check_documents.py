"""check_documents.py ROOT MONITOR: the configurations in docs and manifests, against the JSON Schema and the program.

Both must take what is documented and refuse what is wrong, and both must know the same keys.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import jsonschema
import yaml

root, monitor = pathlib.Path(sys.argv[1]), sys.argv[2]
schema = json.loads((root / "docs/mount-monitor.schema.json").read_text())
validator = jsonschema.Draft202012Validator(schema)
jsonschema.Draft202012Validator.check_schema(schema)
directory = tempfile.mkdtemp()


def by_program(text):
    path = pathlib.Path(directory, "config.json")
    path.write_text(text)
    done = subprocess.run([monitor, "-c", str(path), "--check-config"], capture_output=True, text=True)
    return done.returncode == 0, done.stderr


def check(where, text, valid):
    try:
        taken = not list(validator.iter_errors(json.loads(text)))
    except json.JSONDecodeError:
        taken = False
    assert taken == valid, f"{where}: the schema says {taken}"
    taken, errors = by_program(text)
    assert taken == valid, f"{where}: the program says {taken}: {errors}"


count = 0
page = (root / "docs/mount-monitor.md").read_text()
for number, text in enumerate(re.findall(r"```json\n(.*?)```", page, re.S)):
    check(f"docs/mount-monitor.md, example {number + 1}", text, True)
    count += 1
check("config.example.json", (root / "config.example.json").read_text(), True)
for path in (root / "deploy").rglob("*.yaml"):
    for document in yaml.safe_load_all(path.read_text()):
        if document.get("kind") == "ConfigMap":
            check(str(path), document["data"]["config.json"], True)
            count += 1
assert count >= 4, count

mount = {"path": "/a"}
for document in [
    {},
    {"mounts": []},
    {"mounts": [{}]},
    {"mounts": ["/a"]},
    {"mounts": [mount], "zzz": 1},
    {"mounts": [{"path": "/a", "zzz": 1}]},
    {"mounts": [mount], "watchdog": {"zzz": 1}},
    {"mounts": [{"path": ""}]},
    {"mounts": [{"path": "/a", "checkType": "ping"}]},
    {"mounts": [{"path": "/a", "checkType": "mountpoint"}]},
    {"mounts": [{"path": "/a", "checkType": "mountpoint", "fsType": ""}]},
    {"mounts": [{"path": "/a", "notEmpty": 1}]},
    {"mounts": [mount], "reload": "no"},
    {"mounts": [mount], "watchdog": {"gracePeriodSeconds": 3000000000}},
    {"mounts": [{"path": "/a", "failureThreshold": -1}]},
    {"mounts": [mount], "checkInterval": 30},
    {"mounts": [mount], "checkInterval": "30"},
    {"mounts": [mount], "checkInterval": "1d"},
    {"mounts": [mount], "httpPort": 65536},
    {"mounts": [mount], "httpPort": "8080"},
    {"mounts": [mount], "logLevel": "trace"},
    {"mounts": [mount], "logFormat": "xml"},
    {"mounts": [mount], "watchdog": {"enabled": "yes"}},
]:
    check(json.dumps(document), json.dumps(document), False)
for document in [
    {"mounts": [mount], "checkInterval": "1h2m3.5s", "shutdownTimeout": "+1.5m"},
    {"mounts": [{"path": "/a", "failureThreshold": 0, "canaryFile": "x/..y"}]},
    {"mounts": [mount, mount], "httpPort": 0, "logLevel": "", "canaryFile": "../x", "checkInterval": "0s"},
    {"mounts": [{"path": "/a", "checkType": "mountpoint", "fsType": "nfs", "notEmpty": True, "write": True}],
     "writeInterval": "1h", "events": True, "reload": False},
    {"$schema": "x", "mounts": [mount], "watchdog": {"restartDelay": "0"}},
]:
    check(json.dumps(document), json.dumps(document), True)


def known(document, place):
    """The keys that the program names when one is unknown."""
    found = re.search(re.escape(place) + r"qqqqqqqqqq: unknown key; known here are (.*)", by_program(json.dumps(document))[1])
    return set(found.group(1).split(", "))


properties = schema["properties"]
assert known({"qqqqqqqqqq": 1}, "") == set(properties)
assert known({"mounts": [{"qqqqqqqqqq": 1}]}, "mounts[0].") == set(properties["mounts"]["items"]["properties"])
assert known({"watchdog": {"qqqqqqqqqq": 1}}, "watchdog.") == set(properties["watchdog"]["properties"])

# What the program says of itself is what the page says.
usage = subprocess.run([monitor, "--help"], capture_output=True, text=True, check=True).stdout
for flag in re.findall(r"--[a-z-]+", usage):
    assert f"`{flag}" in page or f"{flag} " in page, f"{flag} is not documented"
for name in re.findall(r"`(--[a-z-]+)", page):
    assert name in usage or name in ("--allow-other", "--vfs-cache-mode", "--dir-cache-time"), f"{name} does not exist"
print(f"{count} examples, keys and flags agree")
