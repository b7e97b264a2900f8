"""Holds a lease on a file, as file servers do, and gives it up when another opens the file: lease.py PATH"""
import fcntl
import os
import signal
import sys

signal.pthread_sigmask(signal.SIG_SETMASK, [])
# The kernel wants no other open file of it for a lease that keeps readers out.
descriptor = os.open(sys.argv[1], os.O_WRONLY)
signal.signal(signal.SIGIO, lambda *_: fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK))
fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_WRLCK)
print("held", flush=True)
while True:
    signal.pause()
