"""Holds a lease on a file, as file servers do, and gives it up when another opens the file: lease.py PATH

Prints "held", or why the file system gives no lease.
"""
import fcntl
import os
import signal
import sys

# Blocked, so that one that comes before it is waited for isn't lost.
signal.pthread_sigmask(signal.SIG_SETMASK, [signal.SIGIO])
# The kernel wants no other open file of it for a lease that keeps readers out.
descriptor = os.open(sys.argv[1], os.O_WRONLY)
try:
    fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_WRLCK)
except OSError as error:
    print(f"no lease: {error.strerror}", flush=True)
    sys.exit()
print("held", flush=True)
signal.sigwait([signal.SIGIO])
fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
