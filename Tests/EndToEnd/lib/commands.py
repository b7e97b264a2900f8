"""The table of all commands against all that can be wrong with a call.

    commands.py BINDERY DIR

Every command that `--help` lists is called with a wrong option, without its arguments, with names that aren't there, with
an unreadable file, on a read-only store, on a full disk, with a closed pipe, in 60 columns, and with --json. Each call has a
status, says what is wrong on standard error alone, and leaves the store as it was. A new command needs a row in CALLS.
"""
import atexit
import fcntl
import hashlib
import http.server
import json
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import threading

BINDERY, HERE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
STORE = os.path.join(HERE, "store")
ENVIRONMENT = {
    "PATH": os.environ["PATH"], "HOME": HERE, "BINDERY_STORE": STORE, "LC_ALL": "C.UTF-8", "TZ": "UTC",
    "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_EC2_METADATA_DISABLED": "true",
}

# A call of each command that works on the store made below, and whether it may change the store.
CALLS = {
    "init": ([], True),
    "put": (["tool", "--name", "tool", "--version", "9", "--platform", "any"], True),
    "get": (["tool@1", "-o", "out/tool"], False),
    "ls": ([], False),
    "show": (["tool@1"], False),
    "inspect": (["tool"], False),
    "rm": (["gone@1"], True),
    "context": (["tool@1", "-f", "Dockerfile.release", "-o", "out/context"], True),
    "build": (["tool@1", "-f", "Dockerfile.release", "-t", "image:2", "--platform", "linux/amd64"], True),
    "images": ([], False),
    "tag": (["image:1", "image:also"], True),
    "index": (["create", "image:joined", "image:1"], True),
    "copy": (["image:1", "oci:out/copy:1"], True),
    "export": (["tool@1", "-o", "oci-archive:out/bundle"], False),
    "import": (["oci-archive:bundle"], True),
    "audit": (["image:1"], True),
    "audits": ([], False),
    "reaudit": ([], True),
    "where": (["tool@1"], False),
    "diff": (["image:1", "image:1"], False),
    "identify": (["tool"], False),
    "explain": (["BND021"], False),
    "verifier": (["-name", "image:1", "-digest", "DIGEST"], False),
    "verify": ([], False),
    "status": ([], False),
    "gc": ([], True),
    "pin": (["tool@1"], True),
    "unpin": (["tool@1"], True),
    "log": ([], False),
    "backup": (["out/backup"], False),
    "restore": (["store", "--store", "out/restored"], True),
    "reindex": ([], True),
    "doctor": (["--blobs", "OBJECTS", "--rounds", "1"], False),
    "seal": (["tool@1"], True),
    "revoke": (["tool@1", "--reason", "broken"], True),
    "checksums": (["tool@1"], False),
    "verify-bundle": (["bundle"], False),
    "pack": (["packed@1", "--as", "tar.gz", "-o", "out/packed", "--force"], False),
    "attest": (["sealed@1", "--type", "https://example.com/v1", "--predicate", "predicate", "--key", "key"], True),
    "attestations": (["sealed@1"], False),
    "sbom": (["image:1", "--format", "spdx"], False),
    "key": (["trust", "key.pub", "--name", "ours", "--role", "release"], True),
    "serve": (["--listen", "127.0.0.1:0"], False),
    "token": (["create", "ci", "--scope", "team/*:pull"], True),
    "push": (["SERVER", "tool@1"], False),
    # The key that another call of the table trusts has signed no tool.
    "pull": (["SERVER", "tool@1", "--allow-unsigned"], True),
    "publish": (["image:1", "--to", "oci:out/published:1"], True),
    "watch": (["--once"], False),
}
# An argument that names nothing that is there, by command; status 3 unless another is given.
UNKNOWN = {
    "get": (["nothing@1"], 3), "show": (["nothing@1"], 3), "rm": (["nothing@1"], 3), "inspect": (["nothing"], 3),
    "context": (["nothing@1"], 3), "build": (["nothing@1"], 3), "tag": (["nothing:1", "other:1"], 3),
    "index": (["create", "image:joined", "nothing:1"], 3), "copy": (["nothing:1", "oci:out/none"], 3), "export": (["nothing@1", "-o", "oci:out/none"], 3),
    "import": (["oci-archive:nothing"], 3), "audit": (["nothing:1"], 3), "where": (["nothing@1"], 3),
    "diff": (["nothing:1", "image:1"], 3), "identify": (["nothing"], 3), "explain": (["BND999"], 2),
    "pin": (["nothing@1"], 3), "unpin": (["nothing@1"], 3), "put": (["nothing", "--name", "a", "--version", "1"], 3),
    "pack": (["nothing@1", "--as", "zip"], 3), "seal": (["nothing@1"], 3),
    "revoke": (["nothing@1", "--reason", "none"], 3), "checksums": (["nothing@1"], 3),
    "verify-bundle": (["oci-archive:nothing"], 3),
    "attestations": (["nothing@1"], 3), "sbom": (["nothing:1", "--format", "spdx"], 3),
    "restore": (["nothing", "--store", "out/none"], 3),
    "attest": (["nothing@1", "--type", "https://example.com/v1", "--predicate", "predicate", "--key", "key"], 3),
    "key": (["revoke", "nothing", "--reason", "none"], 3), "token": (["remove", "nothing"], 3),
    "push": (["SERVER", "nothing@1"], 3), "pull": (["SERVER", "nothing@1"], 3),
    "publish": (["nothing:1", "--to", "oci:out/none"], 3), "watch": (["nothing:1", "--list"], 3),
    "ls": (["nothing@1"], 3), "images": (["nothing:1"], 3), "log": (["nothing"], 3), "reaudit": (["nothing:1"], 3),
    "gc": (["--policy", "nothing"], 3), "verify": (["--repair", "--from", "nothing"], (2, 3)),
}
# A way to name the unreadable file (a directory, which root can't read as a file either).
UNREADABLE = {
    "put": ["DIRECTORY", "--name", "a", "--version", "1"], "identify": None, "inspect": ["DIRECTORY"],
    "context": ["tool@1", "-f", "DIRECTORY"], "build": ["tool@1", "-f", "DIRECTORY"], "gc": ["--policy", "DIRECTORY"],
    "key": ["show", "DIRECTORY"],
    "attest": ["sealed@1", "--type", "https://example.com/v1", "--predicate", "DIRECTORY", "--key", "key"],
    "verify-bundle": ["oci-archive:DIRECTORY"],
    "audit": ["docker-archive:DIRECTORY"], "import": ["oci-archive:DIRECTORY"], "where": ["DIRECTORY"],
}
# What only Swift says.
SWIFT = re.compile(
    r"Optional\(|DecodingError|Error Domain|CocoaError|\bnil\b|SQLITE_|NIO[A-Z]|ArgumentParser|NSError|Fatal error|\w+\(\w+: [^)]*\"|"
    r"The operation could not be completed|\bbindery\.\w+Error|keyNotFound|dataCorrupted"
)

failures = []


def check(condition, command, fault, text):
    if not condition:
        failures.append(f"{command}, {fault}: {text}")


def words(command, arguments):
    digest = CALLS_DIGEST.get("image", "")
    arguments = [{"SERVER": SERVED[0], "OBJECTS": OBJECTS[0]}.get(a, a) for a in arguments]
    return [BINDERY, command] + [DIGEST_WORD.sub(digest, a).replace("DIRECTORY", "directory") for a in arguments]


# The server that a copy of the store is behind, and a place for blobs.
SERVED = [""]
OBJECTS = [""]


class Objects(http.server.BaseHTTPRequestHandler):
    """Keeps objects and does nothing else that S3 does: what `doctor` says no to."""

    kept = {}

    def answer(self, status, body=b""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self):
        self.kept[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(200)

    def do_GET(self):
        self.answer(200 if self.path in self.kept else 404, self.kept.get(self.path, b""))

    def do_DELETE(self):
        self.kept.pop(self.path, None)
        self.answer(204)

    def log_message(self, *_):
        pass


DIGEST_WORD = re.compile(r"^DIGEST$")
CALLS_DIGEST = {}


def call(command, arguments, *, store=None, stdout=subprocess.PIPE, raw=False, **more):
    environment = dict(ENVIRONMENT, **({"BINDERY_STORE": store} if store else {}))
    line = arguments if raw else words(command, arguments)
    if "serve" in line and stdout == subprocess.PIPE:
        return served(line, environment)
    done = subprocess.run(line, cwd=HERE, env=environment, stdin=subprocess.DEVNULL, stdout=stdout,
                          stderr=subprocess.PIPE, timeout=600, **more)
    return done.returncode, (done.stdout or b"").decode(), done.stderr.decode()


def served(line, environment):
    """A server's call: once it says where it listens, it is told to stop."""
    with subprocess.Popen(line, cwd=HERE, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, bufsize=0) as process:
        first = process.stdout.readline()
        if first.startswith((b"http", b"{")):
            process.terminate()
        out, err = process.communicate(timeout=120)
    return process.returncode, (first + out).decode(), err.decode()


def state(store=STORE):
    """What is in the store: the last event, and every blob."""
    events = subprocess.run([BINDERY, "log", "--limit", "1", "--json", "--store", store], capture_output=True, check=True)
    blobs = sorted(os.listdir(os.path.join(store, "blobs/sha256")))
    return hashlib.sha256(events.stdout + "\n".join(blobs).encode()).hexdigest()


def is_refusal(command, fault, status, out, err, wanted):
    statuses = wanted if isinstance(wanted, tuple) else (wanted,)
    check(status in statuses, command, fault, f"status {status}, not {wanted}: {err or out}")
    check(out == "" or command == "verifier", command, fault, f"standard output has {out[:200]!r}")
    check(err.startswith("bindery"), command, fault, f"standard error doesn't begin with the program: {err[:200]!r}")
    check(not SWIFT.search(err), command, fault, f"the message speaks Swift: {err[:300]!r}")


def terminal(command, arguments, columns):
    """Standard output and status of a call at a terminal of that width."""
    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(words(command, arguments), cwd=HERE, env=dict(ENVIRONMENT, NO_COLOR="1"),
                               stdin=subprocess.DEVNULL, stdout=child, stderr=subprocess.DEVNULL)
    os.close(child)
    text = b""
    while True:
        readable, _, _ = select.select([parent], [], [], 600)
        try:
            piece = os.read(parent, 65536) if readable else b""
        except OSError:
            piece = b""
        if not piece:
            break
        text += piece
        if text.startswith(b"http") and process.poll() is None:
            process.terminate()
    os.close(parent)
    return process.wait(), text.decode().replace("\r\n", "\n")


def run(*arguments):
    status, out, err = call(None, [BINDERY, *arguments], raw=True)
    if status:
        sys.exit(f"bindery {' '.join(arguments)} ends with {status}: {err}")
    return out


def prepare():
    os.makedirs(os.path.join(HERE, "out"), exist_ok=True)
    os.makedirs(os.path.join(HERE, "directory"), exist_ok=True)
    for name in ("tool", "gone", "sealed", "packed"):
        with open(os.path.join(HERE, name), "w", encoding="ascii") as file:
            file.write(f"#!/bin/sh\necho {name}, and what makes it longer than sixteen bytes\n")
    with open(os.path.join(HERE, "Dockerfile.release"), "w", encoding="ascii") as file:
        file.write("FROM scratch\nCOPY tool /usr/local/libexec/a-directory-with-a-long-name/tool\nENTRYPOINT [\"/usr/local/libexec/a-directory-with-a-long-name/tool\"]\n")
    with open(os.path.join(HERE, "predicate"), "w", encoding="ascii") as file:
        file.write('{"result":"passed"}')
    for name in ("tool", "gone", "sealed", "packed"):
        platform = "linux/amd64" if name == "packed" else "any"
        run("put", name, "--name", name, "--version", "1", "--platform", platform)
    built = run("build", "tool@1", "-f", "Dockerfile.release", "-t", "image:1", "-t",
                "registry.example/a-team-with-a-long-name/an-image-with-a-long-name:1.2.3-rc.1", "--platform",
                "linux/amd64", "--json")
    CALLS_DIGEST["image"] = json.loads(built)["digest"]
    call("audit", ["image:1"])
    run("export", "tool@1", "image:1", "-o", "oci-archive:bundle")
    run("pin", "tool@1")
    run("key", "generate", "key", "--role", "release")
    run("seal", "sealed@1", "--key", "key")
    subprocess.run(["cp", "-a", STORE, os.path.join(HERE, "served-store")], check=True)


def serve():
    """A server of a copy of the store; the address is in SERVED."""
    line = [BINDERY, "serve", "--listen", "127.0.0.1:0", "--allow-push", "--store", os.path.join(HERE, "served-store")]
    process = subprocess.Popen(line, cwd=HERE, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    SERVED[0] = process.stdout.readline().decode().strip().removeprefix("http://")
    return process


def keep_objects():
    """A server of objects in this process; the place is in OBJECTS."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Objects)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    OBJECTS[0] = f"s3://bucket/blobs?endpoint=http://127.0.0.1:{server.server_port}"


def listed():
    text = call(None, [BINDERY, "--help"], raw=True)[1]
    names = re.findall(r"^  ([a-z]+) {2,}\S", text, re.M)
    return [name for name in names if name != "bindery"]


def options_of(name):
    """Each option of a command, as its --help lists them: whether it takes a value, and several of them."""
    text = call(None, [BINDERY, name, "--help"], raw=True)[1]
    usage = " ".join(text[text.index("USAGE:"):].split("\n\n")[0].split())
    lines = re.finditer(r"^  (?:-\w, )?(--[a-z-]+)(?:/--[a-z-]+)?( <[^>]+>)?", text[text.index("OPTIONS:"):], re.M)
    return {m[1]: (bool(m[2]), bool(re.search(re.escape(m[1]) + r" <[^>]+> \.\.\.", usage))) for m in lines}


# Options that take any text, or something that needn't be there; --store is made by some commands.
FREE = {"--reason", "--naming", "--scope", "--only", "--output", "--store", "--tls-ca", "--advisory"}
# Options whose wrong value is answered by status 1.
ANSWERED = {("attestations", "--require"), ("audit", "--require-attestation")}
# Options that may be repeated, where the usage doesn't say so.
REPEATED = {
    "--tag", "--base", "--only", "--require-file", "--scope", "--to", "--forget", "--require-attestation", "--provenance", "--osv", "--page", "--upstream",
}


# A right value of options, by option or by command and option, with which the call of CALLS ends with 0 or 1. An option without a
# row needs another one beside it, or another call: it may be refused.
RIGHT = {
    ("get", "--platform"): "any", ("where", "--platform"): "any", ("context", "--platform"): "linux/amd64", ("build", "--platform"): "linux/amd64", ("audit", "--platform"): "linux/amd64",
    ("copy", "--platform"): "linux/amd64", ("pack", "--platform"): "linux/amd64",
    "--name": "tool", ("put", "--version"): "9", ("put", "--as"): "bin/tool", ("put", "--file-name"): "tool.bin",
    ("put", "--kind"): "archive", ("put", "--mode"): "0755", ("put", "--expect-text"): "echo", "--annotation": "a=b",
    ("get", "--file"): "tool", "--limit": "1", ("log", "--after"): "1", "--naming": "{name}-{os}-{arch}",
    "--compression": "gzip", "--compression-level": "1", "--epoch": "1", "--derivation": "2", ("build", "--tag"): "image:3",
    ("build", "--annotate-from"): "tool@1", ("build", "--output"): "oci:out/image:1",
    "--expect": "tool@1", "--max-size": "1073741824", ("audit", "--base"): "image:1",
    "--report": "out/report", "--sarif": "out/sarif", "--junit": "out/junit", "--markdown": "out/markdown",
    "--sample": "50%", ("verify", "--since"): "1d", ("audits", "--since"): "1d", "--grace": "0", "--prometheus": "out/metrics",
    ("sbom", "--format"): "cyclonedx", ("sbom", "--platform"): "linux/amd64", ("sbom", "--output"): "out/bill",
    ("rm", "--reason"): "why", ("pin", "--reason"): "why", "--timeout": "5",
    ("serve", "--listen"): "127.0.0.1:0", "--host": "registry.example", "--login": "writes", "--expires": "30d",
    ("doctor", "--rounds"): "2", "--log-format": "json", "--gc-every": "30d", "--verify-every": "30d",
}


def right_options_are_taken(names):
    """Every option of every command with a right value, and --json: one document, or a refusal and nothing."""
    store = os.path.join(HERE, "right-options")
    for name in (n for n in names if n in CALLS and n != "verifier"):
        for option, (takes_value, _) in options_of(name).items():
            value = RIGHT.get((name, option), RIGHT.get(option))
            if option in ("--help", "--json", "--store") or (takes_value and option == "--project"):
                continue
            subprocess.run(["rm", "-rf", store, os.path.join(HERE, "out")], check=True)
            subprocess.run(["cp", "-a", STORE, store], check=True)
            os.makedirs(os.path.join(HERE, "out"))
            arguments = list(CALLS[name][0])
            if option in arguments:
                place = arguments.index(option)
                arguments = arguments[:place] + arguments[place + 2:]
            line = words(name, arguments + [option] + ([value or "x"] if takes_value else []) + ["--json"])
            status, out, err = call(name, line, store=store, raw=True)
            fault = f"{option} {value if takes_value else ''} with --json"
            if status in (0, 1):
                try:
                    json.loads(out)
                except ValueError:
                    check(False, name, fault, f"standard output is not JSON: {out[:200]!r}")
            else:
                check(out == "", name, fault, f"standard output of a refusal: {out[:200]!r}")
                check(err.startswith("bindery"), name, fault, f"standard error: {err[:200]!r}")
            check(not SWIFT.search(err), name, fault, f"the message speaks Swift: {err[:300]!r}")
            if takes_value and value is not None:
                check(status in (0, 1), name, fault, f"status {status}: {err[:300]!r}")
            if option == "--timeout" and name not in ("push", "pull", "doctor"):
                check("--timeout has no effect" in err, name, fault, f"there is no warning: {err[:200]!r}")
    subprocess.run(["rm", "-rf", store], check=True)


def options_are_careful(names):
    """Every option of every command, with values that are wrong; on a copy of the store."""
    store = os.path.join(HERE, "tried-options")
    for name in (n for n in names if n in CALLS):
        arguments = words(name, CALLS[name][0])
        subprocess.run(["rm", "-rf", store], check=True)
        subprocess.run(["cp", "-a", STORE, store], check=True)
        for option, (takes_value, repeats) in options_of(name).items():
            if option == "--help":
                continue

            def tried(fault, line, wanted=None):
                status, _, err = call(name, line, store=store, raw=True)
                check(not SWIFT.search(err), name, f"{option} {fault}", f"the message speaks Swift: {err[:300]!r}")
                check(0 <= status <= 6, name, f"{option} {fault}", f"status {status}")
                check(status in (0, 1) or err.startswith("bindery") or name == "verifier", name, f"{option} {fault}",
                      f"standard error doesn't begin with the program: {err[:200]!r}")
                if wanted is not None:
                    check(status in wanted, name, f"{option} {fault}", f"status {status}, not {wanted}: {err[:300]!r}")
                return err

            if not takes_value:
                tried("with a value", arguments + [option + "=x"], (2,))
                continue
            check(option in tried("without a value", arguments + [option], (2,)), name, option, "isn't blamed")
            if option != "--signer-arg":
                tried("empty", arguments + [option, ""], (2,))
            free = option in FREE or option in arguments or (name, option) in ANSWERED
            tried("wrong", arguments + [option, "no/such \a?"], None if free else (2, 3, 4, 5, 6))
            tried("wrong, with --json", arguments + [option, "no/such \a?", "--json"], None if free else (2, 3, 4, 5, 6))
            if not repeats and option not in REPEATED:
                tried("given twice", arguments + [option, "x", option, "x"], (2,))
                if option in ("--output", "--file"):
                    letter = "-" + option[2]
                    tried("given by letter, too", [a for a in arguments if a != letter] + [letter, "x", option, "x"], (2,))


def commands_are_careful():
    prepare()
    atexit.register(serve().terminate)
    keep_objects()
    names = listed()
    check(len(names) > 20, "--help", "list", f"too few commands: {names}")
    for name in names:
        check(name in CALLS, name, "table", "has no row in CALLS of lib/commands.py")
    before = state()

    for name in (n for n in names if n in CALLS):
        arguments, changes = CALLS[name]

        status, out, err = call(name, arguments + ["--jsno"])
        is_refusal(name, "wrong option", status, out, err, 2)
        check("--jsno" in err and "--json" in err, name, "wrong option", f"isn't blamed: {err!r}")
        check(f"bindery {name}" in err, name, "wrong option", f"the command isn't named: {err!r}")

        if arguments and name not in ("pin", "verifier", "explain", "serve", "watch"):
            status, out, err = call(name, [])
            is_refusal(name, "missing argument", status, out, err, 2)
            check(f"usage: bindery {name}" in err, name, "missing argument", f"there is no usage: {err!r}")

        status, out, err = call(name, ["--store"])
        is_refusal(name, "missing value", status, out, err, 2)

        if name in UNKNOWN:
            status, out, err = call(name, UNKNOWN[name][0])
            is_refusal(name, "unknown name", status, out, err, UNKNOWN[name][1])

        if UNREADABLE.get(name):
            status, out, err = call(name, UNREADABLE[name])
            is_refusal(name, "unreadable file", status, out, err, (2, 3, 4, 6))
            check("directory" in err, name, "unreadable file", f"isn't named: {err!r}")

        status, out, err = call(name, arguments, store=os.path.join(HERE, "no-store")) if name not in (
            "init", "put", "import", "pull", "explain", "inspect", "restore", "verify-bundle", "doctor") else (3, "", "bindery")
        check(status in (3, 0) if name == "copy" else status == 3, name, "no store", f"status {status}: {err!r}")
        check(not os.path.exists(os.path.join(HERE, "no-store")), name, "no store", "a store was made")

    options_are_careful(names)
    right_options_are_taken(names)
    subprocess.run(["rm", "-rf", *(os.path.join(HERE, "out", made) for made in ("backup", "restored"))], check=True)
    check(state() == before, "all", "refused calls", "the store has changed")

    # What works: JSON is one document, before and behind the command, whatever the output is.
    for name in (n for n in names if n in CALLS and not CALLS[n][1]):
        arguments = CALLS[name][0]
        if name != "verifier":
            for line in (words(name, arguments + ["--json"]), [BINDERY, "--json"] + words(name, arguments)[1:]):
                status, out, err = call(name, line, raw=True)
                check(status in (0, 1), name, "--json", f"status {status}: {err!r}")
                try:
                    json.loads(out)
                except ValueError:
                    check(False, name, "--json", f"standard output is not JSON: {out[:200]!r}")
            if name not in ("explain", "verify-bundle", "doctor"):
                status, _, err = call(name, [BINDERY, "--store", STORE] + words(name, arguments)[1:], raw=True)
                check(status in (0, 1), name, "--store before", f"status {status}: {err!r}")
        for columns in (60, 80, 120):
            status, text = terminal(name, arguments, columns)
            wide = [line for line in text.split("\n") if len(line) > columns]
            check(not wide or name in ("verifier", "checksums", "sbom"), name, f"{columns} columns", f"a line is wider: {wide[:1]}")
            check(status in (0, 1), name, f"{columns} columns", f"status {status}")

        # A result that can't be written is not a success.
        with open("/dev/full", "wb") as full:
            status, _, err = call(name, arguments, stdout=full)
        printed = call(name, arguments)[1]
        if printed:
            check(status not in (0, 1), name, "full standard output", f"status {status}")
            check("standard output" in err, name, "full standard output", f"says {err!r}")
            read, write = os.pipe()
            os.close(read)
            status, _, err = call(name, arguments, stdout=write)
            os.close(write)
            check(status in (-13, 141, 6, 1), name, "closed pipe", f"status {status}")
            check("Fatal" not in err, name, "closed pipe", err)

    for name in (n for n in names if n in CALLS):
        status, text = terminal(name, ["--help"], 60)
        check(status == 0 and "USAGE: bindery" in text, name, "--help", f"status {status}: {text[:200]!r}")

    for line, wanted in (
        (["aduit", "x"], "no such command 'aduit'; did you mean 'audit'?"),
        (["help", "aduit"], "did you mean 'audit'?"),
        (["--foo"], "--foo"),
        (["--json"], "a command is missing"),
        (["--store", "x"], "a command is missing"),
        (["where", "sha256:"], "sha256:"),
        (["audit", "--images-from", "/dev/null"], "there is no image to audit"),
        (["ls", "--limit", "1", "--limit", "2"], "--limit is given twice"),
        (["copy", "image:1", "./out.tar"], "oci-archive:./out.tar"),
        (["copy", "image:1", "out.tar"], "docker-archive:out.tar"),
        (["audit", "dokcer://x"], "did you mean docker?"),
        (["pin", "--reason", "x"], "--reason has no effect"),
        (["get", "tool@1", "-o", "-", "--json"], "--json has no effect"),
        (["build", "tool@1", "--tag-latest"], "--tag-latest has no effect"),
        (["build", "tool@1", "-t", "tool", "--tag-latest"], "--tag-latest has no effect"),
        (["build", "tool@1", "--compression", "none", "--compression-level", "3"], "--compression-level has no effect"),
        (["inspect", "tool", "--platform", "any"], "--platform has no effect"),
        (["where", "tool", "--platform", "any"], "--platform has no effect"),
    ):
        status, out, err = call(None, [BINDERY, *line], raw=True)
        is_refusal(" ".join(line), "spelling", status, out, err, 2)
        check(wanted in err, " ".join(line), "spelling", err)

    # Closed streams aren't taken for files.
    closed = f'"{BINDERY}" put tool --name closed --version 1 --platform any >&- 2>&- <&-'
    status = subprocess.run(["bash", "-c", closed], cwd=HERE, env=ENVIRONMENT, check=False).returncode
    check(status == 6, "put", "closed streams", f"status {status}")
    status, out, err = call("verify", [])
    check(status == 0, "verify", "after closed streams", out + err)

    if os.getuid() == 0:
        full_and_read_only(names)


def full_and_read_only(names):
    small = os.path.join(HERE, "small")
    os.makedirs(small, exist_ok=True)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", small], check=False).returncode:
        print("no tmpfs can be mounted: the full disk and the read-only store weren't tried")
        return
    try:
        store = os.path.join(small, "store")
        subprocess.run(["cp", "-a", STORE, store], check=True)
        with open(os.path.join(small, "filler"), "wb", buffering=0) as filler:
            try:
                while filler.write(b"\0" * 4096):
                    pass
            except OSError:
                pass
        tried(names, store, "full disk")
        os.remove(os.path.join(small, "filler"))
        subprocess.run(["mount", "-o", "remount,ro", small], check=True)
        tried(names, store, "read-only store")
    finally:
        subprocess.run(["umount", "-l", small], check=False)


def tried(names, store, fault):
    before = state(store)
    for name in (n for n in names if n in CALLS):
        arguments, changes = CALLS[name]
        status, out, err = call(name, arguments, store=store)
        if not changes:
            check(status in (0, 1), name, fault, f"status {status}, though it only reads: {err!r}")
        elif fault == "read-only store":
            check(status in (0, 1, 6) or (name, status) in (("restore", 5), ("reindex", 5)), name, fault, f"status {status}: {err!r}")
            check(status != 6 or err.startswith("bindery"), name, fault, f"says {err!r}")
        else:
            check(status in (0, 1, 6) or (name, status) == ("reindex", 5), name, fault, f"status {status}: {err!r}")
        check(not SWIFT.search(err), name, fault, f"the message speaks Swift: {err[:300]!r}")
        if fault == "read-only store":
            check(state(store) == before, name, fault, "the store has changed")


commands_are_careful()
if failures:
    print(f"{len(failures)} failures:")
    for failure in failures:
        print("  " + failure)
    sys.exit(1)
