"""What the program says of an image."""

import json
import os
import subprocess
import tempfile

from reading import Shown

UNSURE = {"ambiguous", "incomplete", "damaged"}
# The finding that says that mode and owner of a name depend on the engine: then they are not compared.
DEPENDS = "BND019"


class Answer:
    """An audit's answer: whether it is sure, its word, and what it says is at each path."""

    def __init__(self, status, report, errors):
        self.status, self.report = status, report
        self.word = report.get("verdict") or "damaged" if report else "refused"
        self.is_sure = bool(report) and self.word not in UNSURE and status in (0, 1)
        self.errors = errors
        platforms = report.get("platforms", []) if report else []
        self.codes = sorted({finding["code"] for part in [report or {}, *platforms] for finding in part.get("findings", [])})
        self.depending = [finding.get("path", "").encode() for platform in platforms for finding in platform.get("findings", [])
                          if finding["code"] == DEPENDS]
        self.files, self.entrypoint = {}, None
        for platform in platforms:
            self.entrypoint = platform["entrypoint"][0]["name"] if platform["entrypoint"] else None
            for file in platform["files"]:
                self.files[path(file)] = Shown(file["kind"], int(file["mode"], 8), content(file))


class Part:
    """What an answer about an image of many stacks, which is sure, says of one of them."""

    def __init__(self, answer, lead):
        self.status, self.word, self.is_sure, self.errors = answer.status, answer.word, True, answer.errors
        self.codes, self.entrypoint = answer.codes, answer.entrypoint
        self.depending = [path for path in answer.depending if path.startswith(lead)]
        self.files = {path: file for path, file in answer.files.items() if path.startswith(lead)}


def path(file):
    return bytes.fromhex(file["pathHex"]) if file.get("pathHex") else file["path"].encode()


def content(file):
    if file["kind"] == "symbolic link":
        return file["target"].encode()
    return file.get("digest")


class Auditor:
    """Runs audits against a store that holds nothing that the stacks have."""

    def __init__(self, bindery, work):
        self.bindery = bindery
        self.environment = {**{key: value for key, value in os.environ.items() if not key.startswith("BINDERY")},
                            "BINDERY_STORE": work + "/store", "NO_COLOR": "1", "TMPDIR": work, "HOME": work}
        with tempfile.NamedTemporaryFile(dir=work) as file:
            file.write(b"released")
            file.flush()
            subprocess.run([bindery, "put", file.name, "--name", "released", "--version", "1", "--platform", "any"],
                           check=True, env=self.environment, stdout=subprocess.DEVNULL)

    def audit(self, reference):
        try:
            done = subprocess.run([self.bindery, "audit", reference, "--all", "--json", "--no-record"], env=self.environment,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
        except subprocess.TimeoutExpired:
            return Answer(None, None, "no answer within 120 seconds")
        try:
            report = json.loads(done.stdout)
        except ValueError:
            report = None
        return Answer(done.returncode, report, done.stderr.decode("utf-8", "replace"))
