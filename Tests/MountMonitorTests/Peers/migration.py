"""What configurations in use mean: files, command lines, environments and manifests, and what a program makes of them.

    migration.py record PROGRAM OUTPUT     runs PROGRAM on each case and writes one JSON line for each
    migration.py check PROGRAM RECORD      runs PROGRAM on each case and compares with the record

A case serves when the program is still there after it said what holds; its settings are those of the log lines
"starting mount monitor" and "mount registered". In init-container mode it serves when the program ends with 0. A service
account serves when the watchdog deletes the pod plex-0 in the namespace media, one of whose mounts is unhealthy.
"""
import json
import os
import pathlib
import shlex
import subprocess
import socket
import sys
import tempfile
import time

MOUNT = {"path": "{dir}/mount"}
CASES = []


def case(kind, name, file=None, args=("-c", "{dir}/config.json"), env=None, here=None, why=None, at="config.json", setup=None):
    """`here` is what this program does where that differs on purpose ("serves", "refuses"), and `why`.

    `setup` is a shell command that runs in the directory before the program does."""
    if file is not None and not isinstance(file, str):
        file = json.dumps(file)
    CASES.append(
        {"kind": kind, "name": name, "file": file, "at": at, "args": list(args), "env": env or {}, "here": here, "why": why,
         **({"setup": setup} if setup else {})}
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
member("a canaryFile in a directory", '"canaryFile": "a/b"')
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
file("one path by canary and as a directory", {"mounts": [MOUNT, {"path": "{dir}/mount", "checkType": "directory"}]})
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
# Files: further forms of numbers, texts and durations.
member("httpPort as -0", '"httpPort": -0')
member("httpPort with a leading zero", '"httpPort": 08080')
member("httpPort with a plus sign", '"httpPort": +8080')
member("httpPort as true", '"httpPort": true')
member("httpPort as a list", '"httpPort": [8080]')
member("failureThreshold that fits 64 bits only", '"failureThreshold": 4294967296')
member("the highest failureThreshold", '"failureThreshold": 9223372036854775807')
member("enabled as a number", '"watchdog": {"enabled": 1}')
member("enabled as True", '"watchdog": {"enabled": True}')
member("logLevel as a number", '"logLevel": 1')
member("canaryFile as null", '"canaryFile": null')
member("a canaryFile of white space", '"canaryFile": " "')
member("a canaryFile with a solidus escaped", r'"canaryFile": "a\/b"')
member("a canaryFile with a wrong escape", r'"canaryFile": "a\xb"')
member("a canaryFile beyond the basic plane", '"canaryFile": "\U0001f4a1"')
member("a pair of surrogates in escapes", r'"canaryFile": "\ud83d\udca1"')
member("bytes that are not UTF-8 in a text", '"canaryFile": "a@b"', setup=r"LC_ALL=C sed -i 's/@/\x80/' config.json")
member("bytes that are not UTF-8 in a key", '"zz@": 1', setup=r"LC_ALL=C sed -i 's/@/\x80/' config.json")
member("a canaryFile that is a dot", '"canaryFile": "."')
member("a canaryFile with a slash at the end", '"canaryFile": ".health-check/"')
member("a canaryFile with doubled slashes", '"canaryFile": "a//b/./c"')
member("a duration with a plus sign", '"checkInterval": "+30s"')
member("a duration that begins with a point", '"checkInterval": "10.s", "readTimeout": ".5s"')
member("a duration in microseconds, by the micro sign", '"readTimeout": "200000\u00b5s"')
member("a duration in microseconds, by the letter mu", '"readTimeout": "200000\u03bcs"')
member("a duration in nanoseconds", '"readTimeout": "200000000ns"')
member("a duration with a sign inside", '"checkInterval": "1m-30s"')
member("a duration with a space", '"checkInterval": "30 s"')
member("a duration with a space before", '"checkInterval": " 30s"')
member("a duration in capitals", '"checkInterval": "30S"')
member("a duration beyond 292 years", '"checkInterval": "3000000h"')
member("the longest duration", '"checkInterval": "9223372036854775807ns"')
member("a duration with an exponent", '"checkInterval": "1e1s"')
member("a duration with an underscore", '"checkInterval": "1_0s"')
member("a duration with many digits behind the point", '"checkInterval": "10.00000000000000000000000001s"')
member("a duration as an object", '"checkInterval": {"seconds": 30}')
member("a sign alone as a duration", '"checkInterval": "-"')
member("-0 as a duration", '"checkInterval": "-0"')
member("units out of order", '"checkInterval": "30s1m"')
# Files: further forms of the whole.
member("an empty key", '"": 1')
member("a key with a space", '"httpPort ": 1')
member("a key by escapes", r'"\u0068ttpPort": 9090')
member("an unknown object with known keys", '"x": {"httpPort": 1, "mounts": null}')
member("an unknown object that names a key twice", '"x": {"a": 1, "a": 2}')
member("an unknown key with an integer of 400 digits", '"x": ' + "9" * 400,
       here="refuses", why="a number that no double can hold is an error, also in an unknown key")
for depth in (9000, 20000):
    member(f"lists nested {depth:,} deep", '"x": @', setup=f"""sed -i "s/@/$(printf '[%.0s' {{1..{depth}}})$(printf ']%.0s' {{1..{depth}}})/" config.json""")
member("a wrong type and a wrong value together", '"httpPort": "x", "logLevel": "y"')
file("a NUL at the end", '{"mounts": [{"path": "{dir}/mount"}]}\x00')
file("a form feed around", '\f{"mounts": [{"path": "{dir}/mount"}]}')
file("a no-break space around", '\u00a0{"mounts": [{"path": "{dir}/mount"}]}')
file("lines that end with a carriage return", '{\r"mounts":\r[{"path":\r"{dir}/mount"}]}\r')
file("a comment in C's form", '{"mounts": [{"path": "{dir}/mount"}] /* x */}')
file("YAML", "mounts:\n- path: {dir}/mount\n")
file("a list that ends with a comma", '{"mounts": [{"path": "{dir}/mount"}], "x": [1,]}')
file("a file that was cut off", '{"mounts": [{"path": "{dir}/mount"}')
file("mounts, and then null", '{"mounts": [{"path": "{dir}/mount"}], "mounts": null}')
file("mounts in other letter case", '{"MOUNTS": [{"PATH": "{dir}/mount", "CheckTYPE": "directory"}]}')
file("mounts in two letter cases", '{"mounts": [{"path": "{dir}/mount"}], "Mounts": [{"path": "{dir}/other"}]}',
     here="refuses", why="`mounts` twice is an error")
file("a watchdog in other letter case, and put together",
     '{"mounts": [{"path": "{dir}/mount"}], "watchdog": {"enabled": true}, "WATCHDOG": {"RestartDelay": "7s"}}')
file("a hundred mounts", {"mounts": [{"name": str(number), "path": "{dir}/mount"} for number in range(100)]})
file("two mounts of one name", {"mounts": [{"name": "a", "path": "{dir}/mount"}, {"name": "a", "path": "{dir}/other"}]})
file("a path with a slash at the end", {"mounts": [{"path": "{dir}/mount/"}]})
file("a path with dots", {"mounts": [{"path": "{dir}/./other/../mount"}]})
file("a path of white space", {"mounts": [{"path": " "}]})
file("a path with a NUL", '{"mounts": [{"path": "{dir}/mount\\u0000x"}]}')
file("a path with spaces and other scripts", {"mounts": [{"path": "{dir}/Фильмы und Serien"}]})
file("the root as a path", {"mounts": [{"path": "/", "checkType": "directory"}]})
file("a path to a file", {"mounts": [{"path": "{dir}/mount/.health-check", "checkType": "directory"}]})
file("a name with quotes and line breaks", {"mounts": [{"path": "{dir}/mount", "name": "a\"b\\c\nd"}]})
file("a mount's failureThreshold as null", {"mounts": [{"path": "{dir}/mount", "failureThreshold": None}]})
file("a mount's checkType as null", {"mounts": [{"path": "{dir}/mount", "checkType": None}]})
file("a mount's path as null", {"mounts": [{"path": None}]})
file("a list in mounts", {"mounts": [[]]})
file("a mount's failureThreshold above a million", {"mounts": [{"path": "{dir}/mount", "failureThreshold": 1000001}]})
# Files: what stands on the disk.
file("a file of 1 MiB", {"mounts": [MOUNT]}, setup="head -c 1048576 /dev/zero | tr '\\0' ' ' >>config.json; truncate -s 1M config.json")
file("a file of 1 MiB and a byte", {"mounts": [MOUNT]}, setup="head -c 1048576 /dev/zero | tr '\\0' ' ' >>config.json; truncate -s 1048577 config.json")
file("a file behind symbolic links, as in a ConfigMap", {"mounts": [MOUNT]},
     setup="mkdir ..1; mv config.json ..1; ln -s ..1 ..data; ln -s ..data/config.json config.json")
file("a symbolic link that leads nowhere", {"mounts": [MOUNT]}, setup="ln -sf gone config.json")
file("a world-writable file", {"mounts": [MOUNT]}, setup="chmod 666 config.json")
file("a symbolic link that leads to itself", None, setup="ln -s config.json config.json")
file("an empty device as the file", None, args=("-c", "/dev/null"))
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
line("a directory as the file", "-c", "{dir}")
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

# Command lines: further forms.
line("a relative path", "-c", "config.json")
line("a path with dots as -c", "-c", "{dir}/other/../config.json")
line("a path with a space", "-c", "{dir}/my config.json", setup="mv config.json 'my config.json'")
line("a path with an equals sign", "--config={dir}/a=b", setup="mv config.json a=b")
line("the file by default is a symbolic link that leads nowhere", setup="ln -sf gone config.json")
line("the file by default is a directory", setup="rm config.json; mkdir config.json")
line("the file by default is not there", setup="rm config.json")
line("-c and then --config", "-c", "{dir}/gone", "--config={dir}/config.json")
line("-c at the end", "-c")
line("-c takes what follows, also a flag", "-c", "--http-port=1")
line("-c takes --", "-c", "--")
line("flags behind -- are words", "--", "-c", "{dir}/gone")
line("--config in capitals", "--CONFIG", "{dir}/config.json")
line("a prefix of a flag", "--conf", "{dir}/config.json")
line("an underscore in a flag", *C, "--http_port=9091")
line("an empty flag with a value", *C, "--=x")
line("an empty word", *C, "")
line("a negated flag", *C, "--no-init-container-mode")
line("--init-container-mode=true", *C, "--init-container-mode=true")
line("--init-container-mode=1", *C, "--init-container-mode=1")
line("--init-container-mode=t", *C, "--init-container-mode=t")
line("--init-container-mode=TRUE", *C, "--init-container-mode=TRUE")
line("--init-container-mode=tRUE", *C, "--init-container-mode=tRUE")
line("--init-container-mode=yes", *C, "--init-container-mode=yes")
line("an empty --init-container-mode", *C, "--init-container-mode=")
line("--init-container-mode=0", *C, "--init-container-mode=0")
line("--init-container-mode false is a word", *C, "--init-container-mode", "false")
line("--init-container-mode twice, the last counts", *C, "--init-container-mode", "--init-container-mode=false")
line("--http-port with a plus sign", *C, "--http-port=+9091")
line("--http-port with a space", *C, "--http-port= 9091")
line("--http-port in binary", *C, "--http-port=0b10001110000011")
line("--http-port in octal with 0o", *C, "--http-port=0o21603")
line("--http-port with a leading 0 and an 8", *C, "--http-port=08080")
line("--http-port with an exponent", *C, "--http-port=8e3")
line("--http-port with a point", *C, "--http-port=8080.0")
line("--http-port in other digits", *C, "--http-port=٨٠٨٠")
line("--http-port -1 in two words", *C, "--http-port", "-1")
line("--http-port beyond 64 bits", *C, "--http-port=9223372036854775808")
line("the lowest --http-port", *C, "--http-port=-9223372036854775808")
line("--http-port without a value", *C, "--http-port")
line("--http-port twice", *C, "--http-port=1", "--http-port=9091")
line("--http-port, and then 0", *C, "--http-port=9091", "--http-port=0")
line("--log-level in capitals", *C, "--log-level=DEBUG")
line("--log-level warning", *C, "--log-level=warning")
line("--log-level takes what follows, also a flag", *C, "--log-level", "--http-port=1")
line("--log-level error", *C, "--log-level", "warn", "--log-level", "info")
line("--log-format in capitals", *C, "--log-format=JSON")
line("--log-format without a value", *C, "--log-format")
line("-h and another short flag", *C, "-hx")
line("--help", "--help")
line("--help=false", *C, "--help=false")
line("--help=false and a file that is not there", "--help=false", "-c", "/nonexistent")
line("--help of no truth", "--help=maybe", "-c", "/nonexistent")
line("-h", "-h")
# Init containers: further forms.
line("an init container with a directory to check", *INIT, document={"mounts": [{"path": "{dir}/other", "checkType": "directory"}]})
line("an init container with an empty directory to check", *INIT,
     document={"mounts": [{"path": "{dir}/empty", "checkType": "directory"}]}, setup="mkdir empty")
line("an init container with a file as the directory", *INIT,
     document={"mounts": [{"path": "{dir}/mount/.health-check", "checkType": "directory"}]})
line("an init container with a directory as the canary", *INIT,
     document={"mounts": [{"path": "{dir}/mount", "canaryFile": "sub"}]}, setup="mkdir mount/sub")
line("an init container with a symbolic link as the canary", *INIT,
     document={"mounts": [{"path": "{dir}/mount", "canaryFile": "link"}]}, setup="ln -s .health-check mount/link")
line("an init container with a broken link as the canary", *INIT,
     document={"mounts": [{"path": "{dir}/mount", "canaryFile": "link"}]}, setup="ln -s gone mount/link")
line("an init container with a canary that leads out", *INIT,
     document={"mounts": [{"path": "{dir}/mount", "canaryFile": "../other/.health-check"}]})
line("an init container with an absolute canary", *INIT,
     document={"mounts": [{"path": "{dir}", "canaryFile": "/mount/.health-check"}]})
line("an init container with a canary behind a slash", *INIT,
     document={"mounts": [{"path": "{dir}/mount", "canaryFile": ".health-check/"}]})
line("an init container with a canary of 3 MiB", *INIT,
     document={"mounts": [{"path": "{dir}/mount", "canaryFile": "big"}]}, setup="truncate -s 3M mount/big")
line("an init container with one mount of two", *INIT, document={"mounts": [MOUNT, {"path": "{dir}/gone"}]})
line("an init container with a mount that is a symbolic link", *INIT,
     document={"mounts": [{"path": "{dir}/link"}]}, setup="ln -s mount link")
line("an init container with a mount's negative failureThreshold", *INIT,
     document={"mounts": [{"path": "{dir}/mount", "failureThreshold": -1}]})
line("an init container with an unknown logFormat", *INIT, "--log-format=x")
line("an init container with a null duration", *INIT, document={"mounts": [MOUNT], "shutdownTimeout": None})
line("an init container with a word", *INIT, "true")


def environment(name, **env):
    case("environment", name, {"mounts": [MOUNT], "watchdog": {"enabled": True}}, env=env)


# Environments.
environment("no variable at all")
environment("variables named like settings", HTTP_PORT="1", LOG_LEVEL="trace", CHECK_INTERVAL="x", MOUNT_PATHS="/x")
environment("POD_NAME and POD_NAMESPACE outside a cluster", POD_NAME="a", POD_NAMESPACE="b")
environment("an empty POD_NAME", POD_NAME="", POD_NAMESPACE="")
environment("a POD_NAME that is not a name", POD_NAME="A/../b", POD_NAMESPACE="-")
environment("an API server that is not there", KUBERNETES_SERVICE_HOST="127.0.0.1", KUBERNETES_SERVICE_PORT="1")
environment("a KUBERNETES_SERVICE_PORT that is not a port", KUBERNETES_SERVICE_HOST="x", KUBERNETES_SERVICE_PORT="x")
environment("settings of Go's runtime", GOMAXPROCS="1", GOGC="off", GODEBUG="madvdontneed=1", GOMEMLIMIT="20MiB")
environment("another time zone and language", TZ="Asia/Kolkata", LANG="de_DE.UTF-8", LC_ALL="tr_TR.UTF-8")
environment("no HOME and another PATH", HOME="", PATH="/nonexistent")
environment("only POD_NAME", POD_NAME="media-0")
environment("only POD_NAMESPACE", POD_NAMESPACE="media")
environment("a KUBERNETES_SERVICE_HOST alone", KUBERNETES_SERVICE_HOST="10.0.0.1", POD_NAME="a", POD_NAMESPACE="b")
environment("an IPv6 KUBERNETES_SERVICE_HOST", KUBERNETES_SERVICE_HOST="fd00::1", KUBERNETES_SERVICE_PORT="443", POD_NAME="a",
            POD_NAMESPACE="b")
environment("proxies", HTTP_PROXY="http://127.0.0.1:1", HTTPS_PROXY="http://127.0.0.1:1", NO_PROXY="")
environment("a POD_UID that is none", POD_NAME="a", POD_NAMESPACE="b", POD_UID="x")
environment("a TZ that is none", TZ=":/nonexistent")


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

manifest("a sidecar with an empty argument", ["--config", "{dir}/config.json", ""], {"mounts": [MOUNT]}, POD)
manifest("a sidecar whose arguments are one text", ["--config {dir}/config.json"], {"mounts": [MOUNT]}, POD)
manifest("a sidecar with a Helm value that was not set", ["--config={dir}/config.json", "--log-level=<no value>"],
         {"mounts": [MOUNT]}, POD)
manifest("a chart that writes null for what is not set", ["-c", "{dir}/config.json"],
         {"mounts": [{"name": None, "path": "{dir}/mount", "canaryFile": None, "checkType": None, "failureThreshold": None}],
          "logLevel": None, "logFormat": None, "httpPort": None, "failureThreshold": None, "canaryFile": None,
          "watchdog": {"enabled": None, "maxRetries": None}}, POD)
manifest("a chart that writes numbers as texts", ["-c", "{dir}/config.json"], {"mounts": [MOUNT], "httpPort": "8080"}, POD)
manifest("a chart that writes booleans as texts", ["-c", "{dir}/config.json"],
         {"mounts": [MOUNT], "watchdog": {"enabled": "true"}}, POD)
manifest("a sidecar with a privileged port", ["-c", "{dir}/config.json", "--http-port=80"], {"mounts": [MOUNT]}, POD)
manifest("a sidecar and its init container with one file", ["--config={dir}/config.json", "--init-container-mode"],
         {"mounts": [MOUNT], "checkInterval": "10s", "readTimeout": "3s", "watchdog": {"enabled": True, "maxRetries": 1}}, POD)

# Further forms of each kind.
member("a key with a trailing NUL", r'"httpPort\u0000": 1')
member("a key in full-width letters", '"\uff48ttpPort": 1')
member("a null unknown key", '"zzz": null')
member("an unknown key as a deep object", '"zzz": {"a": {"b": {"c": [null, true, 1.5e-300]}}}')
member("an unknown number of 1e400", '"zzz": 1e400', here="refuses",
       why="a number that no double can hold is an error, also in an unknown key")
member("an unknown number that is too small for a double", '"zzz": 1e-400')
member("a number that ends with a point", '"httpPort": 8080.')
member("a number that begins with a point", '"httpPort": .5')
member("a number with an empty exponent", '"httpPort": 1e')
member("httpPort as 8080.0", '"httpPort": 8080.0')
member("httpPort as 8.08e3", '"httpPort": 8.08e3')
member("httpPort as NaN", '"httpPort": NaN')
member("httpPort as an empty object", '"httpPort": {}')
member("httpPort, and then as a text", '"httpPort": 1000, "httpPort": "x"')
member("failureThreshold of 1", '"failureThreshold": 1')
member("failureThreshold of a million", '"failureThreshold": 1000000')
member("failureThreshold above a million", '"failureThreshold": 1000001')
member("failureThreshold as the lowest number", '"failureThreshold": -9223372036854775808')
member("failureThreshold below the lowest number", '"failureThreshold": -9223372036854775809')
member("a logLevel with a space", '"logLevel": "info "')
member("logLevel warn", '"logLevel": "info", "logFormat": "text"')
member("a logFormat in capitals", '"logFormat": "JSON"')
member("a null logFormat", '"logFormat": null')
member("logFormat as a list", '"logFormat": ["json"]')
member("a canaryFile of 300 bytes", '"canaryFile": "%s"' % ("c" * 300))
member("a canaryFile of two dots", '"canaryFile": ".."')
member("a canaryFile that leads out and back", '"canaryFile": "../mount/.health-check"')
member("a canaryFile with a line break", r'"canaryFile": "a\nb"')
member("a canaryFile as a number", '"canaryFile": 1')
member("a duration of 1s", '"checkInterval": "1s", "readTimeout": "100ms"')
member("a duration just below 1s", '"checkInterval": "999999999ns", "readTimeout": "100ms"')
member("a read time-out just below the interval", '"checkInterval": "5s", "readTimeout": "4999999999ns"')
member("a duration of several equal units", '"checkInterval": "10s10s10s"')
member("a duration with the plural", '"checkInterval": "30seconds"')
member("a duration by minutes alone", '"checkInterval": "2m"')
member("a duration of a year in hours", '"checkInterval": "8760h"')
member("a duration with a comma", '"checkInterval": "1,5s"')
member("a duration with a full stop twice", '"checkInterval": "1.5.5s"')
member("a duration with other digits", '"checkInterval": "\u0663\u0660s"')
member("a duration of a point alone", '"checkInterval": "."')
member("a duration of a point and a unit", '"checkInterval": ".s"')
member("a duration with a line break", r'"checkInterval": "30s\n"')
member("a duration as a list", '"checkInterval": ["30s"]')
member("a duration as true", '"readTimeout": true')
member("a null readTimeout", '"readTimeout": null')
member("an empty readTimeout", '"readTimeout": ""')
member("an empty shutdownTimeout", '"shutdownTimeout": ""')
member("a negative shutdownTimeout is the default", '"shutdownTimeout": "-1h"')
member("a shutdownTimeout of an hour", '"shutdownTimeout": "1h"')
member("an empty restartDelay", '"watchdog": {"restartDelay": ""}')
member("restartDelay as a number", '"watchdog": {"restartDelay": 5}')
member("maxRetries as a text", '"watchdog": {"maxRetries": "3"}')
member("maxRetries with a fraction", '"watchdog": {"maxRetries": 1.5}')
member("a null maxRetries", '"watchdog": {"maxRetries": null}')
member("a large maxRetries", '"watchdog": {"maxRetries": 1000000}')
member("a retryBackoffMax of the initial one", '"watchdog": {"retryBackoffInitial": "3s", "retryBackoffMax": "3s"}')
member("a retryBackoffInitial below 1ms", '"watchdog": {"retryBackoffInitial": "1ns"}')
member("a watchdog as a list", '"watchdog": []')
member("a watchdog as a text", '"watchdog": "on"')
member("enabled as an object", '"watchdog": {"enabled": {}}')
member("enabled in other letter case", '"watchdog": {"Enabled": true}')
mount("a mount's checkType as a list", '"checkType": ["canary"]')
mount("a mount's name with a NUL", r'"name": "a\u0000b"')
mount("a mount's name of 5,000 bytes", '"name": "%s"' % ("n" * 5000))
mount("a mount's name of white space", '"name": "  "')
mount("a mount's absolute canaryFile", '"canaryFile": "/x"')
mount("a mount's canaryFile of a dot", '"canaryFile": "."')
mount("a mount's canaryFile as null beside a text", '"canaryFile": "x", "canaryFile": null')
mount("a mount's failureThreshold as a text", '"failureThreshold": "2"')
mount("a mount's failureThreshold with an exponent", '"failureThreshold": 1e2')
mount("a mount's watchdog", '"watchdog": {"enabled": true}')
file("a mount that is a number", {"mounts": [1]})
file("a mount that is true", {"mounts": [True]})
file("a null mount beside another", {"mounts": [MOUNT, None]})
file("a path of 5,000 bytes", {"mounts": [{"path": "/" + "p" * 5000}]})
file("a path of slashes", {"mounts": [{"path": "///", "checkType": "directory"}]})
file("a path of a dot", {"mounts": [{"path": "."}]})
file("a path with a tilde", {"mounts": [{"path": "~/media"}]})
file("a path with a variable", {"mounts": [{"path": "$HOME/media"}]})
file("a path as a number", {"mounts": [{"path": 1}]})
file("a path through a symbolic link to itself", {"mounts": [{"path": "{dir}/loop"}]}, setup="ln -s loop loop")
file("a byte order mark in UTF-16", None, setup=r"printf '\377\376{\000}\000' >config.json")
file("a byte order mark twice", '\ufeff\ufeff{"mounts": [{"path": "{dir}/mount"}]}')
file("a document behind a line separator", '\u2028{"mounts": [{"path": "{dir}/mount"}]}')
file("a vertical tab around", '\v{"mounts": [{"path": "{dir}/mount"}]}')
file("a number as the document", "1")
file("a text as the document", '"mounts"')
file("true as the document", "true")
file("two objects in a list", '[{"mounts": []}, {}]')
file("a key without a value", '{"mounts"}')
file("a key that isn't quoted", '{mounts: []}')
file("a colon too many", '{"mounts":: []}')
file("a comma at the start", '{,"mounts": []}')
file("a directory with a slash", None, args=("-c", "{dir}/"))
file("a file with a slash at the end", {"mounts": [MOUNT]}, args=("-c", "{dir}/config.json/"))
file("a sparse file", {"mounts": [MOUNT]}, setup="truncate -s 2k config.json")
line("a flag by one dash with a value", "-config={dir}/config.json", here="serves", why="one dash before a whole name is taken")
line("--config with a space in front", *C, " --http-port=1")
line("--http-port as a float in hexadecimal", *C, "--http-port=0x1p3")
line("--http-port of zeros", *C, "--http-port=0000")
line("--http-port in octal with capital O", *C, "--http-port=0O21603")
line("--http-port in hexadecimal capitals", *C, "--http-port=0X1F90")
line("--http-port with a trailing underscore", *C, "--http-port=8080_")
line("--http-port with two signs", *C, "--http-port=--1")
line("--http-port of a minus", *C, "--http-port=-")
line("--http-port=-0", *C, "--http-port=-0")
line("--log-level of a space", *C, "--log-level= ")
line("--log-format=text and json", *C, "--log-format=text", "--log-format=json")
line("--init-container-mode twice", *INIT, "--init-container-mode")
line("--init-container-mode=False", *C, "--init-container-mode=False")
line("--init-container-mode=00", *C, "--init-container-mode=00")
line("--init-container-mode with a space", *C, "--init-container-mode= true")
line("-i", *C, "-i")
line("-ch", "-ch")
line("-c with an equals sign twice", "-c=={dir}/config.json")
line("-c FILE FILE", *C, "{dir}/config.json")
line("--help and a flag that is not known", "--help", "--nothing", here="refuses",
     why="every flag must be known, whatever else is asked")
line("--help behind --", *C, "--", "--help")
line("--version", "--version", here="serves", why="it prints the version")
line("a flag with no name", *C, "--")
line("help as a word", "help")
line("--http-port from the file when the flag is empty", *C, "--http-port", "0", document={"mounts": [MOUNT], "httpPort": 9095})
line("--log-level over a wrong one in the file", *C, "--log-level=info", document={"mounts": [MOUNT], "logLevel": "x"})
line("--http-port over one out of range in the file", *C, "--http-port=9096", document={"mounts": [MOUNT], "httpPort": 70000})
line("an init container with a duplicate mount", *INIT, document={"mounts": [MOUNT, MOUNT]})
line("an init container with an empty canary", *INIT, document={"mounts": [MOUNT], "canaryFile": ""})
environment("a KUBERNETES_SERVICE_HOST with brackets", KUBERNETES_SERVICE_HOST="[fd00::1]", KUBERNETES_SERVICE_PORT="443", POD_NAME="a",
            POD_NAMESPACE="b")
environment("a KUBERNETES_SERVICE_HOST with a scheme", KUBERNETES_SERVICE_HOST="https://x", KUBERNETES_SERVICE_PORT="443", POD_NAME="a",
            POD_NAMESPACE="b")
environment("a KUBERNETES_SERVICE_HOST with a port", KUBERNETES_SERVICE_HOST="x:443", KUBERNETES_SERVICE_PORT="443", POD_NAME="a",
            POD_NAMESPACE="b")
environment("a KUBERNETES_SERVICE_HOST with a dot at the end", KUBERNETES_SERVICE_HOST="kubernetes.default.svc.", KUBERNETES_SERVICE_PORT="443",
            POD_NAME="a", POD_NAMESPACE="b")
environment("an empty KUBERNETES_SERVICE_HOST", KUBERNETES_SERVICE_HOST="", KUBERNETES_SERVICE_PORT="", POD_NAME="a", POD_NAMESPACE="b")
environment("a KUBERNETES_SERVICE_PORT of 0", KUBERNETES_SERVICE_HOST="10.0.0.1", KUBERNETES_SERVICE_PORT="0", POD_NAME="a", POD_NAMESPACE="b")
environment("a KUBERNETES_SERVICE_PORT out of range", KUBERNETES_SERVICE_HOST="10.0.0.1", KUBERNETES_SERVICE_PORT="99999", POD_NAME="a",
            POD_NAMESPACE="b")
environment("a POD_NAME with a slash", POD_NAME="a/b", POD_NAMESPACE="b")
environment("a POD_NAME of two dots", POD_NAME="..", POD_NAMESPACE="b")
environment("a POD_NAME with a percent sign", POD_NAME="a%2fb", POD_NAMESPACE="b")
environment("a POD_NAME with a query", POD_NAME="a?b=c", POD_NAMESPACE="b")
environment("a POD_NAME with a line break", POD_NAME="a\nb", POD_NAMESPACE="b")
environment("a POD_NAME in capitals", POD_NAME="MEDIA-0", POD_NAMESPACE="media")
environment("a POD_NAME of 300 letters", POD_NAME="a" * 300, POD_NAMESPACE="b")
environment("a POD_NAME of white space", POD_NAME=" ", POD_NAMESPACE=" ")
environment("a POD_NAMESPACE with a dot", POD_NAME="a", POD_NAMESPACE="b.c")
environment("an empty POD_NAMESPACE", POD_NAME="a", POD_NAMESPACE="")
environment("a SSL_CERT_FILE that is not there", SSL_CERT_FILE="/nonexistent", POD_NAME="a", POD_NAMESPACE="b")
environment("a LANG that is none", LANG="xx_XX.KLINGON", LC_ALL="nothing")
environment("a PATH that is empty", PATH="")
environment("a HOSTNAME like a pod's", HOSTNAME="media-0")
manifest("a sidecar with a file in YAML's JSON", ["-c", "{dir}/config.json"], '---\n{"mounts": [{"path": "{dir}/mount"}]}\n', POD)
manifest("a sidecar with a line break behind a flag", ["--config={dir}/config.json\n"], {"mounts": [MOUNT]}, POD)
manifest("a sidecar with a quoted flag", ['"--config={dir}/config.json"'], {"mounts": [MOUNT]}, POD)
manifest("a sidecar with a variable that was not set", ["-c", "{dir}/config.json", "--http-port=$(PORT)"], {"mounts": [MOUNT]}, POD)
manifest("a sidecar with a port by its name", ["-c", "{dir}/config.json", "--http-port=health"], {"mounts": [MOUNT]}, POD)
manifest("a sidecar with durations of Kubernetes", ["-c", "{dir}/config.json"],
         {"mounts": [MOUNT], "checkInterval": "30s", "watchdog": {"enabled": True, "restartDelay": "1m0s"}}, POD)
manifest("a sidecar with an empty watchdog from a chart", ["-c", "{dir}/config.json"], {"mounts": [MOUNT], "watchdog": {}}, POD)
manifest("a chart whose list of mounts ends with an empty one", ["-c", "{dir}/config.json"], {"mounts": [MOUNT, {}]}, POD)
manifest("a chart with a mount for a claim that is not there yet", ["-c", "{dir}/config.json", "--init-container-mode"],
         {"mounts": [{"path": "{dir}/claim"}]}, POD)


# Further files.
member("a checkInterval below the default readTimeout", '"checkInterval": "4s"')
member("a readTimeout above the default checkInterval", '"readTimeout": "1m"')
member("keys as Go's fields are named", '"CheckInterval": "20s", "HTTPPort": 8085, "CanaryFile": "up"')
member("keys with underscores", '"check_interval": "20s", "http_port": 8085')
member("keys with dashes", '"check-interval": "20s", "http-port": 8085')
member("keys of environment variables", '"CHECK_INTERVAL": "20s", "MOUNT_PATHS": "/a,/b"')
member("a canaryFile with backslashes", r'"canaryFile": "a\\b"')
member("a canaryFile with a percent sign", '"canaryFile": "%2e%2e"')
member("a canaryFile with a variable", '"canaryFile": "$HOME/.x"')
member("a canaryFile with dots inside", '"canaryFile": "a/../b/./c"')
member("a canaryFile with a pattern", '"canaryFile": "*"')
member("a canaryFile twice in other letter case", '"canaryFile": "a", "CanaryFile": "b"')
member("a canaryFile, and then an empty one", '"canaryFile": "a", "canaryFile": ""')
member("logLevel, and then an empty one", '"logLevel": "debug", "logLevel": ""')
member("checkInterval, and then 0s", '"checkInterval": "20s", "checkInterval": "0s"')
member("checkInterval, and then null", '"checkInterval": "20s", "checkInterval": null')
member("a wrong checkInterval, and then a good one", '"checkInterval": "x", "checkInterval": "20s"')
member("durations with a trailing zero unit", '"checkInterval": "20s0ms"')
member("a readTimeout of 100ms in microseconds", '"readTimeout": "100000us"')
member("a shutdownTimeout of 1s in parts", '"shutdownTimeout": "500ms500ms"')
member("every duration as 0", '"checkInterval": "0", "readTimeout": "0", "shutdownTimeout": "0"')
member("every number as -1", '"failureThreshold": -1, "httpPort": -1, "watchdog": {"maxRetries": -1}')
member("a watchdog with every key", '"watchdog": {"enabled": true, "restartDelay": "1m", "maxRetries": 9, "retryBackoffInitial": "1s", "retryBackoffMax": "1m"}')
member("a watchdog with keys in capitals", '"watchdog": {"ENABLED": true, "RESTARTDELAY": "1m"}')
member("a watchdog three times", '"watchdog": {"enabled": true}, "watchdog": {"restartDelay": "2m"}, "watchdog": {"enabled": false}')
member("a watchdog, and then null", '"watchdog": {"enabled": true, "restartDelay": "2m"}, "watchdog": null')
member("a watchdog's null maxRetries behind a number", '"watchdog": {"maxRetries": 5, "maxRetries": null}')
member("a watchdog's restartDelay of a day", '"watchdog": {"enabled": true, "restartDelay": "24h"}')
member("a watchdog in a list", '"watchdog": [{"enabled": true}]')
mount("a mount's keys as Go's fields are named", '"Name": "a", "CheckType": "directory", "FailureThreshold": 4')
mount("a mount's keys with underscores", '"check_type": "directory", "failure_threshold": 4')
mount("a mount's name in other scripts", '"name": "Фильмы 映画 🎬"')
mount("a mount's name with a control character by escape", r'"name": "a\u001b[31m"')
mount("a mount's name twice", '"name": "a", "name": "b"')
mount("a mount's canaryFile beside a directory check", '"checkType": "directory", "canaryFile": "x"')
mount("a mount's checkType, and then an empty one", '"checkType": "directory", "checkType": ""')
mount("a mount's failureThreshold, and then 0", '"failureThreshold": 5, "failureThreshold": 0')
mount("a mount's negative failureThreshold, and then a good one", '"failureThreshold": -1, "failureThreshold": 5')
mount("a mount's failureThreshold above the global one", '"failureThreshold": 100')
mount("a mount in a mount", '"mounts": [{"path": "/x"}]')
file("a path in escapes", r'{"mounts": [{"path": "\u002ftmp", "checkType": "directory"}]}')
file("a path with a scheme", {"mounts": [{"path": "nfs://server/films"}]})
file("a path of another system", {"mounts": [{"path": "C:\\films"}]})
file("a path with a query", {"mounts": [{"path": "/mnt/films?x"}]})
file("a path that leads out of the root", {"mounts": [{"path": "/../../.."}]})
file("two mounts below each other", {"mounts": [{"path": "{dir}"}, MOUNT]})
file("a document in quotes", json.dumps(json.dumps({"mounts": [MOUNT]})))
file("a document in a list", json.dumps([{"mounts": [MOUNT]}]))
file("a document below a key", {"config": {"mounts": [MOUNT]}})
file("a document with numbers as keys", '{1: 2, "mounts": [{"path": "{dir}/mount"}]}')
file("TOML", '[[mounts]]\npath = "/mnt"\n')
file("a document that ends with a semicolon", '{"mounts": [{"path": "{dir}/mount"}]};')
file("a document with a hash comment", '# films\n{"mounts": [{"path": "{dir}/mount"}]}')
file("a hard link as the file", {"mounts": [MOUNT]}, args=("-c", "{dir}/link.json"), setup="ln config.json link.json")
file("a file without permissions", {"mounts": [MOUNT]}, setup="chmod 0 config.json")
file("a file with a line break in its name", {"mounts": [MOUNT]}, args=("-c", "{dir}/a\nb.json"), setup="cp config.json $'a\\nb.json'")
# Further command lines.
line("--config=-", "--config=-")
line("-c of standard input", "-c", "/dev/stdin")
line("-c of a URL", "-c", "file://{dir}/config.json")
line("-c with a line feed behind", "-c", "{dir}/config.json\n")
line("-c with quotes around", "-c", "'{dir}/config.json'")
line("-c of a path with a tilde", "-c", "~/config.json")
line("--config=FILE=", "--config={dir}/config.json=")
line("words alone", "{dir}/config.json", "serve")
line("-- and then -c FILE", "--", "-c", "/nonexistent")
line("--http-port with quotes", *C, "--http-port='8080'")
line("--http-port with a colon", *C, "--http-port=:8080")
line("--http-port of an address", *C, "--http-port=0.0.0.0:8080")
line("--http-port of two ports", *C, "--http-port=8080,8081")
line("--http-port of a service", *C, "--http-port=http")
line("--http-port with a line feed behind", *C, "--http-port=8080\n")
line("--log-level of a number", *C, "--log-level=0")
line("--log-level of two", *C, "--log-level=debug,info")
line("--log-level of a path", *C, "--log-level=*=debug")
line("--log-format=logfmt", *C, "--log-format=logfmt")
line("--log-level, and then an empty one", *C, "--log-level=warning", "--log-level=")
line("--log-format with white space", *C, "--log-format=json ")
line("--init-container-mode=true=false", *C, "--init-container-mode=true=false")
line("a flag in a flag's value", *C, "--log-level=--log-format=json")
line("flags of settings", *C, "--check-interval=30s")
line("a flag of mounts", *C, "--mount-path=/mnt")
line("a flag with a tab", "--config\t{dir}/config.json")
line("a plus sign before a flag", "+c", "{dir}/config.json")
line("a slash before a flag", *C, "/http-port:8080")
line("-hx", "-hx")
line("-c behind a stray short flag", "-xc", "{dir}/config.json")
line("--help=true and a file that is not there", "--help=true", "-c", "/nonexistent")
# Further manifests.
manifest("a sidecar with all flags in two words each",
         ["--config", "{dir}/config.json", "--http-port", "8090", "--log-level", "info", "--log-format", "json"], {"mounts": [MOUNT]}, POD)
manifest("a native sidecar with empty flags from a chart",
         ["--config={dir}/config.json", "--http-port=", "--log-level="], {"mounts": [MOUNT]}, POD)
manifest("a chart whose numbers became floats", ["-c", "{dir}/config.json"],
         '{"mounts": [{"path": "{dir}/mount"}], "failureThreshold": 3e0, "httpPort": 8.08e+03}', POD)
manifest("a chart with a nested template that rendered nothing", ["-c", "{dir}/config.json"],
         '{"mounts": [{"path": "{dir}/mount"}], "watchdog": }', POD)
manifest("a chart with <no value>", ["-c", "{dir}/config.json"], '{"mounts": [{"path": "{dir}/mount"}], "logLevel": "<no value>"}', POD)
manifest("a Compose file with a doubled dollar sign", ["-c", "{dir}/config.json"], {"mounts": [MOUNT], "canaryFile": "$$HOME"}, {})
manifest("a Compose file with an entrypoint in the command", ["/mount-monitor", "-c", "{dir}/config.json"], {"mounts": [MOUNT]}, {})
manifest("an init container that waits for a canary and a directory", ["-c", "{dir}/config.json", "--init-container-mode"],
         {"mounts": [MOUNT, {"path": "{dir}/other", "checkType": "directory"}]}, {})
manifest("an init container with the sidecar's flags", ["-c", "{dir}/config.json", "--init-container-mode", "--http-port=8080", "--log-level=warn"],
         {"mounts": [MOUNT]}, POD)


# Service accounts: the commands run in the account's directory, as Kubernetes makes it.
def account(name, setup="true", here=None, why=None, **env):
    document = {"mounts": [{"path": "{dir}/mount", "canaryFile": "gone"}], "checkInterval": "1s", "readTimeout": "500ms",
                "failureThreshold": 1, "watchdog": {"enabled": True}}
    env = {"POD_NAME": "plex-0", "POD_NAMESPACE": "media", "KUBERNETES_SERVICE_HOST": "127.0.0.1",
           "KUBERNETES_SERVICE_PORT": "{port}", **env}
    case("account", name, document, setup=f"cd account; {setup}", env=env, here=here, why=why)


BEFORE = r"""(printf -- '%s'; cat ca.crt) >new; mv new ca.crt"""
SED = "sed -i '%s' ca.crt"
account("the files as Kubernetes writes them")
account("a token with a line feed", "echo >>token")
account("a token with white space around", r"printf ' \t tok \r\n\n' >token")
account("a token with a no-break space around", r"printf '\302\240tok\302\205' >token")
account("a token with a form feed behind", r"printf 'tok\f\v' >token")
account("a token with a space inside", "printf 'to k' >token")
account("a token with a tab inside", r"printf 'to\tk' >token")
account("a token with an umlaut", "printf 'tök' >token")
account("a token in another encoding", r"printf 't\366k' >token",
        here="refuses", why="a token is text in UTF-8")
account("a token with a byte order mark", r"printf '\357\273\277tok' >token")
account("a token with a NUL", r"printf 'to\000k' >token")
account("a token with a line break inside", r"printf 'to\nk' >token")
account("a token with a delete character", r"printf 'to\177k' >token")
account("a token with a quotation mark", """printf 'to"k' >token""")
account("a token with a percent sign", "printf 'to%%2fk' >token")
account("an empty token", ": >token",
        here="refuses", why="nobody is known by it")
account("a token of white space", r"printf ' \n' >token",
        here="refuses", why="nobody is known by it")
account("a token of 20,000 bytes", "head -c 20000 /dev/zero | tr '\\0' a >token")
account("a token of 2 MiB", "head -c 2097152 /dev/zero | tr '\\0' a >token")
account("no token", "rm token")
account("a token that is a directory", "rm token; mkdir token")
account("a token behind symbolic links", "mkdir ..1; mv token ..1; ln -s ..1 ..data; ln -s ..data/token token")
account("a token behind a broken link", "rm token; ln -s nowhere token")
account("a ca.crt with a byte order mark", BEFORE % r"\357\273\277",
        here="serves", why="editors write one, and it means nothing")
account("a ca.crt with two byte order marks", BEFORE % r"\357\273\277\357\273\277",
        here="serves", why="what stands before a certificate means nothing")
account("a ca.crt with lines that end in CR LF", SED % r"s/$/\r/")
account("a ca.crt with a comment before", BEFORE % r"# the cluster\n")
account("a ca.crt with text behind", "echo text >>ca.crt")
account("a ca.crt with the certificate twice", "cat ca.crt ca.crt >new; mv new ca.crt")
account("a ca.crt with a bad certificate before",
        BEFORE % r"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
account("a ca.crt with a bad certificate behind",
        "printf -- '-----BEGIN CERTIFICATE-----\\nAAAA\\n-----END CERTIFICATE-----\\n' >>ca.crt")
account("a ca.crt with a beginning that has no end", BEFORE % r"-----BEGIN CERTIFICATE-----\nAAAA\n")
account("a ca.crt with a key before", "openssl ecparam -genkey -name prime256v1 -noout >new 2>/dev/null; cat ca.crt >>new; mv new ca.crt")
account("a ca.crt without a line feed at the end", "printf %s \"$(cat ca.crt)\" >new; mv new ca.crt")
account("a ca.crt with spaces before its lines", SED % "s/^/  /")
account("a ca.crt with spaces behind its lines", SED % "s/$/  /")
account("a ca.crt with empty lines inside", SED % "s/$/\\n/")
account("a ca.crt with its base64 in one line", r"openssl x509 -in ca.crt -outform DER | base64 -w0 >body; (echo '-----BEGIN CERTIFICATE-----'; cat body; echo; echo '-----END CERTIFICATE-----') >ca.crt")
account("a ca.crt as base64 of itself", "base64 -w0 ca.crt >new; mv new ca.crt")
account("a ca.crt in DER", "openssl x509 -in ca.crt -outform DER -out new; mv new ca.crt")
account("a ca.crt labelled TRUSTED", SED % "s/ CERTIFICATE/ TRUSTED CERTIFICATE/")
account("a ca.crt labelled X509", SED % "s/ CERTIFICATE/ X509 CERTIFICATE/")
account("a ca.crt labelled in lower case", SED % "s/CERTIFICATE/certificate/")
account("a ca.crt with header fields", SED % "1s/$/\\nSubject: cluster-ca\\n/")
account("a ca.crt with a NUL behind", r"printf '\000' >>ca.crt")
account("a ca.crt with text in another encoding", BEFORE % r"M\374ller\n")
account("a ca.crt of another authority",
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -out ca.crt -subj /CN=other 2>/dev/null")
account("a ca.crt with another authority before",
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -out new -subj /CN=other 2>/dev/null; cat ca.crt >>new; mv new ca.crt")
account("a ca.crt with an older authority of the same name before",
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -out new -subj /CN=cluster-ca "
        "-addext subjectKeyIdentifier=none 2>/dev/null; cat ca.crt >>new; mv new ca.crt")
account("a ca.crt with an older authority of the same name behind",
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -out new -subj /CN=cluster-ca "
        "-addext subjectKeyIdentifier=none 2>/dev/null; cat new >>ca.crt")
account("an empty ca.crt", ": >ca.crt")
account("no ca.crt", "rm ca.crt")
account("a ca.crt that is a directory", "rm ca.crt; mkdir ca.crt")
account("a namespace with a line feed", "echo media >namespace")
account("a namespace with white space around", r"printf '\t media \r\n' >namespace")
account("an empty namespace file", ": >namespace",
        here="serves", why="POD_NAMESPACE is used instead")
account("a namespace file of white space", "echo >namespace",
        here="serves", why="POD_NAMESPACE is used instead")
account("an empty namespace file and no POD_NAMESPACE", ": >namespace", POD_NAMESPACE=None)
account("no namespace file", "rm namespace",
        here="serves", why="POD_NAMESPACE is used instead")
account("no namespace file and no POD_NAMESPACE", "rm namespace", POD_NAMESPACE=None)
account("a namespace that is a directory", "rm namespace; mkdir namespace",
        here="serves", why="POD_NAMESPACE is used instead")
account("another namespace", "printf other >namespace")
account("a namespace with a byte order mark", r"printf '\357\273\277media' >namespace")
account("a namespace in capitals", "printf MEDIA >namespace")
account("a namespace with a slash at the end", "printf media/ >namespace")
account("a POD_NAMESPACE of another namespace", POD_NAMESPACE="other")
account("no POD_NAMESPACE", POD_NAMESPACE=None)
account("no POD_NAME", POD_NAME=None)
account("an empty POD_NAME", POD_NAME="")
account("a POD_NAME of another pod", POD_NAME="plex-1")
account("a POD_NAME in capitals", POD_NAME="PLEX-0")
account("a POD_NAME with a space behind", POD_NAME="plex-0 ")
account("a POD_NAME with a line feed behind", POD_NAME="plex-0\n")
account("a POD_NAME with a query behind", POD_NAME="plex-0?pretty=true",
        here="refuses", why="no pod has such a name, which is found at the start")
account("a POD_NAME with a fragment behind", POD_NAME="plex-0#1",
        here="refuses", why="no pod has such a name, which is found at the start")
account("a POD_NAME with a slash behind", POD_NAME="plex-0/")
account("a POD_NAME with its namespace", POD_NAME="media/plex-0")
account("a POD_NAME with an escape", POD_NAME="plex%2D0",
        here="refuses", why="no pod has such a name, which is found at the start")
account("a POD_NAME with a wrong escape", POD_NAME="plex-0%zz")
account("a POD_NAME that was not substituted", POD_NAME="$(POD_NAME)")
account("a POD_NAME with an underscore", POD_NAME="plex_0")
account("a KUBERNETES_SERVICE_HOST that is a name", KUBERNETES_SERVICE_HOST="localhost")
account("a KUBERNETES_SERVICE_HOST in capitals", KUBERNETES_SERVICE_HOST="LOCALHOST")
account("a KUBERNETES_SERVICE_HOST with a dot behind", KUBERNETES_SERVICE_HOST="localhost.")
account("a KUBERNETES_SERVICE_HOST in brackets", KUBERNETES_SERVICE_HOST="[127.0.0.1]",
        here="serves", why="an address is one with brackets, too")
account("a KUBERNETES_SERVICE_HOST with white space behind", KUBERNETES_SERVICE_HOST="127.0.0.1\n")
account("a KUBERNETES_SERVICE_HOST with a user", KUBERNETES_SERVICE_HOST="user@127.0.0.1",
        here="refuses", why="a host is a name or an address")
account("a KUBERNETES_SERVICE_HOST of an IPv4 address in IPv6", KUBERNETES_SERVICE_HOST="[::ffff:127.0.0.1]")
account("a KUBERNETES_SERVICE_HOST that can't be found", KUBERNETES_SERVICE_HOST="kubernetes.invalid")
account("an empty KUBERNETES_SERVICE_HOST in a pod", KUBERNETES_SERVICE_HOST="")
account("no KUBERNETES_SERVICE_HOST in a pod", KUBERNETES_SERVICE_HOST=None)
account("no KUBERNETES_SERVICE_PORT in a pod", KUBERNETES_SERVICE_PORT=None)
account("a KUBERNETES_SERVICE_PORT with a zero before", KUBERNETES_SERVICE_PORT="0{port}")
account("a KUBERNETES_SERVICE_PORT with a plus sign", KUBERNETES_SERVICE_PORT="+{port}",
        here="serves", why="a number may have a sign")
account("a KUBERNETES_SERVICE_PORT with a space behind", KUBERNETES_SERVICE_PORT="{port} ")
account("a KUBERNETES_SERVICE_PORT as a URL", KUBERNETES_SERVICE_PORT="tcp://127.0.0.1:{port}")
account("a proxy for everything", HTTPS_PROXY="http://127.0.0.1:1", https_proxy="http://127.0.0.1:1", ALL_PROXY="http://127.0.0.1:1")


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


class Cluster:
    """An API server with the pod plex-0, which each case finds undeleted."""

    def __init__(self):
        self.directory = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self.directory.name)
        peers = pathlib.Path(__file__).parent
        names = "IP:127.0.0.1,DNS:localhost"
        subprocess.run(["bash", peers / "certificates.sh", self.path, names], check=True, capture_output=True)
        for name, text in {"answers.json": "{}", "cluster": "", "token": "token-1", "namespace": "media"}.items():
            self.path.joinpath(name).write_text(text)
        self.server = subprocess.Popen([sys.executable, peers / "api_server.py", self.path, "127.0.0.1"], stdout=subprocess.PIPE)
        self.port = self.server.stdout.readline().decode().strip()

    def end(self):
        self.server.kill()
        self.server.wait()

    # Whatever else is the matter, the watchdog says one of these, or the program ends.
    NO = ("watchdog disabled", "pod already terminating", "pod not found", "pod deletion failed after all")

    def answers(self, program, this, directory):
        deletions = self.path / "deletions"
        deletions.unlink(missing_ok=True)
        account = pathlib.Path(directory, "account")
        account.mkdir()
        for name in ("ca.crt", "token", "namespace"):
            account.joinpath(name).write_bytes(self.path.joinpath(name).read_bytes())
        subprocess.run(["bash", "-c", this["setup"]], cwd=directory, check=True)
        environment = {"PATH": os.environ["PATH"]}
        environment |= {key: value.replace("{port}", self.port) for key, value in this["env"].items() if value is not None}
        place = "/var/run/secrets/kubernetes.io/serviceaccount"
        script = f'mount -t tmpfs none /var/run/; mkdir -p {place}; mount --bind account {place}; exec "$@"'
        while True:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                port = free.getsockname()[1]
            command = ["unshare", "-m", "bash", "-c", script, "x", program, "-c", f"{directory}/config.json", f"--http-port={port}"]
            with open(f"{directory}/out", "wb") as out:
                process = subprocess.Popen(command, cwd=directory, env=environment, stdin=subprocess.DEVNULL, stdout=out,
                                           stderr=subprocess.STDOUT)
            text, end = "", time.monotonic() + 300
            while not deletions.exists() and time.monotonic() < end:
                ended = process.poll() is not None
                text = pathlib.Path(directory, "out").read_text(errors="replace")
                if ended or any(f'"msg":"{line}' in text for line in self.NO):
                    break
                time.sleep(0.02)
            serves = deletions.exists()
            process.kill()
            process.wait()
            # Somebody else may have taken the port meanwhile.
            if "address already in use" not in text:
                return {"serves": serves, "settings": {}, "mounts": []}, text


CLUSTERS = []


def cluster():
    if not CLUSTERS:
        CLUSTERS.append(Cluster())
    return CLUSTERS[0]


def run(program, this):
    with tempfile.TemporaryDirectory() as directory:
        directory = os.path.realpath(directory)
        place = lambda text: text.replace("{dir}", directory)
        for name in ("mount", "other"):
            os.mkdir(f"{directory}/{name}")
            pathlib.Path(directory, name, ".health-check").touch()
        if this["file"] is not None:
            data = place(this["file"]).encode("utf-8", "surrogatepass")
            pathlib.Path(directory, this["at"]).write_bytes(data)
        if this["kind"] == "account":
            return cluster().answers(program, this, directory)
        if "setup" in this:
            subprocess.run(["bash", "-c", place(this["setup"])], cwd=directory, check=True)
        words = [place(word) for word in this["args"]]
        # A network of its own, so that no port is taken.
        command = ["unshare", "-n", program, *words]
        environment = {"PATH": os.environ["PATH"], **this["env"]}
        if "PATH" in this["env"]:
            command = ["unshare", "-n", "env", f"PATH={this['env']['PATH']}", program, *words]
            environment["PATH"] = os.environ["PATH"]
        with open(f"{directory}/out", "wb") as out:
            process = subprocess.Popen(command, cwd=directory, env=environment, stdin=subprocess.DEVNULL, stdout=out,
                                       stderr=subprocess.STDOUT)
            end = time.monotonic() + 20
            while process.poll() is None and time.monotonic() < end:
                text = pathlib.Path(directory, "out").read_text(errors="replace")
                quiet = "log-level" in " ".join(words) and "warn" in words
                if "http server started" in text or (quiet and time.monotonic() > end - 19):
                    break
                time.sleep(0.02)
            ended = process.poll()
            if ended is None:
                process.kill()
                process.wait()
        text = pathlib.Path(directory, "out").read_text(errors="replace")
        serves = ended is None or ended == 0
        found, mounts = settings(text) if serves else ({}, [])
        back = lambda value: value.replace(directory, "{dir}")
        return {
            "serves": serves,
            "settings": found,
            "mounts": [{key: back(value) for key, value in mount.items()} for mount in mounts],
        }, text


def main():
    mode, program, record = sys.argv[1:4]
    kinds = list(dict.fromkeys(this["kind"] for this in CASES))
    CASES.sort(key=lambda this: kinds.index(this["kind"]))
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


try:
    main()
finally:
    for each in CLUSTERS:
        each.end()
