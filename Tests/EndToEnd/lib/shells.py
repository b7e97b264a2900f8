#!/usr/bin/env python3
"""Types lines with a tab at their end into a real shell, and holds what `bindery` is then called with against a table.

    shells.py SHELL CASES     SHELL is bash, zsh or fish; CASES has lines TYPED|ARGUMENTS

The `bindery` in PATH prints its arguments between CALLED and DONE. No screen is read, and no time is waited for: a shell
completes before it takes the end of the line. Scripts are taken from the working directory.
"""
import os
import pathlib
import pty
import select
import signal
import sys
import time

PATIENCE = 120
# How each shell is started, and what it is told first; the last command says that it listens.
SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], "source completion.bash; PS1=; "),
    "zsh": (["zsh", "-f", "-i"], "fpath=($PWD $fpath); autoload -Uz compinit; compinit -u -d $PWD/dump; PROMPT=; "),
    "fish": (["fish", "--private"], "source completion.fish; "),
}


class Shell:
    def __init__(self, name):
        words, setting = SHELLS[name]
        self.read = ""
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            signal.pthread_sigmask(signal.SIG_SETMASK, [])
            os.environ["TERM"] = "xterm"
            os.execvp(words[0], words)
        # In two parts, so that the line that is shown as it is typed isn't taken for its output.
        self.type(setting + "echo LIST''ENS\n")
        self.expect("LISTENS", "the first prompt")

    def type(self, text):
        os.write(self.terminal, text.encode())

    def expect(self, text, what):
        """Reads until the text was shown, and takes it and what was shown before it away; the latter."""
        end = time.monotonic() + PATIENCE
        while text not in self.read:
            readable = select.select([self.terminal], [], [], max(0, end - time.monotonic()))[0]
            piece = os.read(self.terminal, 65536) if readable else b""
            if not piece:
                sys.exit(f"{what}: nothing in {PATIENCE} s; shown: {self.read[-2000:]!r}")
            self.read += piece.decode(errors="replace")
        before, _, self.read = self.read.partition(text)
        return before

    def end(self):
        os.close(self.terminal)
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)


def main(name, cases):
    shell = Shell(name)
    failed = 0
    for case in pathlib.Path(cases).read_text().splitlines():
        typed, wanted = case.split("|")
        shell.type(f"{typed}\t\n")
        shell.expect("CALLED ", "the call")
        called = shell.expect(" DONE", "the end of the call")
        if called != wanted:
            print(f"{name}: {typed!r} and a tab: {wanted!r} was expected, not {called!r}")
            failed += 1
    shell.end()
    return failed


sys.exit(min(1, main(*sys.argv[1:])))
