#!/usr/bin/env python3
"""Draws docs/images/session.svg: one real session, as a terminal of 80 columns shows it.

Usage: session.py PROGRAM RELEASED OUTPUT

PROGRAM is bindery, RELEASED a program to release, such as dist/mount-monitor-linux-amd64. `make session` calls it so.
"""

import fcntl
import html
import os
import pathlib
import pty
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import termios

COLUMNS = 80
WIDTH, HEIGHT, EDGE = 8.43, 19, 14
PLAIN = "#d6deeb"
COLOURS = {"1": "#ffffff", "2": "#7f8ea3", "31": "#ff7b72", "32": "#7ee787", "33": "#e3b341"}
DOCKERFILE = """FROM scratch
COPY --chmod=755 mount-monitor /mount-monitor
USER 65534
ENTRYPOINT ["/mount-monitor"]
"""
# What is typed; {} stands for nothing that a reader sees.
SESSION = [
    "bindery put mount-monitor --name mount-monitor --version 1.0.0",
    "bindery build mount-monitor@1.0.0 -t mount-monitor:1.0.0 -o oci:image:1.0.0",
    "bindery audit oci:image:1.0.0",
    "# the same image, with one bit of the program changed",
    "bindery audit oci:changed:1.0.0",
    "bindery where mount-monitor@1.0.0",
]


def terminal(words, directory, environment):
    """What a command prints at a terminal, colours included."""
    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 40, COLUMNS, 0, 0))
    with subprocess.Popen(words, cwd=directory, env=environment, stdin=child, stdout=child, stderr=child) as process:
        os.close(child)
        text = b""
        while True:
            try:
                piece = os.read(parent, 65536)
            except OSError:
                break
            if not piece:
                break
            text += piece
        os.close(parent)
        process.wait()
    # A bar of progress is written over: what stays is behind the last erased line.
    return re.sub(r"[^\n]*\r\x1b\[K", "", text.decode().replace("\r\n", "\n"))


def changed_image(program, released, directory, environment):
    """An image of a program that differs from the released one in a bit, made with a store of its own."""
    bytes_ = bytearray(pathlib.Path(released).read_bytes())
    text = bytes_.find(b".swift")
    bytes_[text] ^= 1
    other = directory / "other"
    other.mkdir()
    (other / "mount-monitor").write_bytes(bytes_)
    shutil.copy(directory / "Dockerfile.release", other)
    for words in (["put", "mount-monitor", "--name", "mount-monitor", "--version", "1.0.0"],
                  ["build", "mount-monitor@1.0.0", "-t", "x:1", "-o", "oci:../changed:1.0.0"]):
        subprocess.run([program, *words], cwd=other, env=dict(environment, BINDERY_STORE="store"), check=True,
                       stdout=subprocess.DEVNULL)


def run(program, released):
    """The lines of the session."""
    lines = []
    with tempfile.TemporaryDirectory() as place:
        directory = pathlib.Path(place)
        binaries = directory / "bin"
        binaries.mkdir()
        (binaries / "bindery").symlink_to(os.path.abspath(program))
        environment = {"PATH": f"{binaries}:{os.environ['PATH']}", "HOME": place, "BINDERY_STORE": f"{place}/store",
                       "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        shutil.copy(released, directory / "mount-monitor")
        (directory / "Dockerfile.release").write_text(DOCKERFILE, encoding="utf-8")
        changed_image(os.path.abspath(program), released, directory, environment)
        for line in SESSION:
            lines.append(f"\x1b[2m$\x1b[0m \x1b[1m{line}\x1b[0m" if line[0] != "#" else f"\x1b[2m{line}\x1b[0m")
            if line[0] != "#":
                lines += terminal(["bash", "-c", line], directory, environment).rstrip("\n").split("\n") + [""]
    return lines[:-1]


def spans(line):
    """A line's pieces, each with its colour."""
    colour, pieces = PLAIN, []
    for piece in re.split(r"(\x1b\[[0-9;]*m)", line):
        if piece.startswith("\x1b"):
            codes = piece[2:-1].split(";")
            colour = next((COLOURS[code] for code in codes if code in COLOURS), PLAIN)
        elif piece:
            pieces.append(f'<tspan fill="{colour}">{html.escape(piece)}</tspan>')
    return "".join(pieces)


def draw(lines):
    width, height = round(COLUMNS * WIDTH + 2 * EDGE), len(lines) * HEIGHT + 2 * EDGE
    rows = "\n".join(f'<text x="{EDGE}" y="{EDGE + HEIGHT * number + 14}" xml:space="preserve">{spans(line)}</text>'
                     for number, line in enumerate(lines))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" role="img" aria-label="A session of bindery at a terminal">\n'
            f'<rect width="{width}" height="{height}" rx="8" fill="#0d1520"/>\n'
            f'<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,\'DejaVu Sans Mono\',monospace" '
            f'font-size="14">\n{rows}\n</g>\n</svg>\n')


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    pathlib.Path(sys.argv[3]).write_text(draw(run(sys.argv[1], sys.argv[2])), encoding="utf-8")
