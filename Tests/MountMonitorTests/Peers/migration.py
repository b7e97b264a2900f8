"""What configurations in use mean: files, command lines, environments and manifests, and what a program makes of them.

    migration.py record PROGRAM OUTPUT     runs PROGRAM on each case and writes one JSON line for each
    migration.py check PROGRAM RECORD      runs PROGRAM on each case and compares with the record

A case serves when the program is still there after it said what holds; its settings are those of the log lines
"starting mount monitor" and "mount registered". In init-container mode it serves when the program ends with 0.
"""
import json
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile
import time

MOUNT = {"path": "{dir}/mount"}
CASES = []


def case(kind, name, file=None, args=("-c", "{dir}/config.json"), env=None, here=None, why=None, at="config.json"):
    """`here` is what this program does where that differs on purpose ("serves", "refuses"), and `why`."""
    if file is not None and not isinstance(file, str):
        file = json.dumps(file)
    CASES.append(
        {"kind": kind, "name": name, "file": file, "at": at, "args": list(args), "env": env or {}, "here": here, "why": why}
    )


def file(name, document, **options):
    case("file", name, document, **options)


def member(name, value, **options):
    file(name, '{"mounts": [{"path": "{dir}/mount"}], %s}' % value, **options)


def mount(name, value, **options):
    file(name, '{"mounts": [{"path": "{dir}/mount", %s}]}' % value, **options)


def line(name, *args, document=None, **options):
    case("command line", name, {"mounts": [MOUNT]} if document is None else document, args=args, **options)


C = ("-c", "{dir}/config.json")

# Files: the whole.
file("one mount", {"mounts": [MOUNT]})
file("no mounts", {})
file("an empty list of mounts", {"mounts": []})
file("mounts null", {"mounts": None})
file("null as the document", "null")
file("a list as the document", "[]")
file("an empty file", "")
file("white space around", '\n\t {"mounts": [{"path": "{dir}/mount"}]} \r\n')
file("a byte order mark", '\ufeff{"mounts": [{"path": "{dir}/mount"}]}', here="serves",
     why="editors write one, and it means nothing")
file("two documents", '{"mounts": [{"path": "{dir}/mount"}]} {}')
file("a comment", '{"mounts": [{"path": "{dir}/mount"}]} // no')
file("a comma at the end", '{"mounts": [{"path": "{dir}/mount"},]}')
file("single quotes", "{'mounts': []}")
file("every key", {
    "checkInterval": "10s", "readTimeout": "2s", "shutdownTimeout": "7s", "failureThreshold": 4, "httpPort": 9090,
    "logLevel": "debug", "logFormat": "json", "canaryFile": "up",
    "mounts": [{"name": "a", "path": "{dir}/mount", "canaryFile": "x", "checkType": "canary", "failureThreshold": 9},
               {"name": "b", "path": "{dir}/mount", "checkType": "directory"}],
    "watchdog": {"enabled": True, "restartDelay": "5s", "maxRetries": 2, "retryBackoffInitial": "1s", "retryBackoffMax": "3s"}})
# Members: durations.
member("a duration of 0s is not set", '"checkInterval": "0s"')
member("a duration of 0 is not set", '"checkInterval": "0"')
member("a negative duration is the default", '"readTimeout": "-5s"')
member("an empty duration", '"checkInterval": ""')
member("a null duration", '"checkInterval": null')
member("a duration as a number", '"checkInterval": 30')
member("a duration without a unit", '"checkInterval": "30"')
member("a duration in days", '"checkInterval": "1d"')
member("a duration with several units", '"checkInterval": "1m30.5s"')
member("an interval below 1s", '"checkInterval": "900ms"')
member("a read time-out below 100ms", '"readTimeout": "50ms"')
member("a read time-out as long as the interval", '"readTimeout": "30s"')
member("a shutdown time-out below 1s", '"shutdownTimeout": "10ms"')
member("a shutdown time-out of 0s is not set", '"shutdownTimeout": "0s"')
# Members: numbers.
member("failureThreshold 0 is not set", '"failureThreshold": 0')
member("a negative failureThreshold is the default", '"failureThreshold": -3')
member("a null failureThreshold", '"failureThreshold": null')
member("failureThreshold with a fraction", '"failureThreshold": 2.0')
member("failureThreshold with an exponent", '"failureThreshold": 1e1')
member("failureThreshold as a text", '"failureThreshold": "3"')
member("failureThreshold out of range", '"failureThreshold": 99999999999999999999')
member("httpPort 0 is not set", '"httpPort": 0')
member("a negative httpPort is the default", '"httpPort": -1')
member("an httpPort out of range", '"httpPort": 65536')
member("the highest httpPort", '"httpPort": 65535')
member("httpPort as a text", '"httpPort": "8080"')
# Members: texts.
member("an empty logLevel is not set", '"logLevel": ""')
member("a null logLevel", '"logLevel": null')
member("a logLevel in capitals", '"logLevel": "INFO"')
member("an unknown logLevel", '"logLevel": "trace"')
member("an empty logFormat is not set", '"logFormat": ""')
member("an unknown logFormat", '"logFormat": "xml"')
member("an empty canaryFile is not set", '"canaryFile": ""')
member("a canaryFile in a folder", '"canaryFile": "a/b"')
member("a canaryFile that leads out", '"canaryFile": "../other/up"')
member("an absolute canaryFile", '"canaryFile": "/up"')
member("a text that is half a surrogate pair", r'"canaryFile": "\ud800"')
member("a NUL in a text", r'"canaryFile": "a\u0000b"')
member("a control character in a text", '"canaryFile": "a\tb"')
member("an escape", r'"canaryFile": "\u0075p"')
# Members: names.
member("an unknown key", '"zzz": [1, {"a": null}]')
member("a misspelt key", '"chekInterval": "10s"')
member("a key in other letter case", '"CHECKINTERVAL": "10s"')
member("a key with a long s", '"check\u0130nterval": "10s", "mount\u017f": null, "watchdog": {}')
member("a key with a Kelvin sign", '"chec\u212aInterval": "10s"')
member("a value twice", '"httpPort": 1000, "httpPort": 1001')
member("a value twice in other letter case", '"httpPort": 1000, "HTTPPort": 1001')
member("a value, and then null", '"httpPort": 1000, "httpPort": null')
member("a value, and then 0", '"httpPort": 1000, "httpPort": 0')
file("mounts twice", '{"mounts": [{"path": "{dir}/mount", "name": "a"}], "mounts": [{"path": "{dir}/mount"}]}',
     here="refuses", why="the second list is laid over the first one's elements there, which nobody means")
member("$schema", '"$schema": "https://example.org/x"')
# Mounts.
mount("a mount of every key", '"name": "a", "canaryFile": "x", "checkType": "canary", "failureThreshold": 2')
mount("an empty name", '"name": ""')
mount("a null name", '"name": null')
mount("a name as a number", '"name": 1')
mount("an empty checkType", '"checkType": ""')
mount("checkType directory", '"checkType": "directory"')
mount("checkType in capitals", '"checkType": "Directory"')
mount("an unknown checkType", '"checkType": "ping"')
mount("a mount's empty canaryFile", '"canaryFile": ""')
mount("a mount's canaryFile that leads out", '"canaryFile": "../other/up"')
mount("a mount's failureThreshold of 0", '"failureThreshold": 0')
mount("a mount's negative failureThreshold", '"failureThreshold": -1')
mount("a mount's unknown key", '"cannaryFile": "x"')
mount("a mount's path twice", '"path": "{dir}/other"')
file("a mount without a path", {"mounts": [{"name": "a"}]})
file("a mount with an empty path", {"mounts": [{"path": ""}]})
file("a null mount", {"mounts": [None]})
file("a mount as a text", {"mounts": ["/a"]})
file("mounts as an object", {"mounts": {"path": "/a"}})
file("a relative path", {"mounts": [{"path": "mount"}]})
file("a path that is not there", {"mounts": [{"path": "{dir}/gone"}]})
file("one path with two canaries", {"mounts": [{"path": "{dir}/mount"}, {"path": "{dir}/mount", "canaryFile": "x"}]})
file("one path by canary and as a folder", {"mounts": [MOUNT, {"path": "{dir}/mount", "checkType": "directory"}]})
file("the same mount twice", {"mounts": [MOUNT, MOUNT]})
# Watchdog.
member("watchdog null", '"watchdog": null')
member("watchdog true", '"watchdog": true')
member("an empty watchdog", '"watchdog": {}')
member("enabled null", '"watchdog": {"enabled": null}')
member("enabled as a text", '"watchdog": {"enabled": "yes"}')
member("enabled, and then null", '"watchdog": {"enabled": true, "enabled": null}')
member("watchdog twice is put together", '"watchdog": {"enabled": true}, "watchdog": {"restartDelay": "7s"}')
member("a negative restartDelay is the default", '"watchdog": {"restartDelay": "-1s"}')
member("a null restartDelay", '"watchdog": {"restartDelay": null}')
member("maxRetries 0 is not set", '"watchdog": {"maxRetries": 0}')
member("a negative maxRetries is the default", '"watchdog": {"maxRetries": -1}')
member("retryBackoffInitial 0s is not set", '"watchdog": {"retryBackoffInitial": "0s"}')
member("a retryBackoffMax below the initial one", '"watchdog": {"retryBackoffMax": "1ms"}')
member("a retryBackoffInitial above the default maximum", '"watchdog": {"retryBackoffInitial": "20s"}')
member("a watchdog's unknown key", '"watchdog": {"retries": 1}')
# Command lines.
line("-c FILE", *C)
line("-cFILE", "-c{dir}/config.json")
line("-c=FILE", "-c={dir}/config.json")
line("--config FILE", "--config", "{dir}/config.json")
line("--config=FILE", "--config={dir}/config.json")
line("-config FILE", "-config", "{dir}/config.json", here="serves", why="one dash before a whole name is taken")
line("the file by default")
line("an empty --config is not set", "--config=")
line("an empty -c is not set", "-c", "")
line("--config twice", "--config", "{dir}/gone", *C)
line("a file that is not there", "-c", "{dir}/gone.json")
line("a folder as the file", "-c", "{dir}")
line("--config without a value", "--config")
line("--http-port=9091", *C, "--http-port=9091")
line("--http-port 9091", *C, "--http-port", "9091")
line("--http-port=0 is not set", *C, "--http-port=0")
line("a negative --http-port is not set", *C, "--http-port=-1")
line("--http-port in hexadecimal", *C, "--http-port=0x1F90")
line("--http-port in octal", *C, "--http-port=017620")
line("--http-port with an underscore", *C, "--http-port=0x1_F90")
line("--http-port with a misplaced underscore", *C, "--http-port=9__091")
line("--http-port that is not a number", *C, "--http-port=http")
line("an empty --http-port", *C, "--http-port=")
line("--http-port out of range", *C, "--http-port=65536")
line("--log-level=debug", *C, "--log-level=debug")
line("an empty --log-level is not set", *C, "--log-level=")
line("an unknown --log-level", *C, "--log-level=loud")
line("--log-format text", *C, "--log-format", "text")
line("an empty --log-format is not set", *C, "--log-format", "")
line("--init-container-mode=false", *C, "--init-container-mode=false")
line("--init-container-mode=F", *C, "--init-container-mode=F")
line("--init-container-mode=maybe", *C, "--init-container-mode=maybe")
line("-- at the end", *C, "--")
line("words behind --", *C, "--", "--no-such-flag")
line("a stray word", "serve", *C)
line("a stray word at the end", *C, "x")
line("a dash", *C, "-")
line("an unknown flag", *C, "--no-such-flag")
line("an unknown short flag", *C, "-x")
line("three dashes", *C, "---config")
line("a flag over the file", *C, "--log-level", "warn", "--http-port", "9092",
     document={"mounts": [MOUNT], "httpPort": 1000, "logLevel": "debug"})
# Init containers.
INIT = (*C, "--init-container-mode")
line("an init container", *INIT)
line("an init container with a read time-out as long as the interval", *INIT,
     document={"mounts": [MOUNT], "readTimeout": "30s"})
line("an init container with an interval below 1s", *INIT, document={"mounts": [MOUNT], "checkInterval": "10ms"})
line("an init container with a port out of range", *INIT, document={"mounts": [MOUNT], "httpPort": 70000})
line("an init container with --http-port out of range", *INIT, "--http-port=70000")
line("an init container with a watchdog that makes no sense", *INIT,
     document={"mounts": [MOUNT], "watchdog": {"retryBackoffMax": "1ms"}})
line("an init container with a shutdown time-out below 1s", *INIT, document={"mounts": [MOUNT], "shutdownTimeout": "1ms"})
line("an init container with a read time-out below 100ms", *INIT, document={"mounts": [MOUNT], "readTimeout": "1ms"})
line("an init container with an unknown logLevel", *INIT, document={"mounts": [MOUNT], "logLevel": "x"})
line("an init container without mounts", *INIT, document={})
line("an init container whose mount is not there", *INIT, document={"mounts": [{"path": "{dir}/gone"}]})
line("an init container and a duration that is none", *INIT, document={"mounts": [MOUNT], "checkInterval": "x"})


def environment(name, **env):
    case("environment", name, {"mounts": [MOUNT], "watchdog": {"enabled": True}}, env=env)


# Environments.
environment("no variable at all")
environment("variables named like settings", HTTP_PORT="1", LOG_LEVEL="trace", CHECK_INTERVAL="x", MOUNT_PATHS="/x")
environment("POD_NAME and POD_NAMESPACE outside a cluster", POD_NAME="a", POD_NAMESPACE="b")
environment("an empty POD_NAME", POD_NAME="", POD_NAMESPACE="")
environment("a POD_NAME that is no name", POD_NAME="A/../b", POD_NAMESPACE="-")
environment("an API server that is not there", KUBERNETES_SERVICE_HOST="127.0.0.1", KUBERNETES_SERVICE_PORT="1")
environment("a KUBERNETES_SERVICE_PORT that is no port", KUBERNETES_SERVICE_HOST="x", KUBERNETES_SERVICE_PORT="x")
environment("settings of Go's runtime", GOMAXPROCS="1", GOGC="off", GODEBUG="madvdontneed=1", GOMEMLIMIT="20MiB")
environment("another time zone and language", TZ="Asia/Kolkata", LANG="de_DE.UTF-8", LC_ALL="tr_TR.UTF-8")
environment("no HOME and another PATH", HOME="", PATH="/nonexistent")


def manifest(name, args, document, env=None):
    """A pod's container: its arguments, and the file that its ConfigMap holds."""
    case("manifest", name, document, args=args, env=env)


# Manifests: containers as pods in use have them.
POD = {"POD_NAME": "media-0", "POD_NAMESPACE": "media"}
manifest("a sidecar with three mounts", ["--config={dir}/config.json"],
         {"mounts": [{"name": name, "path": "{dir}/mount"} for name in ("movies", "tv", "music")],
          "checkInterval": "30s", "readTimeout": "5s", "failureThreshold": 3}, POD)
manifest("an init container before a media server", ["--config={dir}/config.json", "--init-container-mode"],
         {"mounts": [{"name": "movies", "path": "{dir}/mount"}], "canaryFile": ".health-check", "readTimeout": "30s"})
manifest("an init container that logs text", ["--config={dir}/config.json", "--init-container-mode", "--log-format=text",
                                              "--log-level=debug"], {"mounts": [MOUNT], "readTimeout": "30s"})
manifest("a sidecar with a watchdog", ["--config", "{dir}/config.json"],
         {"mounts": [MOUNT], "logLevel": "debug",
          "watchdog": {"enabled": True, "restartDelay": "0s", "maxRetries": 3}}, POD)
manifest("a chart's values with zeros and empty texts", ["-c", "{dir}/config.json", "--http-port=0", "--log-level="],
         {"checkInterval": "0s", "failureThreshold": 0, "httpPort": 0, "logLevel": "", "canaryFile": "",
          "mounts": [{"name": "", "path": "{dir}/mount", "canaryFile": "", "checkType": "", "failureThreshold": 0}],
          "watchdog": {"enabled": False, "restartDelay": "0s", "maxRetries": 0}})
manifest("a sidecar with comments as keys", ["-c", "{dir}/config.json"],
         {"_comment": "media", "mounts": [{"path": "{dir}/mount", "//": "films"}]})
manifest("a sidecar with arguments in one word each", ["-c{dir}/config.json", "--http-port=8081", "--log-format=json"],
         {"mounts": [MOUNT]})


def settings(output):
    """Of the log lines that say what holds, in either format."""
    found, mounts = {}, []
    for text in output.splitlines():
        try:
            fields = json.loads(text)
        except ValueError:
            try:
                fields = dict(part.split("=", 1) for part in shlex.split(text) if "=" in part)
            except ValueError:
                continue
        if not isinstance(fields, dict):
            continue
        if fields.get("msg") == "starting mount monitor":
            found = {key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in fields.items()
                     if key not in ("time", "level", "msg", "version")}
        if fields.get("msg") == "mount registered":
            mounts.append({key: str(fields[key]) for key in ("name", "path", "check_type", "failureThreshold", "canary")
                           if key in fields})
    return found, mounts


def run(program, this):
    with tempfile.TemporaryDirectory() as folder:
        folder = os.path.realpath(folder)
        place = lambda text: text.replace("{dir}", folder)
        for name in ("mount", "other"):
            os.mkdir(f"{folder}/{name}")
            pathlib.Path(folder, name, ".health-check").touch()
        if this["file"] is not None:
            data = place(this["file"]).encode("utf-8", "surrogatepass")
            pathlib.Path(folder, this["at"]).write_bytes(data)
        words = [place(word) for word in this["args"]]
        # A network of its own, so that no port is taken.
        command = ["unshare", "-n", program, *words]
        environment = {"PATH": os.environ["PATH"], **this["env"]}
        if "PATH" in this["env"]:
            command = ["unshare", "-n", "env", f"PATH={this['env']['PATH']}", program, *words]
            environment["PATH"] = os.environ["PATH"]
        with open(f"{folder}/out", "wb") as out:
            process = subprocess.Popen(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=out,
                                       stderr=subprocess.STDOUT)
            end = time.monotonic() + 20
            while process.poll() is None and time.monotonic() < end:
                text = pathlib.Path(folder, "out").read_text(errors="replace")
                quiet = "log-level" in " ".join(words) and "warn" in words
                if "http server started" in text or (quiet and time.monotonic() > end - 19):
                    break
                time.sleep(0.02)
            ended = process.poll()
            if ended is None:
                process.kill()
                process.wait()
        text = pathlib.Path(folder, "out").read_text(errors="replace")
        serves = ended is None or ended == 0
        found, mounts = settings(text) if serves else ({}, [])
        back = lambda value: value.replace(folder, "{dir}")
        return {
            "serves": serves,
            "settings": found,
            "mounts": [{key: back(value) for key, value in mount.items()} for mount in mounts],
        }, text


def main():
    mode, program, record = sys.argv[1:4]
    if mode == "record":
        with open(record, "w") as file:
            for this in CASES:
                there, _ = run(os.path.abspath(program), this)
                print(json.dumps({**this, "there": there}), file=file)
        return
    failed = 0
    for text in open(record):
        this = json.loads(text)
        here, output = run(os.path.abspath(program), this)
        there = this["there"]
        wanted = {"serves": True, "refuses": False}.get(this["here"], there["serves"])
        problem = None
        if here["serves"] != wanted:
            problem = "serves" if here["serves"] else "does not serve"
        elif here["serves"] and there["serves"]:
            for key, value in there["settings"].items():
                if here["settings"].get(key) != value:
                    problem = f"{key} is {here['settings'].get(key)}, there {value}"
            if [{k: m.get(k) for k in n} for m, n in zip(here["mounts"], there["mounts"])] != there["mounts"]:
                problem = f"mounts are {here['mounts']}, there {there['mounts']}"
        if problem:
            failed += 1
            print(f"{this['kind']}: {this['name']}: {problem}\n{output}")
    print(f"{sum(1 for _ in open(record))} cases, {failed} failed")
    sys.exit(1 if failed else 0)


main()
