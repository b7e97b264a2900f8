"""A bar at terminals of several widths, and what Ctrl-C leaves.

    progress.py COLUMNS interrupt|finish COMMAND…

Runs a command whose standard error is a terminal of that width, and prints what the terminal was sent. With `interrupt`,
SIGINT follows the first bar. Ends with the command's status; 99 when no bar came, or when a line is too long.
"""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios

columns, interrupts, command = int(sys.argv[1]), sys.argv[2] == "interrupt", sys.argv[3:]
parent, child = pty.openpty()
fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=child)
os.close(child)
text = b""
sent = False
while True:
    readable, _, _ = select.select([parent], [], [], 600)
    try:
        piece = os.read(parent, 65536) if readable else b""
    except OSError:
        piece = b""
    if not piece:
        break
    text += piece
    if interrupts and not sent and b" left" in text:
        process.send_signal(signal.SIGINT)
        sent = True
status = process.wait()
bars = [line for line in re.split(r"\r\x1b\[K|\r\n", text.decode()) if " % of " in line]
print(text.decode().replace("\r\x1b[K", "\n").replace("\r\n", "\n"))
if not bars or any(len(bar) >= columns for bar in bars):
    sys.exit(99)
# The line is clean behind the last bar.
after = text.decode().split(bars[-1])[-1]
if not after.startswith("\r\x1b[K"):
    sys.exit(98)
sys.exit(status if status >= 0 else 128 - status)
