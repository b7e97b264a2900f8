"""Runs the program on a store of its own and keeps what it says, with what differs from run to run replaced."""

import json
import os
import pathlib
import re
import subprocess

TIME = re.compile(r"\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def steady(value):
    """JSON without times, other than those of the epoch that the images have."""
    if isinstance(value, dict):
        return {key: steady(member) for key, member in value.items()}
    if isinstance(value, list):
        return [steady(item) for item in value]
    return TIME.sub("<time>", value) if isinstance(value, str) else value


def pretty(value):
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


class Recorder:
    def __init__(self, bindery, work):
        self.bindery, self.work, self.texts = bindery, pathlib.Path(work), {}
        self.statuses = []
        for name in ["home", "tmp"]:
            (self.work / name).mkdir()
        # Nothing of the machine: no credentials, no engine, no proxy, no one's name.
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": str(self.work / "home"), "TMPDIR": str(self.work / "tmp"),
            "BINDERY_STORE": "store", "BINDERY_ACTOR": "golden", "NO_COLOR": "1", "LC_ALL": "C.UTF-8", "TZ": "UTC",
        }

    def path(self, name):
        return self.work / name

    def write(self, name, data, mode=0o644):
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        path.chmod(mode)
        return name

    def run(self, *words, stdin=b""):
        return subprocess.run(
            [self.bindery, *words], cwd=self.work, env=self.environment, input=stdin, timeout=600,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )

    def status(self, *words, stdin=b""):
        """Keeps a command's exit status alone."""
        done = self.run(*words, stdin=stdin)
        self.statuses.append((done.returncode, " ".join(words)))
        return done

    def json(self, name, *words, stdin=b"", clean=steady):
        """Keeps a command with its exit status and JSON, less what differs from run to run; the JSON."""
        words = (*words, "--json")
        done = self.run(*words, stdin=stdin)
        try:
            value = json.loads(done.stdout)
        except ValueError:
            raise SystemExit(f"{' '.join(words)}: status {done.returncode}, no JSON: {done.stderr.decode()}") from None
        self.keep(f"json/{name}.json", pretty({"command": " ".join(words), "status": done.returncode, "output": clean(value)}))
        return value

    def keep(self, name, text):
        assert name not in self.texts, name
        self.texts[name] = text

    def keep_statuses(self, name):
        self.keep(name, "".join(f"{status} bindery {words}\n" for status, words in self.statuses))
